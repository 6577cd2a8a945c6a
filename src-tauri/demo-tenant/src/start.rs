//! How the platform is started, and why it may not start.

use std::{io, net::Ipv4Addr, path::PathBuf};

use thiserror::Error;

/// How to start.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The login host's port; 0 takes any free one. Graph always takes a free one.
    pub port: u16,
    /// Serve over TLS, with a certificate of a CA that is made for this run.
    pub tls: bool,
    /// Where to write the CA's certificate; a temporary file if absent.
    pub ca_file: Option<PathBuf>,
    /// Be Microsoft's global cloud itself: on the addresses of [`MICROSOFT`], where a private
    /// network makes its names lead, for programs that have them built in. The certificate is for
    /// these names too.
    pub as_microsoft: bool,
}

/// The addresses and the names of the login host and of Graph, where a platform is to be taken for
/// Microsoft's.
pub const MICROSOFT: [(Ipv4Addr, &str); 2] = [
    (Ipv4Addr::new(127, 0, 0, 2), "login.microsoftonline.com"),
    (Ipv4Addr::new(127, 0, 0, 3), "graph.microsoft.com"),
];

/// Why the platform did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is taken or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The certificates could not be made.
    #[error("cannot make the test certificates")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused the certificates.
    #[error("cannot use the test certificates")]
    Tls(#[from] tokio_rustls::rustls::Error),
    /// The CA's certificate could not be written.
    #[error("cannot write the CA's certificate")]
    CaFile(#[source] io::Error),
    /// The key in this crate is damaged.
    #[error("the signing key of the demo tenant cannot be read")]
    Key,
}
