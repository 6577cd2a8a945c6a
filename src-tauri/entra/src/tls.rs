//! TLS as the operating system trusts it, with one addition: a certificate that is refused is
//! described, so that whoever reads the error recognises a proxy that inspects secure connections.

use std::{cell::RefCell, fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, NamedGroup, OtherError,
    SignatureScheme,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue,
        Tls13ClientSessionValue,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::aws_lc_rs,
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{
    route::Routes,
    sanitise::visible,
    trust::{self, Untrusting},
};

/// As many as rustls keeps by itself.
const SESSIONS_KEPT: usize = 256;

/// The configuration for every connection that leaves this computer: TLS 1.2 or 1.3, the operating
/// system's judgement. Without a judgement (`judge` is `None`) no certificate is accepted.
///
/// # Errors
/// When the TLS library cannot start.
pub(crate) fn config(
    routes: &Routes,
    judge: Option<Arc<dyn ServerCertVerifier>>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = ExplainingVerifier {
        judge,
        routes: routes.clone(),
        provider: Arc::clone(&provider),
    };
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.resumption = Resumption::store(Arc::new(Sessions::new(routes.clone())));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What judges certificates, as the operating system or the person says.
pub(crate) fn judge() -> Result<Arc<dyn ServerCertVerifier>, Untrusting> {
    trust::verifier(&Arc::new(aws_lc_rs::default_provider()))
}

/// Why a handshake failed, in words.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's own words do for what has none of ours"
)]
pub(crate) fn reason(error: &Error) -> String {
    match error {
        Error::Other(OtherError(refused)) => visible(&refused.to_string()),
        Error::InvalidMessage(_) => "what answers there does not speak TLS".to_owned(),
        Error::AlertReceived(alert) => {
            visible(&format!("the other side ended the handshake ({alert:?})"))
        }
        Error::PeerIncompatible(_) => {
            "the other side has no version or cipher in common with this program".to_owned()
        }
        Error::NoCertificatesPresented => "the other side showed no certificate".to_owned(),
        _ => visible(&error.to_string()),
    }
}

/// Who issued the certificate, when what is wrong with it is that this computer does not trust the
/// issuer.
pub(crate) fn unknown_issuer(error: &Error) -> Option<String> {
    let refused = refused(error)?;
    let is_unknown = matches!(
        refused.cause,
        Error::InvalidCertificate(CertificateError::UnknownIssuer)
    );
    refused.issuer.clone().filter(|_| is_unknown)
}

/// Whether what is wrong with the certificate are its dates, which this computer's clock is
/// compared with.
pub(crate) fn is_about_dates(error: &Error) -> bool {
    use CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    refused(error).is_some_and(|refused| {
        matches!(
            refused.cause,
            Error::InvalidCertificate(
                Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }
            )
        )
    })
}

fn refused(error: &Error) -> Option<&Refused> {
    let Error::Other(OtherError(refused)) = error else {
        return None;
    };
    refused.downcast_ref::<Refused>()
}

/// The operating system's verifier. It decides alone; what is added is only said after it refused.
#[derive(Debug)]
struct ExplainingVerifier {
    judge: Option<Arc<dyn ServerCertVerifier>>,
    routes: Routes,
    provider: Arc<CryptoProvider>,
}

thread_local! {
    /// Who issued the certificate that was accepted last on this thread. The signature over the
    /// handshake, which tells the version, is verified right after it.
    static ACCEPTED: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl ExplainingVerifier {
    fn note(&self, version: &'static str) {
        self.routes.secured(version, ACCEPTED.take());
    }
}

impl ServerCertVerifier for ExplainingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judge = self
            .judge
            .as_ref()
            .ok_or(Error::General("no certificate is trusted".to_owned()))?;
        let verdict =
            judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let issuer = issuer_of(end_entity);
        match verdict {
            Ok(accepted) => {
                ACCEPTED.set(issuer);
                Ok(accepted)
            }
            Err(cause) => Err(Error::Other(OtherError(Arc::new(Refused {
                issuer,
                cause,
            })))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.note("TLS 1.2");
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.note("TLS 1.3");
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The TLS sessions to go on with; asked for one when a handshake begins, which is when the
/// connection below it is up.
#[derive(Debug)]
struct Sessions {
    kept: ClientSessionMemoryCache,
    routes: Routes,
}

impl Sessions {
    fn new(routes: Routes) -> Self {
        Self {
            kept: ClientSessionMemoryCache::new(SESSIONS_KEPT),
            routes,
        }
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.kept.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.routes.handshake_began();
        self.kept.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.kept.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.kept.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.kept.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.kept.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.kept.take_tls13_ticket(server_name)
    }
}

/// A certificate that the operating system does not accept.
#[derive(Debug)]
struct Refused {
    cause: Error,
    issuer: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match plain(&self.cause) {
            Some(words) => f.write_str(words)?,
            None => write!(f, "{}", self.cause)?,
        }
        match &self.issuer {
            Some(issuer) => write!(f, " (issued by {issuer})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refused {}

/// A plain sentence for each thing that may be wrong with a certificate.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the algorithms that are not accepted are said in several ways"
)]
fn plain(cause: &Error) -> Option<&'static str> {
    use CertificateError as C;
    let Error::InvalidCertificate(problem) = cause else {
        return None;
    };
    Some(match problem {
        C::Expired | C::ExpiredContext { .. } => "its certificate has expired",
        C::NotValidYet | C::NotValidYetContext { .. } => "its certificate is not valid yet",
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            "its certificate is for another host"
        }
        C::UnknownIssuer => {
            "its certificate comes from an issuer that this computer does not trust"
        }
        C::Revoked => "its certificate was revoked",
        C::BadEncoding => "its certificate cannot be read",
        C::BadSignature => "the signature on its certificate is wrong",
        C::UnhandledCriticalExtension => {
            "its certificate has a condition that this program does not know"
        }
        C::UnknownRevocationStatus
        | C::ExpiredRevocationList
        | C::ExpiredRevocationListContext { .. } => {
            "nobody can say whether its certificate was revoked"
        }
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => {
            "its certificate is not meant for servers"
        }
        C::InvalidOcspResponse => "what comes with its certificate about revocation is not valid",
        C::ApplicationVerificationFailure => "the operating system does not accept its certificate",
        C::Other(OtherError(other)) => return Some(by_rule(&other.to_string())),
        // Signatures of an algorithm that is not accepted, whichever way it is said.
        _ => "its certificate is signed in a way that is no longer accepted",
    })
}

/// What the library says of the rules of a chain has no type here, but it has names; a test with
/// real certificates watches them.
fn by_rule(name: &str) -> &'static str {
    let is = |part: &str| name.contains(part);
    if is("NameConstraint") {
        "the issuer of its certificate may not issue certificates for this host (name constraints)"
    } else if is("CaUsedAsEndEntity") {
        "its certificate is that of an issuer and not of a server"
    } else if is("EndEntityUsedAsCa") || is("PathLen") {
        "one of its certificates may not issue others"
    } else if is("invalid extensions") || is("Eku") {
        "its certificate is not meant for servers"
    } else if is("UnsupportedCertVersion") {
        "its certificate has an old form (X.509 version 1) that is no longer accepted"
    } else if is("Signature") || is("Algorithm") {
        "its certificate is signed in a way that is no longer accepted"
    } else if is("MaximumPath") {
        "its certificates form a chain that is too long"
    } else {
        "its certificate breaks a rule for certificates"
    }
}

fn issuer_of(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(
        visible(&certificate.issuer().to_string())
            .chars()
            .take(200)
            .collect(),
    )
}
