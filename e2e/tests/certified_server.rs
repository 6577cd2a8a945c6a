//! A second opinion: the certified OpenID provider of npm, which this project did not write.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use e2e::{Browser, Desktop, Home, Role, Window};

/// The running provider; it ends with its standard input. Its output stays open, for it may have
/// more to say.
struct Provider {
    process: Child,
    _output: BufReader<ChildStdout>,
}

impl Provider {
    fn start(desktop: &Desktop, home: &Home, clouds: &std::path::Path) -> Self {
        let server = e2e::checkout().join("e2e/oidc-provider/server.js");
        let mut command = desktop.command("node");
        command
            .arg(server)
            .arg(clouds)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(home.log("provider.log"));
        let mut process = command.spawn().expect("node runs");
        let mut output = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        output
            .read_line(&mut line)
            .expect("it says where it listens");
        assert!(
            line.contains("origin"),
            "the provider did not start: {}",
            home.log_text("provider.log")
        );
        Self {
            process,
            _output: output,
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_satisfies_it_and_the_missing_graph_is_said() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let clouds = home.path().join("clouds.json");
    let _provider = Provider::start(&desktop, &home, &clouds);
    let window = Window::open(&desktop, &home, Some(&clouds)).await;
    let browser = Browser::start(&desktop, &home).await;
    window.begin_connection("Microsoft Teams").await;
    window.press("Sign in with Microsoft").await;
    browser.visit(&home.opens(1).await).await;
    browser.fill("Enter any login", "casey").await;
    browser
        .find(Role::Secret, "and password")
        .await
        .fill("anything")
        .await;
    browser.press("Sign-in").await;
    browser.press("Continue").await;
    browser.is_sent_back().await;
    window.sees("“Microsoft Teams” was created.").await;
    window.sees("There is no Microsoft Graph at").await;
    window.sees("casey").await;
    let log = home.log_text("provider.log");
    assert!(
        !log.contains("authorization.error") && !log.contains("grant.error"),
        "{log}"
    );
    browser.close().await;
    window.close().await;
}
