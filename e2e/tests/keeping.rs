//! What is kept: through a restart, until it is deleted, and while the keychain is locked.

use connections::KEYCHAIN_SERVICE;
use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_connection_are_found_again_after_a_restart_and_work_and_are_deleted_whole() {
    let scene = Scene::set().await;
    let browser = scene.browser().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window
        .connect_by_sign_in(&scene, &browser, "Microsoft Teams", fixtures::ADMIN)
        .await;
    browser.close().await;
    window.close().await;

    let window = scene.window().await;
    for name in ["Microsoft Entra ID", "Microsoft Teams"] {
        window.lists(name, "Healthy").await;
        scene.tenant.clear_requests();
        window.open_connection(name).await;
        window.press("Test Connection").await;
        eventually("a token to be asked for", async || {
            scene
                .tenant
                .requests()
                .iter()
                .any(|request| request.path.ends_with("/token"))
                .then_some(())
        })
        .await;
        let report = window.find(Role::Region, "Check report").await.text().await;
        assert!(report.starts_with("Connected."), "{report}");
        window.go_to_list().await;
    }
    assert_eq!(
        scene.desktop.keyring_labels(KEYCHAIN_SERVICE),
        [
            "Graph Connect: Microsoft Entra ID",
            "Graph Connect: Microsoft Teams"
        ]
    );

    for name in ["Microsoft Entra ID", "Microsoft Teams"] {
        window.open_connection(name).await;
        window.press("Delete").await;
        window
            .find(Role::Dialog, &format!("Delete “{name}”?"))
            .await;
        window.press("Delete").await;
        window.sees(&format!("“{name}” was deleted.")).await;
    }
    assert!(window.rows().await.is_empty());
    eventually("no secret to be left behind", async || {
        scene
            .desktop
            .keyring_labels(KEYCHAIN_SERVICE)
            .is_empty()
            .then_some(())
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_keychain_locked_the_list_works_and_a_test_says_what_is_wrong_until_it_is_unlocked()
 {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.close().await;
    scene.desktop.lock_keyring();

    let window = scene.window().await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Test Connection").await;
    scene.desktop.answer_keyring_prompt(false).await;
    window.sees_any_case("locked").await;
    window.go_to_list().await;
    // What was known stays, and beside it stands why the test could not run.
    window
        .lists(
            "Microsoft Entra ID",
            "Healthy Not tested: the keychain is locked",
        )
        .await;

    window.open_connection("Microsoft Entra ID").await;
    window.press("Test Connection").await;
    scene.desktop.answer_keyring_prompt(true).await;
    let tested = async || (!window.text().await.contains("Not tested")).then_some(());
    eventually("the test to run", tested).await;
    window.sees("Connected.").await;
    window.go_to_list().await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_keychain_locked_nothing_is_created_and_nothing_is_kept_elsewhere() {
    let scene = Scene::set().await;
    let values = Registration::of(&scene, fixtures::HEALTHY);
    scene.desktop.lock_keyring();
    let window = scene.window().await;
    window.begin_connection("OneDrive").await;
    window.fill_app_registration(&values).await;
    window.test_connection().await;
    window.press("Create connection").await;
    scene.desktop.answer_keyring_prompt(false).await;
    window.sees_any_case("locked").await;
    assert_eq!(scene.home.files_with(&[values.secret]), [""; 0]);
    window.close().await;

    let window = scene.window().await;
    window.find(Role::Button, "Add connection").await;
    assert!(window.rows().await.is_empty());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typo_in_replace_secret_keeps_the_secret_that_works() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Replace secret").await;
    window.find(Role::Dialog, "Replace secret").await;
    window
        .find(Role::Secret, "Client secret")
        .await
        .fill("wrg8Q~this_is_not_the_secret_of_that_app")
        .await;
    window.press("Replace secret").await;
    window
        .sees("The new secret does not work. The old one is kept.")
        .await;
    window.press("Cancel").await;
    window.gone(Role::Dialog, "Replace secret").await;
    window.press("Test Connection").await;
    window.sees("Connected.").await;
    window.go_to_list().await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_connection_comes_back_with_undo_and_works() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Delete").await;
    window
        .find(Role::Dialog, "Delete “Microsoft Entra ID”?")
        .await;
    window.press("Delete").await;
    window.press("Undo deleting “Microsoft Entra ID”").await;
    window.sees("“Microsoft Entra ID” is back.").await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Test Connection").await;
    window.sees("Connected.").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_duplicated_with_its_secret_and_tested_at_once() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window
        .connect_by_app_registration(
            "Microsoft Entra ID",
            &Registration::of(&scene, fixtures::HEALTHY),
        )
        .await;
    window.open_connection("Microsoft Entra ID").await;
    window.press("Duplicate").await;
    window
        .find(Role::Dialog, "Duplicate “Microsoft Entra ID”")
        .await;
    window.fill("Name", "Contoso audit").await;
    window.press("Duplicate").await;
    window.find(Role::Heading, "Contoso audit").await;
    window.sees("Connected.").await;
    window.go_to_list().await;
    window.lists("Contoso audit", "Healthy").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_set_aside_after_a_question_and_the_list_begins_anew() {
    let scene = Scene::set().await;
    let folder = scene.home.app_data();
    std::fs::create_dir_all(&folder).unwrap();
    let damaged = [0x42; 8192];
    std::fs::write(folder.join("connections.db"), damaged).unwrap();
    let window = scene.window().await;
    window.sees("The connections file is damaged").await;
    window.press("Set it aside and begin anew…").await;
    window.press("Set it aside").await;
    window.sees("The damaged file was set aside").await;
    window.press("Add connection").await;
    window.close().await;
    let aside = std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().contains(".damaged-"));
    let kept = std::fs::read(aside.expect("it is kept").path()).unwrap();
    assert_eq!(kept, damaged, "byte for byte");
}
