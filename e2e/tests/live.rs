//! What another program does is seen in the open window, without a press.

use std::time::{Duration, Instant};

use e2e::{Role, Scene, seed, seeded_name};

/// What a person is promised, and some patience for a busy machine.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_adds_and_removes_is_shown_while_the_window_is_open() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    assert!(window.rows().await.is_empty());
    let folder = scene.home.app_data();
    let began = Instant::now();
    tokio::task::spawn_blocking(move || seed(&folder, 3)).await.unwrap();
    window.lists(&seeded_name(1), "Never tested").await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    window.open_connection(&seeded_name(2)).await;
    window.close().await;
}
