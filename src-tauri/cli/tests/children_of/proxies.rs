//! A proxy that the shell names never sees what is between a child and its endpoint.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use keychain::testing::{Bus, inside};

use crate::{
    NAME, allowed,
    place::{Place, text},
};

/// Asks for the token as SDKs do, with Python's own library; and with curl, which reads other
/// spellings.
const PYTHON: &str = "import os, urllib.request as r; \
    q = r.Request(os.environ['IDENTITY_ENDPOINT'] + '?api-version=2019-08-01&resource=' + os.environ['RESOURCE'], \
    headers={'X-IDENTITY-HEADER': os.environ['IDENTITY_HEADER']}); print(r.urlopen(q, timeout=20).status)";
const CURL: &str = "curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}\\n' \
    -H \"X-IDENTITY-HEADER: $IDENTITY_HEADER\" \"$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=$RESOURCE\"";

/// A proxy that answers everything, and counts.
fn proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream
                .write_all(b"HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (address, seen)
}

/// What both programs got, run where these variables are set and no others of their kind.
fn asked(place: &Place, variables: &[(&str, &str)]) -> String {
    let script = format!("python3 -c \"{PYTHON}\"; {CURL}");
    let mut exec = place.graph_connect(&["exec", NAME, "--", "sh", "-c", &script]);
    exec.env("RESOURCE", place.tenant.graph_url())
        .env_remove("NO_PROXY")
        .envs(variables.iter().copied());
    let output = exec.output().expect("the program runs");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn no_proxy_sees_the_header_however_it_is_named_and_whatever_is_excepted_already() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        // Kept from now on, so that the endpoint needs nobody else to answer.
        assert!(place.run(&["token", NAME]).status.success());
        let (address, seen) = proxy();
        for proxies in [
            &["http_proxy"][..],
            &["HTTP_PROXY"],
            &["ALL_PROXY"],
            &["http_proxy", "all_proxy", "HTTP_PROXY"],
        ] {
            for exceptions in [
                &[][..],
                &[("NO_PROXY", "")],
                &[("no_proxy", "")],
                &[("NO_PROXY", "*")],
                &[("no_proxy", "corp.test , 10.0.0.0/8")],
                &[("NO_PROXY", "corp.test"), ("no_proxy", "other.test")],
                &[("NO_PROXY", "127.0.0.1"), ("no_proxy", "")],
            ] {
                let named = proxies.iter().map(|name| (*name, address.as_str()));
                let variables: Vec<_> = named.chain(exceptions.iter().copied()).collect();
                assert_eq!(asked(&place, &variables), "200\n200\n", "{variables:?}");
            }
        }
        assert_eq!(seen.load(Ordering::SeqCst), 0, "the proxy saw something");
    });
}

#[test]
fn what_else_is_excepted_from_the_proxy_stays_excepted_and_everything_else_goes_by_it() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let (address, seen) = proxy();
        let told = |variables: &[(&str, &str)]| {
            let mut exec = place.graph_connect(&[
                "exec",
                NAME,
                "--",
                "sh",
                "-c",
                "echo \"$NO_PROXY\"; echo \"$no_proxy\"",
            ]);
            let output = exec
                .env_remove("NO_PROXY")
                .envs(variables.iter().copied())
                .output()
                .expect("it runs");
            text(&output.stdout)
        };
        let here = "127.0.0.1,localhost";
        assert_eq!(told(&[]), format!("{here}\n{here}\n"));
        assert_eq!(
            told(&[("NO_PROXY", "a.test")]),
            format!("a.test,{here}\na.test,{here}\n"),
            "one hides not the other"
        );
        assert_eq!(
            told(&[("NO_PROXY", "a.test"), ("no_proxy", "b.test")]),
            format!("a.test,{here}\nb.test,{here}\n")
        );
        assert_eq!(told(&[("no_proxy", "*")]), "*\n*\n");
        let mut other =
            place.graph_connect(&["exec", NAME, "--", "curl", "--silent", "http://graph.test/"]);
        other
            .env_remove("NO_PROXY")
            .env("http_proxy", &address)
            .output()
            .expect("it runs");
        assert_eq!(
            seen.load(Ordering::SeqCst),
            1,
            "what is not on this computer still goes by the proxy"
        );
        let token = [
            "exec",
            NAME,
            "--env",
            "token",
            "--",
            "sh",
            "-c",
            "echo \"${NO_PROXY-none}\"",
        ];
        let token = place
            .graph_connect(&token)
            .env_remove("NO_PROXY")
            .output()
            .expect("it runs");
        assert_eq!(
            text(&token.stdout),
            "none\n",
            "without an endpoint nothing is changed"
        );
    });
}
