//! A connection like another one, and another name for one that is there.

mod common;

use common::{Computer, names};
use connections::{AppRegistrationForm, Copy, Error, Request};
use demo_tenant::{Fault, fixtures};
use model::{ConnectionName, Integration, Method, Outcome, Status};

const REQUEST: Request<'_> = Request {
    program: "bash",
    scope: None,
    fresh: false,
};

#[tokio::test]
async fn a_copy_waits_for_nobody_and_shows_its_secret_to_nobody() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let secret = "plain-old-secret-of-2026";
    let form = AppRegistrationForm {
        client_secret: secret.into(),
        ..computer.form("Audit", fixtures::HEALTHY)
    };
    let original = connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection;
    connections
        .watch_consent(original.id)
        .await
        .expect("a watch");
    let copy = |name: &str, description: &str, tag: &str| Copy {
        name: name.to_owned(),
        description: description.to_owned(),
        tags: vec![tag.to_owned()],
    };
    let shown = format!("the {secret}");
    for (field, copy) in [
        ("Name", copy(secret, "", "")),
        ("Description", copy("Other", &shown, "")),
        ("Tags", copy("Other", "", secret)),
    ] {
        let refused = connections.duplicate(original.id, &copy).await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: named, .. }) if *named == field),
            "{refused:?}"
        );
    }
    assert_eq!(computer.secrets_in_keychain(), 1, "nothing is left behind");
    let copied = connections
        .duplicate(original.id, &copy("Other", "", ""))
        .await
        .expect("copied");
    assert!(!copied.awaits_consent);
    let kept = connections.get(original.id).await.expect("there");
    assert!(kept.awaits_consent);
}

#[tokio::test]
async fn a_copy_has_the_secret_and_everything_but_what_scripts_may_do_and_outlives_the_original() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let original = connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection;
    connections
        .let_scripts_use(original.id, true)
        .await
        .expect("allowed");
    let name = connections
        .suggest_copy_name(original.id)
        .await
        .expect("a name");
    assert_eq!(name.as_str(), "Contoso audit 2");
    let copy = Copy {
        name: name.to_string(),
        description: "The other".into(),
        tags: vec!["copy".into()],
    };
    let copied = connections
        .duplicate(original.id, &copy)
        .await
        .expect("copied");
    assert_eq!(
        (&copied.method, &copied.cloud, copied.integration),
        (&original.method, &original.cloud, original.integration)
    );
    assert_eq!(
        (copied.description.as_str(), copied.tags.as_slice()),
        ("The other", ["copy".to_owned()].as_slice())
    );
    assert_eq!(
        (copied.status, copied.scripts_may_use),
        (Status::NeverTested, false)
    );
    assert_eq!(
        connections
            .suggest_copy_name(copied.id)
            .await
            .expect("a name")
            .as_str(),
        "Contoso audit 3"
    );
    connections.remove(original.id).await.expect("removed");
    assert_eq!(
        connections
            .check(copied.id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Works
    );
}

#[tokio::test]
async fn what_stood_in_the_way_of_a_test_of_the_original_is_not_said_of_the_copy() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::EXPIRED, Integration::EntraId)
        .await;
    connections.check(id, &|_| {}).await.expect("a report");
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 30));
    connections.check(id, &|_| {}).await.expect("a report");
    let original = connections.get(id).await.expect("there");
    assert!(
        original.not_tested.is_some() && original.secret_expired,
        "{original:#?}"
    );
    let copy = Copy {
        name: "Contoso audit 2".into(),
        description: String::new(),
        tags: Vec::new(),
    };
    let copied = connections.duplicate(id, &copy).await.expect("copied");
    assert_eq!(
        (
            copied.not_tested.clone(),
            copied.last_checked_at,
            copied.status
        ),
        (None, None, Status::NeverTested)
    );
    assert!(copied.secret_expired, "it is the same secret");
    assert_eq!(connections.get(copied.id).await.expect("there"), copied);
}

#[tokio::test]
async fn what_cannot_be_copied_leaves_nothing_behind() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let app = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let person = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    let copy = |name: &str| Copy {
        name: name.into(),
        description: String::new(),
        tags: Vec::new(),
    };
    let taken = connections.duplicate(app, &copy("contoso MAIL")).await;
    assert!(matches!(taken, Err(Error::NameTaken)), "{taken:?}");
    let nameless = connections.duplicate(app, &copy(" ")).await;
    assert!(
        matches!(nameless, Err(Error::Invalid { field: "Name", .. })),
        "{nameless:?}"
    );
    let rotating = connections.duplicate(person, &copy("Mail 2")).await;
    assert!(
        matches!(rotating, Err(Error::Invalid { .. })),
        "{rotating:?}"
    );
    assert_eq!(names(connections).await, ["Contoso audit", "Contoso mail"]);
    assert_eq!(computer.secrets_in_keychain(), 2);
}

#[tokio::test]
async fn another_name_keeps_everything_and_the_old_one_is_found_by_nobody() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let app = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let person = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    for (id, old, new) in [
        (app, "Contoso audit", "Fabrikam audit"),
        (person, "Contoso mail", "Fabrikam mail"),
    ] {
        connections
            .let_scripts_use(id, true)
            .await
            .expect("allowed");
        connections.hand_out(id, &REQUEST).await.expect("a token");
        connections.check(id, &|_| {}).await.expect("a report");
        let (before, report) = (
            connections.get(id).await.expect("there"),
            connections.last_report(id).await.expect("read"),
        );
        let renamed = connections.rename(id, new).await.expect("renamed");
        assert_eq!(
            (
                renamed.name.as_str(),
                renamed.status,
                renamed.scripts_may_use
            ),
            (new, before.status, true)
        );
        assert_eq!(connections.last_report(id).await.expect("read"), report);
        assert_eq!(connections.uses(id, 10).await.expect("uses").len(), 1);
        let name = ConnectionName::parse(old).expect("a name");
        assert!(matches!(
            connections.find(&name).await,
            Err(Error::NotFound)
        ));
        assert_eq!(
            connections
                .check(id, &|_| {})
                .await
                .expect("a report")
                .outcome,
            Outcome::Works,
            "{new}"
        );
    }
    assert_eq!(
        computer.secrets_in_keychain(),
        3,
        "two secrets and the key of the kept tokens"
    );
}

#[tokio::test]
async fn a_name_that_another_one_has_is_refused_and_a_name_may_change_its_case() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .create("Other", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let taken = connections.rename(id, "OTHER").await;
    assert!(matches!(taken, Err(Error::NameTaken)), "{taken:?}");
    assert_eq!(
        connections
            .rename(id, "CONTOSO audit")
            .await
            .expect("renamed")
            .name
            .as_str(),
        "CONTOSO audit"
    );
    connections
        .delete(id, std::time::Duration::from_secs(3_600))
        .await
        .expect("deleted");
    let gone = connections.rename(id, "New").await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let back = connections.undo_delete(id).await.expect("back");
    assert!(matches!(back.method, Method::AppRegistration { .. }));
}
