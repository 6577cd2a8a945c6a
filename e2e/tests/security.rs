//! The release build from inside its own page: what a hostile script there could not do.

use std::net::{TcpListener, TcpStream};

use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene, Tree, Window, eventually};
use serde_json::{Value, json};

const INVOKE: &str = "const [command, payload, done] = arguments;
    window.__TAURI_INTERNALS__.invoke(command, payload)
        .then(value => done({ allowed: value ?? null }), error => done({ refused: String(error.message ?? error) }))";

async fn invoke(window: &Window, command: &str, payload: Value) -> Value {
    window
        .run_async(INVOKE, vec![json!(command), payload])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_was_not_granted_is_refused_and_does_nothing() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    for (command, payload) in [
        (
            "plugin:opener|open_url",
            json!({ "url": "https://example.com/" }),
        ),
        ("plugin:opener|open_path", json!({ "path": "/etc/passwd" })),
        (
            "plugin:window|set_title",
            json!({ "label": "main", "value": "taken over" }),
        ),
        (
            "plugin:window|create",
            json!({ "options": { "label": "second" } }),
        ),
        (
            "plugin:webview|create_webview_window",
            json!({ "options": { "label": "second", "url": "https://example.com/" } }),
        ),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:resources|close", json!({ "rid": 1 })),
        ("no_such_command", json!({})),
    ] {
        let answer = invoke(&window, command, payload).await;
        let refused = answer["refused"].as_str().unwrap_or_default();
        assert!(
            refused.contains("not allowed") || refused.contains("not found"),
            "{command}: {answer}"
        );
    }
    assert_eq!(scene.home.opened(), []);
    let granted = invoke(&window, "list_connections", json!({})).await;
    assert!(
        granted["allowed"].is_object(),
        "the same way works for what is granted: {granted}"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inline_scripts_remote_content_and_made_up_code_are_refused() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    let remote = scene.tenant.login_url().to_owned();
    let script = r#"const [remote, done] = arguments;
        const violated = [];
        document.addEventListener('securitypolicyviolation', event => violated.push(event.effectiveDirective));
        const inline = document.createElement('script');
        inline.textContent = 'window.ran = "inline"';
        document.body.append(inline);
        const handler = document.createElement('button');
        handler.setAttribute('onclick', 'window.ran = "handler"');
        document.body.append(handler);
        handler.click();
        handler.remove();
        let evaluated = 'refused';
        try { evaluated = new Function('return "ran"')(); } catch {}
        const style = document.createElement('style');
        style.textContent = 'body { --planted: 1 }';
        document.head.append(style);
        const image = new Image();
        const frame = document.createElement('iframe');
        frame.src = remote + '/frame';
        document.body.append(frame);
        const far = document.createElement('script');
        far.src = remote + '/script.js';
        document.body.append(far);
        const picture = new Promise(settle => { image.onload = () => settle('loaded'); image.onerror = () => settle('refused'); });
        image.src = remote + '/picture.png';
        const fetched = fetch(remote + '/data').then(() => 'fetched', () => 'refused');
        const socket = new Promise(settle => { try { const s = new WebSocket(remote.replace('http', 'ws') + '/socket');
            s.onopen = () => settle('open'); s.onerror = () => settle('refused'); } catch { settle('refused') } });
        Promise.all([picture, fetched, socket]).then(([picture, fetched, socket]) => done({ picture, fetched, socket, evaluated,
            ran: window.ran ?? null, styled: getComputedStyle(document.body).getPropertyValue('--planted'), violated,
            global: typeof window.__TAURI__, frozen: Object.isFrozen(Object.prototype) }));"#;
    let seen = window.run_async(script, vec![json!(remote)]).await;
    assert_eq!(seen["ran"], Value::Null, "{seen}");
    assert_eq!(seen["evaluated"], "refused", "{seen}");
    assert_eq!(seen["picture"], "refused", "{seen}");
    assert_eq!(seen["fetched"], "refused", "{seen}");
    assert_eq!(seen["socket"], "refused", "{seen}");
    assert_eq!(seen["styled"], "", "{seen}");
    assert_eq!(seen["global"], "undefined", "{seen}");
    assert_eq!(seen["frozen"], true, "{seen}");
    let violated = seen["violated"].to_string();
    for directive in [
        "script-src-elem",
        "script-src-attr",
        "img-src",
        "connect-src",
        "frame-src",
        "style-src-elem",
    ] {
        assert!(
            violated.contains(directive),
            "no violation of {directive}: {violated}"
        );
    }
    assert!(
        scene.tenant.requests().is_empty(),
        "a request left the window: {:?}",
        scene.tenant.requests()
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_cannot_be_led_to_another_place() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    let home = window.driver().current_url().await.unwrap();
    let away = format!("{}/away", scene.tenant.login_url());
    window.run("const link = document.createElement('a'); link.href = arguments[0]; document.body.append(link); link.click()", vec![
        json!(away),
    ])
    .await;
    window
        .run("window.open(arguments[0])", vec![json!(away)])
        .await;
    window
        .run(
            "setTimeout(address => { location.href = address }, 0, arguments[0])",
            vec![json!(away)],
        )
        .await;
    // Answered after whatever the page has just asked for.
    invoke(&window, "list_connections", json!({})).await;
    window.find(Role::Button, "Add connection").await;
    assert_eq!(window.driver().current_url().await.unwrap(), home);
    assert_eq!(window.driver().windows().await.unwrap().len(), 1);
    assert!(
        scene.tenant.requests().is_empty(),
        "{:?}",
        scene.tenant.requests()
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ordinary_use_breaks_no_rule_of_the_content_security_policy() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    let watch = "window.violations = []; document.addEventListener('securitypolicyviolation', \
                 event => window.violations.push(event.effectiveDirective + ' ' + event.blockedURI))";
    window.run(watch, vec![]).await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Settings").await;
    window.find(Role::Radio, "Dark").await.click().await;
    assert_eq!(
        window.run("return window.violations", vec![]).await,
        json!([])
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_variable_opens_the_window_to_a_port() {
    let scene = Scene::set().await;
    let free = || {
        TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("its address")
            .to_string()
    };
    let (inspector, over_http) = (free(), free());
    let mut app = scene.desktop.command(e2e::app());
    scene.home.settle(&mut app);
    app.env("WEBKIT_INSPECTOR_SERVER", &inspector)
        .env("WEBKIT_INSPECTOR_HTTP_SERVER", &over_http);
    let mut app = app.spawn().expect("the app starts");
    // The inspector listens before the page's own process is begun.
    eventually("the page's process", async || {
        (Tree::of(app.id()).0.len() > 1).then_some(())
    })
    .await;
    let open = [inspector, over_http].map(|address| TcpStream::connect(address).is_ok());
    app.kill().and_then(|()| app.wait()).expect("it ends");
    assert_eq!(open, [false, false]);
}
