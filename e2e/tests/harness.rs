//! The harness itself, before anything is asked of the app.

use e2e::{Browser, Desktop, Home, Role, Window, eventually};

#[tokio::test]
async fn a_locked_keyring_is_locked() {
    let desktop = Desktop::start();
    assert!(!desktop.keyring_is_locked());
    desktop.lock_keyring();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_of_the_desktop_is_seen() {
    let desktop = Desktop::start();
    let notifications = desktop.notifications().await;
    let sent = desktop
        .command("gdbus")
        .args([
            "call",
            "--session",
            "--dest",
            "org.freedesktop.Notifications",
        ])
        .args([
            "--object-path",
            "/org/freedesktop/Notifications",
            "--method",
            "org.freedesktop.Notifications.Notify",
        ])
        .args(["a program", "0", "", "Title", "The text.", "[]", "{}", "0"])
        .output()
        .unwrap();
    assert!(
        sent.status.success(),
        "{}",
        String::from_utf8_lossy(&sent.stderr)
    );
    assert_eq!(notifications.shows("The text.").await.summary, "Title");
}

#[tokio::test]
async fn the_window_opens_and_closes_and_opens_again() {
    let (desktop, home) = (Desktop::start(), Home::new());
    for _ in 0..2 {
        let window = Window::open(&desktop, &home, None).await;
        assert_ne!(window.text().await, "");
        window.close().await;
    }
}

#[tokio::test]
async fn a_control_in_the_browser_is_found_by_role_and_accessible_name() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let browser = Browser::start(&desktop, &home).await;
    let page = "data:text/html,<label for=n>Name</label><input id=n><button aria-label='Go on'>x</button>\
                <script>document.querySelector('button').onclick = () => document.title = 'gone on'</script>";
    browser.driver().goto(page).await.unwrap();
    browser.fill("Name", "Contoso").await;
    assert_eq!(
        browser.find(Role::TextBox, "Name").await.value().await,
        "Contoso"
    );
    browser.press("Go on").await;
    eventually("the click", async || {
        (browser.driver().title().await.unwrap() == "gone on").then_some(())
    })
    .await;
    browser.close().await;
}
