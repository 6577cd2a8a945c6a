//! TLS as the operating system trusts it, with one addition: a certificate that is refused is described, so that
//! whoever reads the error recognises a proxy that inspects secure connections.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::sanitise::visible;

/// The configuration for every connection that leaves this computer: TLS 1.2 or 1.3, the operating system's judgement.
///
/// # Errors
/// When the operating system's certificates cannot be loaded.
pub(crate) fn config() -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Telling { system: Verifier::new(Arc::clone(&provider))? };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
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

/// The operating system's verifier. It decides alone; what is added is only said after it refused.
#[derive(Debug)]
struct Telling {
    system: Verifier,
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
        verdict.map_err(|cause| Error::Other(OtherError(Arc::new(Refused { issuer: issuer_of(end_entity), cause }))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
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
