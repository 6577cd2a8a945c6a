//! Discovery, and what the network may put in its place (faults N).

use std::time::{Duration, Instant};

use entra::{Clouds, Error, discover};
use model::Tenant;
use serde_json::json;

use crate::{
    authority::{Authority, TENANT, custom_cloud, http, tenant, tenant_id},
    process::delegated,
    wire::{Reply, error_body},
};

fn domain() -> Tenant {
    Tenant::parse_concrete("contoso.example").unwrap().value
}

#[tokio::test]
async fn a_domain_is_resolved_to_the_id_of_its_tenant() {
    let authority = Authority::start().await;
    let facts = discover(&http(), &authority.cloud(), &domain())
        .await
        .unwrap();
    assert_eq!(facts.tenant_id, Some(tenant_id()));
    assert_eq!(facts.issuer, format!("{}/{TENANT}/v2.0", authority.base()));
    assert_eq!(facts.region.as_deref(), Some("EU"));
    assert_eq!(
        authority.heard()[0].path(),
        "/contoso.example/v2.0/.well-known/openid-configuration"
    );
    let many = discover(&http(), &authority.cloud(), &Tenant::Organizations)
        .await
        .unwrap();
    assert_eq!(
        (many.tenant_id, many.issuer.contains("{tenantid}")),
        (None, true)
    );
}

#[tokio::test]
async fn an_unknown_tenant_is_told_apart_by_the_protocol_error_at_this_endpoint() {
    for reply in [
        Reply::error(400, "invalid_tenant", 90_002),
        Reply::error(400, "invalid_request", 900_023),
        Reply::error(400, "invalid_tenant", 1),
    ] {
        let authority = Authority::scripted(move |_| Some(reply.clone())).await;
        let error = discover(&http(), &authority.cloud(), &domain())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TenantNotFound { .. }), "{error}");
        assert_eq!(
            error.original().unwrap().correlation_id.as_deref(),
            Some("correlation-c0ffee")
        );
    }
}

#[tokio::test]
async fn a_server_without_tenants_is_asked_at_its_base() {
    let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&base);
    let authority = Authority::scripted(move |heard| {
        let base = known.get().unwrap();
        Some(if heard.path() == "/.well-known/openid-configuration" {
            Reply::json(200, &json!({"issuer": base, "authorization_endpoint": format!("{base}/auth"), "token_endpoint": format!("{base}/token"),
                "authorization_response_iss_parameter_supported": true}))
        } else {
            Reply::json(404, &json!({"error": "invalid_request", "error_description": "unrecognized route"}))
        })
    })
    .await;
    base.set(authority.base().to_owned()).unwrap();
    let facts = discover(&http(), &authority.cloud(), &tenant())
        .await
        .unwrap();
    assert_eq!((facts.tenant_id, facts.iss_in_response), (None, true));
    assert_eq!(facts.authorization_endpoint.path(), "/auth");
}

#[tokio::test]
async fn tk_3_endpoints_on_another_host_and_the_id_of_another_tenant_are_refused() {
    let own = "{base}/11112222-3333-4444-5555-666677778888";
    for (issuer, authorize, token) in [
        ("{own}/v2.0", "{own}/authorize", "https://evil.test/token"),
        ("{own}/v2.0", "https://evil.test/authorize", "{own}/token"),
        ("https://evil.test/v2.0", "{own}/authorize", "{own}/token"),
        ("{own}/v2.0", "javascript:alert(1)", "{own}/token"),
        (
            "{base}/99998888-3333-4444-5555-666677778888/v2.0",
            "{own}/authorize",
            "{own}/token",
        ),
    ] {
        let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
        let known = std::sync::Arc::clone(&base);
        let authority = Authority::scripted(move |_| {
            let fill = |text: &str| text.replace("{own}", own).replace("{base}", known.get().unwrap());
            Some(Reply::json(200, &json!({"issuer": fill(issuer), "authorization_endpoint": fill(authorize), "token_endpoint": fill(token)})))
        })
        .await;
        base.set(authority.base().to_owned()).unwrap();
        let error = discover(&http(), &authority.cloud(), &tenant())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{issuer} {authorize} {token}: {error}"
        );
    }
}

