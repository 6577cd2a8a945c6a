//! TLS with certificates of a test authority (NE-2, NE-4, fault N3).

use std::sync::Arc;

use entra::{Error, discover};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, GeneralSubtree, IsCa, KeyPair,
    NameConstraints,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    authority::{TENANT, custom_cloud, http, tenant},
    process::delegated,
};

const NAME: &str =
    "tls::ne_2_ne_4_n_3_only_certificates_that_the_system_trusts_are_accepted_and_others_are_named";

// Only Unix reads certificates that a variable names.
#[cfg(unix)]
#[test]
fn ne_2_ne_4_n_3_only_certificates_that_the_system_trusts_are_accepted_and_others_are_named() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if std::env::var_os("ENTRA_TEST_CHILD").is_some() {
        runtime.block_on(judge_all());
        return;
    }
    let trusted = authority_named("Graph Connect Test CA");
    let unknown = authority_named("Inspecting Proxy CA");
    let constrained = authority_with("Constrained CA", |params| {
        let (permitted_subtrees, excluded_subtrees) = (
            vec![GeneralSubtree::DnsName("other.test".into())],
            Vec::new(),
        );
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees,
            excluded_subtrees,
        });
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), trusted.pem() + &constrained.pem()).unwrap();
    let bases = runtime.block_on(async {
        [
            serve(certificate("localhost", &trusted, |_| {})).await,
            serve(certificate("other.test", &trusted, |_| {})).await,
            serve(certificate("localhost", &trusted, |params| {
                params.not_after = rcgen::date_time_ymd(2020, 1, 1)
            }))
            .await,
            serve(certificate("localhost", &trusted, |params| {
                params.not_before = rcgen::date_time_ymd(2400, 1, 1)
            }))
            .await,
            serve(certificate("localhost", &unknown, |_| {})).await,
            plain().await,
            serve(certificate("localhost", &constrained, |_| {})).await,
            serve(certificate("localhost", &trusted, |params| {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)
            }))
            .await,
            serve(certificate("localhost", &trusted, |params| {
                params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
            }))
            .await,
        ]
    });
    let file = file.path().to_str().unwrap();
    let names = [
        "GOOD",
        "OTHER_HOST",
        "EXPIRED",
        "TOO_EARLY",
        "UNKNOWN",
        "PLAIN",
        "CONSTRAINED",
        "ISSUER",
        "CLIENT",
    ];
    let mut variables: Vec<(&str, &str)> = names
        .into_iter()
        .zip(bases.iter().map(String::as_str))
        .collect();
    variables.push(("SSL_CERT_FILE", file));
    assert!(delegated(NAME, &variables));
}

/// Runs where `SSL_CERT_FILE` names the test authority.
async fn judge_all() {
    let good = visit("GOOD").await.unwrap();
    assert_eq!(good.tenant_id.unwrap().to_string(), TENANT);
    the_way_there_is_known().await;
    for (place, what, issuer) in [
        ("OTHER_HOST", "for another host", "Graph Connect Test CA"),
        ("EXPIRED", "has expired", "Graph Connect Test CA"),
        ("TOO_EARLY", "not valid yet", "Graph Connect Test CA"),
        (
            "UNKNOWN",
            "issuer that this computer does not trust",
            "Inspecting Proxy CA",
        ),
        ("PLAIN", "does not speak TLS", ""),
        (
            "CONSTRAINED",
            "may not issue certificates for this host (name constraints)",
            "Constrained CA",
        ),
        (
            "ISSUER",
            "is that of an issuer and not of a server",
            "Graph Connect Test CA",
        ),
        (
            "CLIENT",
            "is not meant for servers",
            "Graph Connect Test CA",
        ),
    ] {
        let error = visit(place).await.unwrap_err();
        let Error::Tls {
            host,
            reason,
            unknown_issuer,
            of_dates,
        } = &error
        else {
            panic!("{place}: {error}")
        };
        assert!(host.starts_with("localhost:"), "{host}");
        assert!(
            reason.contains(what) && reason.contains(issuer),
            "{place}: {reason}"
        );
        let is_unknown = unknown_issuer
            .as_ref()
            .is_some_and(|name| name.contains("Inspecting Proxy CA"));
        assert_eq!(
            is_unknown,
            place == "UNKNOWN",
            "{place}: {unknown_issuer:?}"
        );
        assert_eq!(
            *of_dates,
            ["EXPIRED", "TOO_EARLY"].contains(&place),
            "{place}"
        );
        let speaks_of_time = error.help().next.contains("date and the time");
        assert_eq!(
            speaks_of_time, *of_dates,
            "clock advice only for dates: {place}"
        );
        assert!(
            !reason.contains('(') || reason.contains("issued by"),
            "plain words: {reason}"
        );
    }
}

/// Name, connection, TLS and clock are noted from the one request that was made.
async fn the_way_there_is_known() {
    let (http, base) = (http(), std::env::var("GOOD").unwrap());
    let cloud = custom_cloud(&base, &base);
    assert_eq!(
        http.route(&cloud.login),
        None,
        "nothing is known before anything was asked"
    );
    discover(&http, &cloud, &tenant()).await.unwrap();
    let route = http.route(&cloud.login).unwrap();
    assert!(
        route
            .lookup
            .is_some_and(|lookup| lookup.addresses.iter().any(std::net::IpAddr::is_loopback))
    );
    let tls = route.tls.unwrap();
    assert_eq!(tls.version, "TLS 1.3");
    assert!(tls.issuer.unwrap().contains("Graph Connect Test CA"));
    assert!(!route.proxied && route.opened_at.elapsed() < std::time::Duration::from_secs(30));
}

async fn visit(place: &str) -> Result<entra::TenantFacts, Error> {
    let base = std::env::var(place).unwrap();
    discover(&http(), &custom_cloud(&base, &base), &tenant()).await
}

pub(crate) fn authority_named(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    authority_with(name, |_| {})
}

fn authority_with(
    name: &str,
    change: impl FnOnce(&mut CertificateParams),
) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(crate) fn certificate(
    host: &str,
    issuer: &CertifiedIssuer<'static, KeyPair>,
    change: impl FnOnce(&mut CertificateParams),
) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    change(&mut params);
    let certificate = params.signed_by(&key, issuer).unwrap();
    (
        certificate.der().clone(),
        PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    )
}

/// A TLS server that answers every request with the description of the tenant.
pub(crate) async fn serve(
    (certificate, key): (CertificateDer<'static>, PrivateKeyDer<'static>),
) -> String {
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let own = base.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _read = stream.read(&mut request).await;
            let body = json!({"issuer": format!("{own}/{TENANT}/v2.0"), "authorization_endpoint": format!("{own}/a"), "token_endpoint": format!("{own}/t")}).to_string();
            let reply = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _gone = stream.write_all(reply.as_bytes()).await;
            let _gone = stream.shutdown().await;
        }
    });
    base
}

/// A server that speaks plain HTTP where TLS is expected.
async fn plain() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 512];
            let _read = stream.read(&mut request).await;
            let _gone = stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                .await;
        }
    });
    base
}
