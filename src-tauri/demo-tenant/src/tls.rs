//! A certificate authority for one run, and a certificate of it for `localhost`, 127.0.0.1 and the
//! names of Microsoft's hosts.

use std::{path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tempfile::TempPath;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::start::{MICROSOFT, StartError};

pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
    pub(crate) ca_file: CaFile,
}

/// Where the CA's certificate lies: a place somebody chose, or a temporary file that goes when the
/// platform does.
pub(crate) enum CaFile {
    Chosen(PathBuf),
    Temporary(TempPath),
}

impl Tls {
    pub(crate) fn create(ca_file: Option<PathBuf>) -> Result<Self, StartError> {
        let (ca_pem, issuer) = authority()?;
        let acceptor = acceptor(&issuer)?;
        let ca_file = write(&ca_pem, ca_file).map_err(StartError::CaFile)?;
        Ok(Self {
            acceptor,
            ca_pem,
            ca_file,
        })
    }
}

fn authority() -> Result<(String, Issuer<'static, KeyPair>), StartError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params
        .distinguished_name
        .push(DnType::CommonName, "Demo tenant test CA (not Microsoft)");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), Issuer::new(params, key)))
}

fn acceptor(issuer: &Issuer<'static, KeyPair>) -> Result<TlsAcceptor, StartError> {
    let microsoft = MICROSOFT.iter().map(|(_, name)| (*name).to_owned());
    let names = ["localhost", "127.0.0.1"]
        .into_iter()
        .map(ToOwned::to_owned)
        .chain(microsoft);
    let mut params = CertificateParams::new(names.collect::<Vec<_>>())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, issuer)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn write(pem: &str, chosen: Option<PathBuf>) -> std::io::Result<CaFile> {
    if let Some(path) = chosen {
        std::fs::write(&path, pem)?;
        return Ok(CaFile::Chosen(path));
    }
    let file = tempfile::Builder::new()
        .prefix("demo-tenant-ca-")
        .suffix(".pem")
        .tempfile()?;
    std::fs::write(file.path(), pem)?;
    Ok(CaFile::Temporary(file.into_temp_path()))
}
