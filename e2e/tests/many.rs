//! A hundred connections in the list.

use e2e::{Role, Scene, seed, seeded_name};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_connections_are_listed_searched_sorted_and_opened() {
    let scene = Scene::set().await;
    let folder = scene.home.app_data();
    tokio::task::spawn_blocking(move || seed(&folder, 100)).await.unwrap();
    let window = scene.window().await;
    window.lists(&seeded_name(1), "Never tested").await;
    window.scroll_to_row(100).await;
    let names = |rows: Vec<Vec<String>>| rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>();
    let expected: Vec<String> = (1..=100).map(seeded_name).collect();
    assert_eq!(names(window.rows().await), expected);

    window.find(Role::SearchBox, "Search connections").await.fill("0042").await;
    window.gone(Role::Button, &seeded_name(1)).await;
    assert_eq!(names(window.rows().await), [seeded_name(42)]);
    window.find(Role::SearchBox, "Search connections").await.fill("Customer").await;
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
