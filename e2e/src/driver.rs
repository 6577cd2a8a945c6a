//! A WebDriver server as a process of the test: WebKitWebDriver for the window, chromedriver for
//! the browser.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

use crate::home::Home;
use crate::wait::{answered, eventually};

/// The running server.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts `command` with a free port; what it and its children print goes to the log of that
    /// name.
    pub(crate) async fn start(mut command: Command, home: &Home, log: &str) -> Self {
        let port = free_port();
        let program = command.get_program().to_string_lossy().into_owned();
        let process = command
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(home.log(log))
            .stderr(home.log(log))
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program} does not start ({error}): run \"make setup\"")
            });
        let mut driver = Self { process, port };
        eventually("the driver to listen", async || {
            assert!(driver.runs(), "{program} ended: see its log");
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
        })
        .await;
        driver
    }

    fn runs(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// A new session: the driver starts the window or the browser.
    pub(crate) async fn session(&self, capabilities: serde_json::Value) -> Client {
        let capabilities: Capabilities = capabilities
            .as_object()
            .expect("capabilities are an object")
            .clone();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{}", self.port);
        answered(
            "a new session",
            builder.capabilities(capabilities).connect(&address),
        )
        .await
        .unwrap_or_else(|error| panic!("no session: {error}"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _killed = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A port that was free a moment ago; the drivers cannot be told to pick one and say which.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port");
    listener
        .local_addr()
        .expect("a bound listener has an address")
        .port()
}
