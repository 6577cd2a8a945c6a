//! TLS as the operating system trusts it, with one addition: a certificate that is refused is described, so that
//! whoever reads the error recognises a proxy that inspects secure connections.

use std::{cell::RefCell, fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, NamedGroup, OtherError, SignatureScheme,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{route::Routes, sanitise::visible};

/// As many as rustls keeps by itself.
const SESSIONS_KEPT: usize = 256;

/// The configuration for every connection that leaves this computer: TLS 1.2 or 1.3, the operating system's judgement.
///
/// # Errors
/// When the operating system's certificates cannot be loaded.
pub(crate) fn config(routes: &Routes) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Telling { system: Verifier::new(Arc::clone(&provider))?, routes: routes.clone() };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    config.resumption = Resumption::store(Arc::new(Sessions::new(routes.clone())));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Why a handshake failed, in words.
pub(crate) fn reason(error: &Error) -> String {
    if let Error::Other(OtherError(refused)) = error {
        return visible(&refused.to_string());
    }
    visible(&error.to_string())
}

/// Who issued the certificate, when what is wrong with it is that this computer does not trust the issuer.
pub(crate) fn unknown_issuer(error: &Error) -> Option<String> {
    let Error::Other(OtherError(refused)) = error else { return None };
    let refused = refused.downcast_ref::<Refused>()?;
    let is_unknown = matches!(refused.cause, Error::InvalidCertificate(CertificateError::UnknownIssuer));
    refused.issuer.clone().filter(|_| is_unknown)
}

/// The operating system's verifier. It decides alone; what is added is only said after it refused.
#[derive(Debug)]
struct Telling {
    system: Verifier,
    routes: Routes,
}

thread_local! {
    /// Who issued the certificate that was accepted last on this thread. The signature over the handshake, which tells the
    /// version, is verified right after it.
    static ACCEPTED: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Telling {
    fn note(&self, version: &'static str) {
        self.routes.secured(version, ACCEPTED.take());
    }
}

impl ServerCertVerifier for Telling {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let issuer = issuer_of(end_entity);
        match verdict {
            Ok(accepted) => {
                ACCEPTED.set(issuer);
                Ok(accepted)
            }
            Err(cause) => Err(Error::Other(OtherError(Arc::new(Refused { issuer, cause })))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.note("TLS 1.2");
        self.system.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.note("TLS 1.3");
        self.system.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

/// The TLS sessions to go on with; asked for one when a handshake begins, which is when the connection below it is up.
#[derive(Debug)]
struct Sessions {
    kept: ClientSessionMemoryCache,
    routes: Routes,
}

impl Sessions {
    fn new(routes: Routes) -> Self {
        Self { kept: ClientSessionMemoryCache::new(SESSIONS_KEPT), routes }
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

    fn insert_tls13_ticket(&self, server_name: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.kept.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(&self, server_name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
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

fn plain(cause: &Error) -> Option<&'static str> {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext, Revoked,
        UnknownIssuer,
    };
    let Error::InvalidCertificate(problem) = cause else { return None };
    if matches!(problem, Expired | ExpiredContext { .. }) {
        return Some("its certificate has expired");
    }
    if matches!(problem, NotValidYet | NotValidYetContext { .. }) {
        return Some("its certificate is not valid yet");
    }
    if matches!(problem, NotValidForName | NotValidForNameContext { .. }) {
        return Some("its certificate is for another host");
    }
    if matches!(problem, UnknownIssuer) {
        return Some("its certificate comes from an issuer that this computer does not trust");
    }
    matches!(problem, Revoked).then_some("its certificate was revoked")
}

fn issuer_of(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(visible(&certificate.issuer().to_string()).chars().take(200).collect())
}
