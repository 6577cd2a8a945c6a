//! Many connections in the list: found, and tested all at once.

use std::time::{Duration, Instant};

use demo_tenant::Fault;
use e2e::{Role, Scene, Window, seed, seeded_name, within};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_connections_are_listed_searched_sorted_and_opened() {
    let scene = Scene::set().await;
    let folder = scene.home.app_data();
    tokio::task::spawn_blocking(move || seed(&folder, 100))
        .await
        .unwrap();
    let window = scene.window().await;
    window.lists(&seeded_name(1), "Never tested").await;
    window.scroll_to_row(100).await;
    let names = |rows: Vec<Vec<String>>| {
        rows.into_iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    let expected: Vec<String> = (1..=100).map(seeded_name).collect();
    assert_eq!(names(window.rows().await), expected);

    window
        .find(Role::SearchBox, "Search connections")
        .await
        .fill("0042")
        .await;
    window.gone(Role::Button, &seeded_name(1)).await;
    assert_eq!(names(window.rows().await), [seeded_name(42)]);
    window
        .find(Role::SearchBox, "Search connections")
        .await
        .fill("Customer")
        .await;
    window.scroll_to_row(100).await;

    window.press("Name").await;
    let reversed: Vec<String> = expected.into_iter().rev().collect();
    window.lists(&seeded_name(100), "Never tested").await;
    window.scroll_to_row(100).await;
    assert_eq!(names(window.rows().await), reversed);
    window.open_connection(&seeded_name(77)).await;
    window.sees("5eed0000-0000-4000-8000-000000000077").await;
    window.close().await;
}

const COUNT: usize = 200;
/// How many are tested at the same time, and how long each has to wait for its token at least.
const AT_ONCE: usize = 16;
const LATENCY: Duration = Duration::from_millis(250);
/// For all of them on a busy machine.
const LONG: Duration = Duration::from_secs(120);

async fn sees_in_time(window: &Window, text: &str) {
    let seen = within(LONG, async || {
        window.text().await.contains(text).then_some(())
    })
    .await;
    if seen.is_none() {
        panic!("{text:?} is not shown. Shown is:\n{}", window.text().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_connections_are_tested_at_once_stopped_and_tested_again() {
    let scene = Scene::set().await;
    let mut seed = scene.desktop.command(env!("CARGO_BIN_EXE_seed"));
    scene.home.settle(&mut seed);
    seed.arg(scene.home.app_data())
        .arg(scene.clouds())
        .arg(COUNT.to_string());
    assert!(seed.status().expect("it starts").success());
    let window = scene.window().await;
    window.lists(&seeded_name(1), "Never tested").await;
    scene
        .tenant
        .fault(Fault::latency("/*/oauth2/v2.0/token", LATENCY));

    window.press("Test all").await;
    window.sees(&format!("of {COUNT} tested")).await;
    window.find(Role::Button, "Stop").await;
    window.lists(&seeded_name(1), "Healthy").await;
    window.press("Stop").await;
    window.sees("Stopped after").await;
    window
        .find(Role::SearchBox, "Search connections")
        .await
        .fill(&seeded_name(COUNT))
        .await;
    window.lists(&seeded_name(COUNT), "Never tested").await;
    window
        .find(Role::SearchBox, "Search connections")
        .await
        .fill("nobody's name")
        .await;
    window.press("Clear search").await;

    scene.tenant.clear_requests();
    let began = Instant::now();
    window.press("Test all").await;
    sees_in_time(&window, "180 healthy, 10 need attention, 10 failing.").await;
    let rounds = u32::try_from(COUNT.div_ceil(AT_ONCE)).expect("a small number");
    assert!(
        began.elapsed() >= LATENCY * rounds,
        "more than {AT_ONCE} were tested at once: {:?}",
        began.elapsed()
    );
    let tokens = scene
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/token"))
        .count();
    assert!(tokens >= COUNT, "a fresh token for each: {tokens}");
    window.lists(&seeded_name(10), "Needs attention").await;
    window.lists(&seeded_name(20), "Failing").await;
    window.close().await;
}