#[tokio::test]
async fn tk_3_plain_http_to_anything_but_loopback_is_refused_before_it_is_sent() {
    let mut cloud = Clouds::built_in().default_cloud().clone();
    cloud.login = "http://login.microsoftonline.com/".parse().unwrap();
    let error = discover(&http(), &cloud, &tenant()).await.unwrap_err();
    assert!(matches!(error, Error::AddressRefused { .. }), "{error}");
}

#[tokio::test]
async fn n_1_a_name_that_does_not_resolve_is_a_fault_of_dns() {
    let error = discover(
        &http(),
        &custom_cloud("https://login.nowhere.invalid/", "https://g.invalid"),
        &tenant(),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, Error::Dns { host } if host == "login.nowhere.invalid"),
        "{error}"
    );
}

#[tokio::test]
async fn n_2_a_closed_port_is_a_fault_of_the_connection() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let error = discover(&http(), &custom_cloud(&base, &base), &tenant())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error}");
}

#[tokio::test]
async fn ne_1_n_7_a_host_that_stays_silent_is_given_up_after_twenty_seconds() {
    let authority = Authority::scripted(|_| Some(Reply::Silence)).await;
    let begun = Instant::now();
    let error = discover(&http(), &authority.cloud(), &tenant())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert!(
        begun.elapsed() < Duration::from_secs(22),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn n_4_n_10_a_web_page_or_a_redirect_is_never_taken_for_microsoft() {
    for reply in [
        Reply::html(200),
        Reply::html(403),
        Reply::html(511),
        Reply::with(302, "Location: http://portal.hotel.test/\r\n", b""),
        Reply::with(307, "Location: /elsewhere\r\n", b""),
        Reply::with(200, "", b"<html>"),
    ] {
        let shown = format!("{reply:?}");
        let authority = Authority::scripted(move |_| Some(reply.clone())).await;
        let error = discover(&http(), &authority.cloud(), &tenant())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::NotMicrosoft { .. }),
            "{shown}: {error}"
        );
        assert_eq!(authority.heard().len(), 1, "nothing is followed");
    }
}

#[tokio::test]
async fn n_5_n_6_trouble_of_the_service_is_told_apart_from_throttling() {
    for (reply, expected) in [
        (Reply::html(502), None),
        (Reply::json(500, &json!({})), None),
        (Reply::with(503, "", b""), None),
        (Reply::with(503, "Retry-After: 9\r\n", b""), Some(9)),
        (Reply::with(429, "Retry-After: 60\r\n", b""), Some(60)),
        (
            Reply::with(429, "Retry-After: 1000000000\r\n", b""),
            Some(3_600),
        ),
        (Reply::with(429, "", b""), Some(60)),
        (Reply::with(429, "Retry-After: soon\r\n", b""), Some(60)),
    ] {
        let shown = format!("{reply:?}");
        let authority = Authority::scripted(move |_| Some(reply.clone())).await;
        match (
            discover(&http(), &authority.cloud(), &tenant())
                .await
                .unwrap_err(),
            expected,
        ) {
            (Error::Unavailable { .. }, None) => {}
            (Error::Throttled { retry_after, .. }, Some(seconds)) => {
                assert_eq!(retry_after.as_secs(), seconds, "{shown}")
            }
            (error, _) => panic!("{shown}: {error}"),
        }
    }
}

