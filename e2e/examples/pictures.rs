//! `pictures FOLDER [TEXT-SCALE]`: pictures of the real window, light and dark, on the demo tenant.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use demo_tenant::fixtures;
use e2e::{Browser, Look, Registration, Role, Scene, Screen, Window, eventually};

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "docs/pictures".to_owned()),
    );
    let text_scale = std::env::args()
        .nth(2)
        .map(|scale| scale.parse().expect("a number such as 1.5"));
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (dark, suffix) in [(false, "light"), (true, "dark")] {
        let scene = Scene::set().await;
        let browser = scene.browser().await;
        let environment = vec![("PATH".to_owned(), path_with_the_command_line(&scene))];
        let window = scene
            .window_as(&Look {
                dark,
                text_scale,
                environment,
            })
            .await;
        let album = Album {
            window: &window,
            screen: &scene.desktop.screen(),
            folder: &folder,
            suffix,
        };
        album.fill(&scene, &browser).await;
        browser.close().await;
        window.close().await;
    }
}

/// Where a terminal finds the command line, as after an installation.
fn path_with_the_command_line(scene: &Scene) -> String {
    let (app, path) = (e2e::app(), std::env::var("PATH").unwrap_or_default());
    let programs = app.parent().expect("a folder").display();
    format!(
        "{}:{programs}:{path}",
        scene.home.path().join("bin").display()
    )
}

/// Runs a line in a shell of the same desktop, until scripts may use the connection that it names.
async fn use_in_a_script(scene: &Scene, line: &str) {
    eventually("scripts to be allowed", async || {
        let mut shell = scene.desktop.command("bash");
        scene.home.settle(&mut shell);
        shell
            .args(["-c", &format!("set -o pipefail; {line}")])
            .env("PATH", path_with_the_command_line(scene));
        let ran = shell
            .env("GRAPH_CONNECT_CLOUDS", scene.clouds())
            .output()
            .expect("a shell");
        ran.status.success().then_some(())
    })
    .await;
}

struct Album<'a> {
    window: &'a Window,
    screen: &'a Screen,
    folder: &'a PathBuf,
    suffix: &'a str,
}

impl Album<'_> {
    async fn fill(&self, scene: &Scene, browser: &Browser) {
        let window = self.window;
        window.find(Role::Button, "Add connection").await;
        self.take("empty").await;
        window.press("Add connection").await;
        window.find(Role::Button, "Microsoft Entra ID").await;
        self.take("new-connection").await;
        window.press("Cancel").await;
        window.begin_connection("Microsoft Intune").await;
        window
            .fill_app_registration(&Registration::of(scene, fixtures::HALF_CONSENTED))
            .await;
        window.test_connection().await;
        self.take("check-report").await;
        window.create_connection("Microsoft Intune").await;
        window
            .connect_by_app_registration(
                "Microsoft Entra ID",
                &Registration::of(scene, fixtures::HEALTHY),
            )
            .await;
        let address = window.begin_sign_in(scene, "Microsoft Teams").await;
        window.sees("Waiting for you to sign in").await;
        self.take("sign-in").await;
        browser.sign_in(&address, fixtures::ADMIN).await;
        browser.accept().await;
        window.sees("“Microsoft Teams” was created.").await;
        self.take("signed-in").await;
        window.press("Done").await;
        window
            .connect_by_app_registration("SharePoint", &Registration::of(scene, fixtures::EXPIRED))
            .await;
        window.lists("Microsoft Teams", "Healthy").await;
        self.take("list").await;
        window.open_connection("Microsoft Entra ID").await;
        window.find(Role::Region, "Check report").await;
        self.take("connection").await;
        window.press("Use it").await;
        self.take("use-it").await;
        window.press("Copy bash line").await;
        window
            .find(Role::Dialog, "Allow scripts to use “Microsoft Entra ID”?")
            .await;
        self.take("allow").await;
        window.press("Allow scripts and copy").await;
        window
            .gone(Role::Dialog, "Allow scripts to use “Microsoft Entra ID”?")
            .await;
        use_in_a_script(scene, "graph-connect token 'Microsoft Entra ID' | wc -c").await;
        window.go_to_list().await;
        window.open_connection("Microsoft Entra ID").await;
        window.fill("Path", "/organization").await;
        window.press("Call").await;
        window.find(Role::Region, "Answer").await;
        window
            .run(
                "document.querySelector('[aria-label=Answer]').scrollIntoView({ block: 'center' })",
                vec![],
            )
            .await;
        self.take("call").await;
        window.press("Settings").await;
        window.find(Role::Radio, "System").await;
        self.take("settings").await;
        window.press("Connections").await;
        self.fail(scene).await;
    }

    /// The three failures that people meet most.
    async fn fail(&self, scene: &Scene) {
        let right = Registration::of(scene, fixtures::HEALTHY);
        let secret = right.secret.replace('~', "-");
        self.report(
            "wrong-secret",
            &Registration {
                secret,
                ..right.clone()
            },
        )
        .await;
        self.report(
            "missing-consent",
            &Registration::of(scene, fixtures::WITHOUT_CONSENT),
        )
        .await;
        self.report("wrong-tenant", &right.in_tenant("contosso.onmicrosoft.com"))
            .await;
    }

    async fn report(&self, name: &str, values: &Registration) {
        self.window.begin_connection("Microsoft Defender XDR").await;
        self.window.fill_app_registration(values).await;
        self.window.test_connection().await;
        self.take(name).await;
        self.window.press("Cancel").await;
        self.window.press("Discard").await;
        self.window
            .gone(Role::Dialog, "Microsoft Defender XDR")
            .await;
    }

    async fn take(&self, name: &str) {
        let file = self.folder.join(format!("{name}-{}.png", self.suffix));
        // From the display and not from the driver, whose pictures leave out the dialogs.
        fs::write(&file, still(self.screen).await.picture()).expect("the picture can be written");
    }
}

/// Waits until nothing moves.
async fn still(screen: &Screen) -> &Screen {
    let mut before = screen.frame();
    eventually("the window to be still", async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = screen.frame();
        std::mem::replace(&mut before, now.clone())
            .looks_like(&now)
            .then_some(())
    })
    .await;
    screen
}
