//! The way through a proxy: who looked the name up is noted honestly (NE-3).

use entra::discover;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::{
    authority::{custom_cloud, http, tenant},
    process::delegated,
    tls::{authority_named, certificate, serve},
};

const NAME: &str =
    "tunnel::behind_a_proxy_no_look_up_is_claimed_and_the_tunnel_is_part_of_the_connection";

// Only Unix reads certificates that a variable names.
#[cfg(unix)]
#[test]
fn behind_a_proxy_no_look_up_is_claimed_and_the_tunnel_is_part_of_the_connection() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if std::env::var_os("ENTRA_TEST_CHILD").is_some() {
        runtime.block_on(visit());
        return;
    }
    let authority = authority_named("Graph Connect Test CA");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), authority.pem()).unwrap();
    let (base, proxy) = runtime.block_on(async {
        let base = serve(certificate("login.test", &authority, |_| {})).await;
        let port = Url::parse(&base).unwrap().port().unwrap();
        (format!("https://login.test:{port}"), tunnels_to(port).await)
    });
    for host in ["127.0.0.1", "localhost"] {
        let proxy = format!("http://{host}:{proxy}");
        let file = file.path().to_str().unwrap();
        let variables = ["HTTPS_PROXY", "https_proxy"].map(|name| (name, proxy.as_str()));
        let rest = [
            ("NO_PROXY", ""),
            ("no_proxy", ""),
            ("SSL_CERT_FILE", file),
            ("BASE", base.as_str()),
        ];
        assert!(
            delegated(NAME, &[variables.as_slice(), &rest].concat()),
            "by {host}"
        );
    }
}

/// Runs where the proxy is set and the test authority is trusted.
async fn visit() {
    let base = std::env::var("BASE").unwrap();
    let (http, cloud) = (http(), custom_cloud(&base, &base));
    // What the server says of itself names another host; that it said something is enough here.
    discover(&http, &cloud, &tenant()).await.unwrap_err();
    let route = http.route(&cloud.login).unwrap();
    assert!(route.proxied, "{route:?}");
    assert_eq!(
        route.lookup, None,
        "the proxy's own name is nobody's look-up"
    );
    assert!(route.connect_ms >= 100, "the tunnel took 100 ms: {route:?}");
    assert_eq!(route.tls.unwrap().version, "TLS 1.3");
}

/// A proxy that takes a tenth of a second to open its tunnel.
async fn tunnels_to(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 1024];
                let _read = client.read(&mut request).await;
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _gone = client
                    .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    .await;
                let _gone = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    own
}
