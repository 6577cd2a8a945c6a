//! Scratch.
use demo_tenant::cast;
use e2e::{Look, Registration, Role, Scene};
use std::fs;
use std::time::Duration;
#[tokio::main]
async fn main() {
    let folder = std::path::PathBuf::from("/tmp/gc/look");
    fs::create_dir_all(&folder).unwrap();
    let scene = Scene::set().await;
    let large = std::env::args().nth(1).is_some();
    let look = Look { dark: large, text_scale: large.then_some(1.5), ..Look::default() };
    let w = scene.window_as(&look).await;
    let tag = if large { "large" } else { "n" };
    let take = async |name: &str| {
        tokio::time::sleep(Duration::from_millis(900)).await;
        fs::write(folder.join(format!("{name}-{tag}.png")), scene.desktop.screen().picture()).unwrap();
    };
    w.begin_connection("Microsoft Entra ID").await;
    w.find(Role::Radio, "App Registration").await.click().await;
    w.press("How do I get these?").await;
    take("guide").await;
    w.run("document.querySelectorAll('aside details summary').forEach(s => s.click()); document.querySelector('aside').scrollTop = 1e6", vec![]).await;
    take("script").await;
    w.run("document.querySelector('dialog').close(); location.reload()", vec![]).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    w.connect_by_app_registration("Microsoft Entra ID", &Registration::of(&scene, cast::HALF_CONSENTED)).await;
    w.connect_by_app_registration("Microsoft Outlook", &Registration::of(&scene, cast::WITHOUT_CONSENT)).await;
    w.press("Test all").await;
    take("testall").await;
    w.open_connection("Microsoft Outlook").await;
    take("page").await;
    w.run("document.querySelector('main').scrollTop = 1e6", vec![]).await;
    take("permissions").await;
    w.press("Send to an admin").await;
    take("send").await;
    w.press("Watch for consent").await;
    take("watching").await;
    w.close().await;
}
