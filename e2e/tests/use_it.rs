//! Using a connection: the first copy asks, a call is tried in the window, and a script gets a
//! token that is written down.

use std::fs;
use std::process::{Command, Output};

use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene, Window, eventually};

const NAME: &str = "Microsoft Entra ID";
const ENTER: &str = "\u{E007}";
/// Held until the end of what is typed.
const CONTROL: &str = "\u{E009}";

/// A script that runs the command line, as somebody has copied it from the window.
fn script(scene: &Scene, line: &str) -> Output {
    let mut shell = scene.desktop.command("sh");
    scene.home.settle(&mut shell);
    let path = format!(
        "{}:{}",
        beside_the_app(),
        std::env::var("PATH").unwrap_or_default()
    );
    // Something follows the line, so that it is the shell that runs it and not the line that
    // replaces the shell.
    let line = format!("{line}; exit $?");
    shell
        .args(["-c", &line])
        .env("PATH", path)
        .env("GRAPH_CONNECT_CLOUDS", scene.clouds());
    shell.output().expect("a shell")
}

fn beside_the_app() -> String {
    let program = e2e::app().with_file_name("graph-connect");
    assert!(
        program.exists(),
        "{} is not built: run scripts/build.sh",
        program.display()
    );
    program.parent().expect("a folder").display().to_string()
}

async fn with_a_connection(scene: &Scene) -> Window {
    let window = scene.window().await;
    window
        .connect_by_app_registration(NAME, &Registration::of(scene, fixtures::HEALTHY))
        .await;
    window.open_connection(NAME).await;
    window
}

/// Types a path and waits for the answer.
async fn calls(window: &Window, path: &str, status: &str) -> String {
    let field = window.find(Role::TextBox, "Path").await;
    field.fill(path).await;
    field.write(ENTER).await;
    window.sees(status).await;
    window.find(Role::Region, "Answer").await.text().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_copy_asks_and_then_a_script_gets_a_token_and_is_listed() {
    let scene = Scene::set().await;
    let window = with_a_connection(&scene).await;
    let line = format!("graph-connect token '{NAME}'");
    let refused = script(&scene, &line);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(window.text().await.contains("No script has used it yet."));

    let question = format!("Allow scripts to use “{NAME}”?");
    window.press("Copy bash line").await;
    window.find(Role::Dialog, &question).await;
    window.press("Cancel").await;
    window.gone(Role::Dialog, &question).await;
    assert_eq!(
        script(&scene, &line).status.code(),
        Some(1),
        "a no changes nothing"
    );

    window.press("Copy bash line").await;
    window.press("Allow scripts and copy").await;
    window.gone(Role::Dialog, &question).await;
    eventually("the switch to be on", async || {
        window
            .find(Role::Checkbox, "Scripts may use this connection")
            .await
            .is_chosen()
            .await
            .then_some(())
    })
    .await;
    let field = window.find(Role::TextBox, "Path").await;
    field.write(&format!("{CONTROL}v")).await;
    eventually("the line to be pasted", async || {
        (field.value().await == format!("graph-connect exec '{NAME}' -- ./report.sh")).then_some(())
    })
    .await;

    let token = script(&scene, &line);
    assert!(
        token.status.success() && token.stdout.starts_with(b"eyJ"),
        "{:?}",
        token.status
    );
    window.go_to_list().await;
    window.open_connection(NAME).await;
    let used = window.find(Role::Table, "Used by").await.text().await;
    assert!(
        used.contains("sh") && used.contains("Access token") && used.contains("Just now"),
        "{used}"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_tried_in_the_window_while_scripts_may_not_use_the_connection() {
    let scene = Scene::set().await;
    let window = with_a_connection(&scene).await;
    let read = calls(&window, "/organization", "HTTP 200").await;
    assert!(read.contains("\"displayName\": \"Contoso"), "{read}");
    let refused = calls(&window, "/nope", "HTTP 400").await;
    assert!(refused.contains("\"error\""), "{refused}");
    let shown = window.text().await;
    assert!(
        shown.contains("Request ID") && shown.contains("ms"),
        "{shown}"
    );
    let code =
        serde_json::from_str::<serde_json::Value>(&refused).expect("JSON")["error"]["code"].clone();
    window.find(Role::Button, "Copy request ID").await;
    window.sees(code.as_str().expect("a code")).await;
    assert!(
        !window.has(Role::Table, "Used by").await,
        "the person at the window is no script"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_is_put_on_the_path_and_taken_off_again() {
    let scene = Scene::set().await;
    let window = with_a_connection(&scene).await;
    let link = scene.home.path().join(".local/bin/graph-connect");
    window.press("Put graph-connect on your PATH").await;
    window.sees("is linked as ~/.local/bin/graph-connect").await;
    let version = Command::new(&link)
        .arg("--version")
        .output()
        .expect("the link leads to the program");
    assert!(
        String::from_utf8_lossy(&version.stdout).starts_with("graph-connect "),
        "{version:?}"
    );
    window.press("Remove the link").await;
    window
        .find(Role::Button, "Put graph-connect on your PATH")
        .await;
    assert!(fs::symlink_metadata(&link).is_err(), "the link is gone");
    assert!(
        e2e::app().with_file_name("graph-connect").exists(),
        "the program is not"
    );
    window.close().await;
}