#[tokio::test]
async fn n_8_n_9_broken_and_endless_answers_are_typed_errors() {
    let nested = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"issuer\"".to_vec();
    for (what, reply) in [
        ("a body without end", Reply::Endless),
        ("nesting", Reply::typed(200, "application/json", &nested)),
        ("a cut body", Reply::Raw(cut)),
        (
            "a cut head",
            Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()),
        ),
        ("nothing", Reply::Raw(Vec::new())),
        ("no HTTP", Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())),
        ("an array", Reply::typed(200, "application/json", "[]")),
        (
            "a byte order mark",
            Reply::typed(200, "application/json", "\u{feff}{}"),
        ),
        ("text", Reply::typed(200, "text/plain", "{}")),
        ("nothing in it", Reply::json(200, &json!({}))),
        ("another error", Reply::json(404, &json!("no"))),
    ] {
        let authority = Authority::scripted(move |_| Some(reply.clone())).await;
        let error = discover(&http(), &authority.cloud(), &tenant())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Malformed { .. } | Error::CutOff { .. }),
            "{what}: {error}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_with_a_name_before_its_host_is_refused_and_nothing_is_sent_there() {
    for (user, member) in [
        ("user@", "token_endpoint"),
        ("user:password@", "token_endpoint"),
        (":password@", "authorization_endpoint"),
    ] {
        let authority = Authority::scripted(move |heard| {
            let base = format!("http://{}", heard.header("host")?);
            let mut document = json!({
                "issuer": format!("{base}/{}/v2.0", crate::authority::TENANT),
                "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
            });
            document[member] = json!(document[member].as_str()?.replace("http://", &format!("http://{user}")));
            heard.path().ends_with("openid-configuration").then(|| Reply::json(200, &document))
        })
        .await;
        let secret = secrecy::SecretString::from("the-client-secret");
        let client = crate::authority::client_id();
        let error = entra::client_credentials(
            &http(),
            &authority.cloud(),
            &tenant(),
            &client,
            &secret,
            None,
        )
        .await
        .unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error}");
        assert!(
            authority
                .heard()
                .iter()
                .all(|heard| heard.header("authorization").is_none())
        );
        assert!(authority.token_requests().is_empty());
    }
}

#[tokio::test]
async fn every_request_carries_an_id_of_its_own_and_no_cookie() {
    let authority = Authority::scripted(|_| {
        let body = error_body("invalid_tenant", 90_002).to_string();
        Some(Reply::with(
            400,
            "Content-Type: application/json\r\nSet-Cookie: a=b\r\n",
            body.as_bytes(),
        ))
    });
    let (authority, http) = (authority.await, http());
    for _ in 0..2 {
        discover(&http, &authority.cloud(), &domain())
            .await
            .unwrap_err();
    }
    let heard = authority.heard();
    assert_ne!(
        heard[0].header("client-request-id").unwrap(),
        heard[1].header("client-request-id").unwrap()
    );
    for request in heard {
        assert_eq!(request.header("cookie"), None);
        assert!(
            request
                .header("user-agent")
                .unwrap()
                .starts_with("GraphConnect/")
        );
    }
}

#[test]
fn ne_3_n_12_a_proxy_that_wants_a_sign_in_is_named_and_loopback_goes_past_it() {
    const NAME: &str =
        "discovery::ne_3_n_12_a_proxy_that_wants_a_sign_in_is_named_and_loopback_goes_past_it";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if std::env::var_os("ENTRA_TEST_CHILD").is_none() {
        let refusal = Reply::with(407, "Proxy-Authenticate: Basic realm=\"proxy\"\r\n", b"");
        let proxy = runtime.block_on(Authority::scripted(move |_| Some(refusal.clone())));
        let address = proxy.base().to_owned();
        assert!(delegated(
            NAME,
            &[
                ("HTTPS_PROXY", &address),
                ("https_proxy", &address),
                ("HTTP_PROXY", &address),
                ("http_proxy", &address),
                ("NO_PROXY", ""),
                ("no_proxy", "")
            ]
        ));
        let heard = proxy.heard();
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!(
            (heard[0].method.as_str(), heard[0].target.as_str()),
            ("CONNECT", "login.microsoftonline.com:443")
        );
        return;
    }
    runtime.block_on(async {
        let clouds = Clouds::built_in();
        let error = discover(&http(), clouds.default_cloud(), &tenant())
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Proxy { host, .. } if host == "login.microsoftonline.com"),
            "{error}"
        );
        let authority = Authority::start().await;
        discover(&http(), &authority.cloud(), &tenant())
            .await
            .unwrap();
    });
}
