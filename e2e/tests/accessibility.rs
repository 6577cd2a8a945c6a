//! Every screen: what axe-core finds, in light and dark, and whether all of it can be reached in a
//! small window and with text at twice its size.

use demo_tenant::fixtures;
use e2e::{Look, Registration, Role, Scene, Window};

/// Visits every screen and stops at each.
async fn tour(scene: &Scene, window: &Window, mut stop: impl AsyncFnMut(&str)) {
    window.find(Role::Button, "Add connection").await;
    stop("the empty list").await;
    window.press("Add connection").await;
    window.find(Role::Button, "Microsoft Entra ID").await;
    stop("New Connection").await;
    window.press("Microsoft Entra ID").await;
    window.find(Role::Button, "Sign in with Microsoft").await;
    stop("the OAuth form").await;
    window.press("I don't have an app registration yet").await;
    window.find(Role::Button, "Close guide").await;
    stop("the OAuth guide").await;
    window.press("Close guide").await;
    window.press("Sign in with Microsoft").await;
    window.sees("Waiting for you to sign in").await;
    stop("waiting for the sign-in").await;
    window.press("Cancel").await;
    window
        .find(Role::Radio, "App Registration")
        .await
        .click()
        .await;
    window.press("Create connection").await;
    window.find(Role::Secret, "Client secret").await;
    stop("an App Registration form with problems").await;
    window.press("How do I get these?").await;
    window.find(Role::Button, "Close guide").await;
    stop("the App Registration guide").await;
    window.press("Close guide").await;
    window
        .fill_app_registration(&Registration::of(scene, fixtures::HALF_CONSENTED))
        .await;
    window.test_connection().await;
    stop("a check report").await;
    window.create_connection("Microsoft Entra ID").await;
    window.find(Role::Table, "Connections").await;
    stop("the list").await;
    window.open_connection("Microsoft Entra ID").await;
    window.find(Role::Region, "Check report").await;
    stop("a connection").await;
    window.press("Copy bash line").await;
    window
        .find(Role::Dialog, "Allow scripts to use “Microsoft Entra ID”?")
        .await;
    stop("whether scripts may use it").await;
    window.press("Cancel").await;
    window.fill("Path", "/organization").await;
    window.press("Call").await;
    window.find(Role::Region, "Answer").await;
    stop("the answer to a call").await;
    for (button, dialog) in [
        ("Replace secret", "Replace secret"),
        ("Edit", "Edit connection"),
        ("Delete", "Delete “Microsoft Entra ID”?"),
    ] {
        window.press(button).await;
        window.find(Role::Dialog, dialog).await;
        stop(dialog).await;
        window.press("Cancel").await;
        window.gone(Role::Dialog, dialog).await;
    }
    window.press("Settings").await;
    window.find(Role::Heading, "Settings").await;
    window.find(Role::Radio, "System").await;
    stop("Settings").await;
}

