//! What another program does is seen in the open window, without a press.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene, eventually};

/// What a person is promised is two seconds; the rest is patience for a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Runs `graph-connect` beside the window, with that on its standard input.
fn graph_connect(scene: &Scene, arguments: &[&str], input: &str) {
    let mut command = scene
        .desktop
        .command(e2e::app().with_file_name("graph-connect"));
    scene.home.settle(&mut command);
    command
        .env("GRAPH_CONNECT_CLOUDS", scene.clouds())
        .args(arguments);
    let mut running = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    running
        .stdin
        .take()
        .expect("its input")
        .write_all(input.as_bytes())
        .expect("it reads");
    assert!(running.wait().expect("it ends").success(), "{arguments:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_adds_tests_renames_and_removes_is_shown_while_the_window_is_open() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    assert!(window.rows().await.is_empty());
    let app = Registration::of(&scene, fixtures::HEALTHY);
    let add = [
        "add",
        "app",
        "--name",
        "Audit",
        "--cloud",
        "demo",
        "--client-id",
        &app.client_id,
        "--tenant",
        &app.tenant,
    ];
    graph_connect(&scene, &[&add[..], &["--untested"]].concat(), &app.secret);
    let done = Instant::now();
    window.lists("Audit", "Never tested").await;
    assert!(done.elapsed() < SOON, "{:?}", done.elapsed());
    graph_connect(&scene, &["check", "Audit"], "");
    let done = Instant::now();
    window.lists("Audit", "Healthy").await;
    assert!(done.elapsed() < SOON, "{:?}", done.elapsed());
    graph_connect(
        &scene,
        &["rename", "Audit", "Audit of Contoso", "--yes"],
        "",
    );
    window.lists("Audit of Contoso", "Healthy").await;
    graph_connect(&scene, &["remove", "Audit of Contoso", "--yes"], "");
    let done = Instant::now();
    eventually("the row to go", async || {
        window.rows().await.is_empty().then_some(())
    })
    .await;
    assert!(done.elapsed() < SOON, "{:?}", done.elapsed());
    window.close().await;
}
