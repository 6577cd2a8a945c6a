//! A proxy that is set is used or refused by name, and never passed by.

use entra::{Error, discover};
use tokio::net::TcpListener;

use crate::{
    authority::{Authority, custom_cloud, http, tenant},
    process::delegated,
    wire::Reply,
};

const NAME: &str =
    "proxies::a_proxy_that_cannot_be_used_is_named_with_its_variable_and_never_passed_by";

// On Windows the names of variables have no case, so the one that is named may be its twin.
#[cfg(unix)]
#[test]
fn a_proxy_that_cannot_be_used_is_named_with_its_variable_and_never_passed_by() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if std::env::var_os("ENTRA_TEST_CHILD").is_some() {
        return runtime.block_on(refused());
    }
    let (listener, refuses, silent) = runtime.block_on(async {
        let refuses = Authority::scripted(|heard| {
            assert!(
                heard
                    .header("proxy-authorization")
                    .is_none_or(|sent| sent.starts_with("Basic "))
            );
            let body = b"<html>blocked: cHJveHktdXNlcjpwcm94eS1wYXNzd29yZC00NzEx</html>";
            Some(Reply::with(403, "Content-Type: text/html\r\n", body))
        });
        let silent = Authority::scripted(|_| Some(Reply::Raw(Vec::new())));
        (
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            refuses.await,
            silent.await,
        )
    });
    let port = listener.local_addr().unwrap().port();
    let dead = runtime.block_on(async {
        TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port()
    });
    let user = "proxy-user:proxy-password-4711@";
    let refuses = refuses.base().replace("http://", &format!("http://{user}"));
    let silent = silent.base().to_owned();
    for (variable, value, said) in [
        (
            "HTTPS_PROXY",
            format!("socks5h://{user}127.0.0.1:{port}"),
            "does not speak SOCKS".to_owned(),
        ),
        (
            "https_proxy",
            format!("socks4://127.0.0.1:{port}"),
            format!("socks4://127.0.0.1:{port} (https_proxy)"),
        ),
        (
            "ALL_PROXY",
            format!("SOCKS5://127.0.0.1:{port}"),
            "(ALL_PROXY) cannot be used".to_owned(),
        ),
        (
            "HTTPS_PROXY",
            "http://proxy:port".to_owned(),
            "HTTPS_PROXY does not name a proxy".to_owned(),
        ),
        (
            "all_proxy",
            "ftp://proxy.test".to_owned(),
            "neither http nor https".to_owned(),
        ),
        (
            "HTTPS_PROXY",
            refuses,
            "(HTTPS_PROXY) does not connect to login.test. It answered: 403 X.".to_owned(),
        ),
        (
            "HTTPS_PROXY",
            silent,
            "does not connect to login.test and does not say why".to_owned(),
        ),
        (
            "HTTPS_PROXY",
            format!("{user}127.0.0.1:{dead}"),
            format!("http://127.0.0.1:{dead} (HTTPS_PROXY) does not answer"),
        ),
        (
            "HTTPS_PROXY",
            "http://no-such-proxy.invalid:1".to_owned(),
            "(HTTPS_PROXY) cannot be found (DNS)".to_owned(),
        ),
    ] {
        let empty = [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
        ]
        .map(|name| (name, ""));
        let own = [(variable, value.as_str()), ("SAID", said.as_str())];
        assert!(
            delegated(NAME, &[empty.as_slice(), &own].concat()),
            "{variable}={value}"
        );
    }
    let visited = listener.into_std().unwrap().accept();
    assert!(
        visited.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
        "SOCKS was spoken to"
    );
}

/// Runs where a variable names the proxy, and `SAID` is a part of what has to be said.
async fn refused() {
    let said = std::env::var("SAID").unwrap();
    let cloud = custom_cloud("https://login.test", "https://graph.test");
    let error = discover(&http(), &cloud, &tenant()).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(
        matches!(error, Error::Proxy { .. }) && error.is_network(),
        "{told}"
    );
    assert!(error.to_string().contains(&said), "{told}");
    assert!(
        !told.contains("4711") && !told.contains("proxy-user") && !told.contains("cHJveHk"),
        "{told}"
    );
    let proxy = http().proxy_on_the_way_to(&cloud.login).cloned().unwrap();
    assert!(!proxy.to_string().contains("4711"), "{proxy}");
    // What is on this computer is asked directly.
    let authority = Authority::start().await;
    discover(&http(), &authority.cloud(), &tenant())
        .await
        .unwrap();
}

const EXCEPTED: &str = "proxies::a_host_that_is_excepted_is_asked_directly_whatever_the_proxy_is";

// On Windows the names of variables have no case, so the one that is named may be its twin.
#[cfg(unix)]
#[test]
fn a_host_that_is_excepted_is_asked_directly_whatever_the_proxy_is() {
    let variables = [
        ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
        ("NO_PROXY", "other.test, .invalid"),
        ("no_proxy", ""),
    ];
    if delegated(EXCEPTED, &variables) {
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let cloud = custom_cloud("https://login.invalid", "https://graph.test");
        let error = discover(&http(), &cloud, &tenant()).await.unwrap_err();
        assert!(!matches!(error, Error::Proxy { .. }), "{error}");
    });
}