async fn serious_findings_on_tour(look: &Look) -> Vec<String> {
    let scene = Scene::set().await;
    let window = scene.window_as(look).await;
    let dark = window
        .run(
            "return matchMedia('(prefers-color-scheme: dark)').matches",
            vec![],
        )
        .await;
    assert_eq!(
        dark, look.dark,
        "the desktop's colour scheme does not reach the window"
    );
    let mut found = Vec::new();
    tour(&scene, &window, async |screen| {
        found.extend(
            window
                .serious_findings()
                .await
                .into_iter()
                .map(|finding| format!("{screen}: {finding}")),
        );
    })
    .await;
    window.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_serious_on_any_screen_in_light() {
    assert_eq!(serious_findings_on_tour(&Look::default()).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_serious_on_any_screen_in_dark() {
    assert_eq!(
        serious_findings_on_tour(&Look {
            dark: true,
            ..Look::default()
        })
        .await,
        [""; 0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_what_is_wrong_when_something_is() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    window
        .run(
            "document.body.append(document.createElement('button'))",
            vec![],
        )
        .await;
    let rules: Vec<_> = window
        .serious_findings()
        .await
        .into_iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(rules, ["button-name"]);
    window.close().await;
}

/// What cannot be reached or read in the window as it is: the page scrolls sideways, or a control
/// stays outside or is cut off by a box around it after it was scrolled to, or its own text does
/// not fit into it.
const DOES_NOT_FIT: &str = r#"
    const problems = [], page = document.scrollingElement;
    if (page.scrollWidth > page.clientWidth + 1) problems.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
    const scope = [...document.querySelectorAll('dialog:modal')].pop() ?? document.body;
    for (const element of scope.querySelectorAll('button, input, select, textarea, a[href], summary, h1, h2, h3, label')) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.visually-hidden')) continue;
        element.scrollIntoView({ block: 'center', inline: 'nearest' });
        const is = element.getBoundingClientRect();
        const name = `${element.localName} ${JSON.stringify((element.innerText || element.ariaLabel || element.id).slice(0, 40))}`;
        if (is.width === 0 || is.height > innerHeight) continue;
        const boxes = [{ what: 'the window', left: 0, top: 0, right: innerWidth, bottom: innerHeight }];
        for (let box = element.parentElement; box && box !== document.documentElement; box = box.parentElement) {
            // A modal dialog lies over everything, also over the boxes that it stands in.
            if (element.closest('dialog') && !box.closest('dialog')) break;
            if (getComputedStyle(box).overflow !== 'visible' && box !== document.body) {
                const { left, top, right, bottom } = box.getBoundingClientRect();
                boxes.push({ what: `${box.localName}.${box.className}`, left, top, right, bottom });
            }
        }
        for (const box of boxes)
            if (is.left < box.left - 1 || is.right > box.right + 1 || is.top < box.top - 1 || is.bottom > box.bottom + 1)
                problems.push(`${name} is cut off by ${box.what}`);
        if (element.localName === 'button' && element.scrollWidth > element.clientWidth + 1) problems.push(`${name} does not hold its text`);
    }
    return problems"#;

async fn what_does_not_fit_on_tour(look: &Look, size: (u32, u32)) -> Vec<String> {
    let scene = Scene::set().await;
    let window = scene.window_as(look).await;
    window.resize(size.0, size.1).await;
    let mut found = Vec::new();
    tour(&scene, &window, async |screen| {
        let problems: Vec<String> = serde_json::from_value(window.run(DOES_NOT_FIT, vec![]).await)
            .expect("a list of texts");
        found.extend(
            problems
                .into_iter()
                .map(|problem| format!("{screen}: {problem}")),
        );
    })
    .await;
    window.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_within_reach_in_the_smallest_window() {
    assert_eq!(
        what_does_not_fit_on_tour(&Look::default(), (720, 560)).await,
        [""; 0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_within_reach_with_text_at_twice_its_size() {
    let large = Look {
        text_scale: Some(2.0),
        ..Look::default()
    };
    assert_eq!(
        what_does_not_fit_on_tour(&large, (1100, 760)).await,
        [""; 0]
    );
}

/// How far the program can scroll the boxes around the one that a person scrolls, and whether that
/// one can be scrolled.
const SCROLLED: &str = "
    const dialog = document.querySelector('dialog:modal'), main = document.querySelector('main');
    const around = [document.scrollingElement, document.body, ...(dialog ? [main, dialog, dialog.querySelector('.frame')] : [])];
    const body = dialog?.querySelector('.body') ?? main;
    for (const box of [...around, body]) box.scrollTop = 9999;
    return [Math.max(...around.map(box => box.scrollTop)), body.scrollTop > 0];";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_report_scrolls_in_its_dialog_or_page_and_nothing_around_it_does() {
    for text_scale in [None, Some(1.5), Some(2.0)] {
        let scene = Scene::set().await;
        let look = Look {
            text_scale,
            ..Look::default()
        };
        let window = scene.window_as(&look).await;
        window.begin_connection("Microsoft Defender XDR").await;
        window
            .fill_app_registration(&Registration::of(&scene, fixtures::WITHOUT_CONSENT))
            .await;
        window.test_connection().await;
        let only_the_report = serde_json::json!([0, true]);
        let seen = window.run(SCROLLED, vec![]).await;
        assert_eq!(seen, only_the_report, "in the dialog at {text_scale:?}");
        window.create_connection("Microsoft Defender XDR").await;
        window.open_connection("Microsoft Defender XDR").await;
        window.find(Role::Region, "Check report").await;
        let seen = window.run(SCROLLED, vec![]).await;
        assert_eq!(seen, only_the_report, "on its page at {text_scale:?}");
        window.close().await;
    }
}
