//! The keyboard alone: reaching everything, seeing where one is, and coming back to where one was.

use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene, Window, eventually};

const TAB: char = '\u{E004}';
const ENTER: char = '\u{E007}';
const ESCAPE: char = '\u{E00C}';
const DOWN: char = '\u{E015}';

/// More than any screen has controls.
const MAX_TABS: usize = 60;

/// Whether an outline or a shadow shows the focus: on the control, around it, or on what CSS puts
/// before or after it.
const FOCUS_IS_VISIBLE: &str = "for (let at = document.activeElement, up = 0; at && up < 3; at = at.parentElement, up++)
    for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(at, part);
        if ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none') return true;
    }
    return false";

/// How far the page is scrolled, once what was just done has been painted.
const SCROLLED: &str = "const done = arguments[arguments.length - 1];
    requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelector('main').scrollTop)))";

/// Goes on with Tab until a control has the focus, which must be seen at each stop.
async fn tab_to(window: &Window, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..MAX_TABS {
        window.keys([TAB]).await;
        let (_, label) = window.focus().await;
        let visible = window.run(FOCUS_IS_VISIBLE, vec![]).await == true;
        assert!(
            visible || label.is_empty(),
            "the focus on {label:?} is not to be seen"
        );
        if label == name {
            return;
        }
        passed.push(label);
    }
    panic!("{name:?} is not reached by Tab; passed {passed:?}");
}

async fn has_focus(window: &Window, name: &str) {
    eventually(&format!("the focus on {name:?}"), async || {
        (window.focus().await.1 == name).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_created_and_tested_without_touching_the_mouse() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    let values = Registration::of(&scene, fixtures::HEALTHY);
    window.find(Role::Button, "Add connection").await;
    tab_to(&window, "Add connection").await;
    window.keys([ENTER]).await;
    has_focus(&window, "Search integrations").await;
    window.keys("entra".chars()).await;
    tab_to(&window, "Microsoft Entra ID").await;
    window.keys([ENTER]).await;
    window.find(Role::Dialog, "Microsoft Entra ID").await;
    tab_to(&window, "OAuth").await;
    window.keys([DOWN]).await;
    has_focus(&window, "App Registration").await;
    for (field, value) in [
        ("Client ID", &values.client_id),
        ("Client secret", &values.secret),
        ("Tenant ID", &values.tenant),
    ] {
        tab_to(&window, field).await;
        window.keys(value.chars()).await;
    }
    window
        .find(Role::Button, "Test Connection")
        .await
        .enabled()
        .await;
    tab_to(&window, "Test Connection").await;
    window.keys([ENTER]).await;
    window.sees("Connected.").await;
    tab_to(&window, "Create connection").await;
    window.keys([ENTER]).await;
    window.lists("Microsoft Entra ID", "Healthy").await;

    tab_to(&window, "Microsoft Entra ID").await;
    window.keys([ENTER]).await;
    window.find(Role::Heading, "Microsoft Entra ID").await;
    tab_to(&window, "Delete").await;
    window.keys([ENTER]).await;
    has_focus(&window, "Cancel").await;
    window.keys([ESCAPE]).await;
    has_focus(&window, "Delete").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_stays_in_a_dialog_and_returns_when_it_is_closed() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    tab_to(&window, "Add connection").await;
    window.keys([ENTER]).await;
    has_focus(&window, "Search integrations").await;
    let outside =
        "const at = document.activeElement; return at !== document.body && !at.closest('dialog')";
    for _ in 0..MAX_TABS {
        window.keys([TAB]).await;
        assert_eq!(
            window.run(outside, vec![]).await,
            false,
            "the focus left the dialog"
        );
    }
    window.keys([ESCAPE]).await;
    window.gone(Role::Dialog, "New Connection").await;
    has_focus(&window, "Add connection").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_closed_with_the_cursor_in_a_field_leaves_the_page_where_it_was() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.open_connection("Microsoft Entra ID").await;
    for (button, dialog) in [
        ("Duplicate", "Duplicate “Microsoft Entra ID”"),
        ("Replace secret", "Replace secret"),
        ("Edit", "Edit connection"),
    ] {
        window.press(button).await;
        window.find(Role::Dialog, dialog).await;
        let field = async || (window.focus().await.0 == "textbox").then_some(());
        eventually("the cursor in a field", async || {
            if field().await.is_none() {
                window.keys([TAB]).await;
            }
            field().await
        })
        .await;
        window.keys([ESCAPE]).await;
        window.gone(Role::Dialog, dialog).await;
        has_focus(&window, button).await;
        assert_eq!(
            window.run_async(SCROLLED, vec![]).await,
            0,
            "{dialog} scrolled the page"
        );
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_is_asked_for_over_edit_and_neither_saves_nor_loses_what_was_typed() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    let values = Registration::of(&scene, fixtures::HEALTHY);
    window
        .connect_by_app_registration("Microsoft Entra ID", &values)
        .await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Edit").await;
    window.fill("Description", "Nightly audit").await;
    window.press("Use another name").await;
    let title = "Use another name for “Microsoft Entra ID”";
    window.find(Role::Dialog, title).await;
    window.keys([ESCAPE]).await;
    window.gone(Role::Dialog, title).await;
    has_focus(&window, "Use another name").await;
    let typed = window.find(Role::TextBox, "Description").await;
    assert_eq!(typed.value().await, "Nightly audit");
    window.press("Use another name").await;
    window.fill("New name", "Audit of Contoso").await;
    window.keys([ENTER]).await;
    window.gone(Role::Dialog, title).await;
    window.find(Role::Dialog, "Edit connection").await;
    assert_eq!(typed.value().await, "Nightly audit");
    window.keys([ESCAPE]).await;
    window.find(Role::Heading, "Audit of Contoso").await;
    has_focus(&window, "Edit").await;
    let text = window.text().await;
    assert!(!text.contains("Nightly audit"), "it was not saved: {text}");
    window.close().await;
}
