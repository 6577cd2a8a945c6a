//! Which certificates are trusted: the operating system's or, on Linux, those that `SSL_CERT_FILE`
//! and `SSL_CERT_DIR` name. A variable that is set and empty counts as not set. One that names
//! nothing usable is said; nothing else is trusted in its place.

use std::{path::PathBuf, sync::Arc};

use rustls::{client::danger::ServerCertVerifier, crypto::CryptoProvider};
use rustls_platform_verifier::Verifier;

/// Why no server can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Untrusting {
    /// The variable, and what it names; `None` when these are the operating system's own
    /// certificates.
    pub(crate) named: Option<(&'static str, PathBuf)>,
    /// Why, as the end of a sentence.
    pub(crate) reason: String,
}

/// What judges the certificates of servers.
pub(crate) fn verifier(
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Untrusting> {
    #[cfg(all(unix, not(target_vendor = "apple")))]
    if let Some(roots) = named::roots()? {
        return named::judging_by(roots, Arc::clone(provider));
    }
    match Verifier::new(Arc::clone(provider)) {
        Ok(verifier) => Ok(Arc::new(verifier)),
        Err(_) => Err(Untrusting {
            named: None,
            reason: "it has none that can be read".to_owned(),
        }),
    }
}

#[cfg(all(unix, not(target_vendor = "apple")))]
mod named {
    use std::{
        env,
        ffi::OsString,
        fs,
        path::{Path, PathBuf},
        sync::Arc,
    };

    use rustls::{
        RootCertStore,
        client::{WebPkiServerVerifier, danger::ServerCertVerifier},
        crypto::CryptoProvider,
        pki_types::{CertificateDer, pem::PemObject},
    };

    use super::Untrusting;
    use crate::named_file::read_named_file;

    const FILE: &str = "SSL_CERT_FILE";
    const FOLDERS: &str = "SSL_CERT_DIR";
    /// Where Linux systems keep all trusted certificates in one file.
    const OF_THE_SYSTEM: [&str; 5] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// The certificates that variables name; `None` where the operating system's own are meant and
    /// found without them.
    pub(super) fn roots() -> Result<Option<RootCertStore>, Untrusting> {
        let (file, folders) = (env::var_os(FILE), env::var_os(FOLDERS));
        let is_set =
            |value: &Option<OsString>| value.as_ref().is_some_and(|value| !value.is_empty());
        let mut found = Vec::new();
        if let Some(file) = file.clone().filter(|file| !file.is_empty()) {
            found.extend(in_file(FILE, Path::new(&file))?);
        }
        if let Some(folders) = folders.clone().filter(|folders| !folders.is_empty()) {
            let in_folders = in_folders(&folders);
            // Certificates of a file are enough.
            if !found.is_empty() {
                found.extend(in_folders.unwrap_or_default())
            } else {
                found = in_folders?
            }
        }
        if !is_set(&file) && !is_set(&folders) {
            if file.is_none() && folders.is_none() {
                return Ok(None);
            }
            // Set and empty: the platform's verifier would look for a file without a name.
            found = OF_THE_SYSTEM
                .into_iter()
                .find_map(|file| in_file("", Path::new(file)).ok())
                .unwrap_or_default();
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found);
        Ok(Some(roots))
    }

    pub(super) fn judging_by(
        roots: RootCertStore,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, Untrusting> {
        let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        match built {
            Ok(verifier) => Ok(verifier),
            Err(_) => Err(Untrusting {
                named: None,
                reason: "it has none that can be read".to_owned(),
            }),
        }
    }

    fn in_file(
        variable: &'static str,
        file: &Path,
    ) -> Result<Vec<CertificateDer<'static>>, Untrusting> {
        let refused = |reason: String| Untrusting {
            named: Some((variable, file.to_owned())),
            reason,
        };
        let bytes = read_named_file(file).map_err(refused)?;
        certificates_in(&bytes).map_err(|reason| refused(reason.to_owned()))
    }

    /// What is no certificate in a folder is left out, as everybody does.
    fn in_folders(folders: &OsString) -> Result<Vec<CertificateDer<'static>>, Untrusting> {
        let (mut found, mut reason) = (Vec::new(), "there is no certificate in it".to_owned());
        let mut last = PathBuf::new();
        for folder in env::split_paths(folders).filter(|folder| !folder.as_os_str().is_empty()) {
            match fs::read_dir(&folder) {
                Ok(entries) => {
                    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
                    found.extend(
                        files
                            .filter_map(|file| certificates_in(&read_named_file(&file).ok()?).ok())
                            .flatten(),
                    );
                }
                Err(error) => reason = error.kind().to_string(),
            }
            last = folder;
        }
        if found.is_empty() {
            Err(Untrusting {
                named: Some((FOLDERS, last)),
                reason,
            })
        } else {
            Ok(found)
        }
    }

    /// The certificates of a PEM file that can be read.
    fn certificates_in(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
        if bytes.is_empty() {
            return Err("it is empty");
        }
        let is_readable = |certificate: &CertificateDer<'static>| {
            RootCertStore::empty().add(certificate.clone()).is_ok()
        };
        // Some editors put one byte order mark at the beginning.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let found: Vec<_> = CertificateDer::pem_slice_iter(bytes)
            .filter_map(Result::ok)
            .filter(is_readable)
            .collect();
        // A SEQUENCE with a length of two bytes, as certificates begin in DER.
        let is_der = bytes.starts_with(&[0x30, 0x82]);
        match found.is_empty() {
            false => Ok(found),
            true if is_der => Err("it is in DER form; it has to be PEM"),
            true => Err("there is no certificate in it that can be read (PEM)"),
        }
    }
}
