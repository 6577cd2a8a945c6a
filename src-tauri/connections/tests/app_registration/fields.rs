//! The fields of the form: names that are taken, secrets in the wrong place, and what was probably
//! meant.

use connections::{AppRegistrationForm, Error};
use demo_tenant::fixtures;
use model::Integration;

use crate::common::Computer;

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_and_is_suggested_with_a_number() {
    let computer = Computer::new().await;
    let suggest = |computer: &Computer| {
        let connections = computer.connections.clone();
        async move {
            connections
                .suggest_name(Integration::MicrosoftGraph)
                .await
                .expect("a name")
                .to_string()
        }
    };
    assert_eq!(suggest(&computer).await, "Microsoft Graph");
    computer
        .connections
        .create_app_registration(&computer.form("microsoft GRAPH", fixtures::HEALTHY), None)
        .await
        .expect("created");
    assert_eq!(suggest(&computer).await, "Microsoft Graph 2");
    let again = computer
        .connections
        .create_app_registration(&computer.form("Microsoft Graph", fixtures::HEALTHY), None)
        .await;
    assert!(matches!(again, Err(Error::NameTaken)), "{again:?}");
    let verdict = computer
        .connections
        .inspect_app_registration(&computer.form("Microsoft Graph", fixtures::HEALTHY))
        .await;
    assert!(
        verdict.expect("a verdict").name.problem.is_some(),
        "the form says so before anything is sent"
    );
}

#[tokio::test]
async fn a_secret_in_a_field_that_is_shown_and_kept_in_the_clear_is_refused() {
    let computer = Computer::new().await;
    let secret = computer.secret_of(fixtures::HEALTHY);
    let entra = "abc8Q~another-secret.of_Entra-0000000000";
    let fits = |name: &str| computer.form(name, fixtures::HEALTHY);
    let forms = [
        ("Name", fits(&secret)),
        ("Name", fits(&format!("Contoso {secret} of today"))),
        ("Name", fits(entra)),
        (
            "Description",
            AppRegistrationForm {
                description: format!("secret: {secret}"),
                ..fits("Audit")
            },
        ),
        (
            "Description",
            AppRegistrationForm {
                description: format!("secret:{entra};"),
                ..fits("Audit")
            },
        ),
        (
            "Tags",
            AppRegistrationForm {
                tags: vec!["audit".to_owned(), secret.clone()],
                ..fits("Audit")
            },
        ),
        (
            "Name",
            AppRegistrationForm {
                client_secret: "plain-old-secret".into(),
                ..fits("my plain-old-secret")
            },
        ),
    ];
    for (field, form) in &forms {
        let refused = computer
            .connections
            .create_app_registration(form, None)
            .await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: named, .. }) if named == field),
            "{refused:?}"
        );
        let told = format!("{refused:?}");
        assert!(!told.contains(&secret) && !told.contains(entra), "{told}");
    }
    let verdict = computer
        .connections
        .inspect_app_registration(&fits(&secret))
        .await
        .expect("a verdict");
    assert!(
        verdict
            .name
            .problem
            .is_some_and(|problem| problem.contains("client secret"))
    );
    assert_eq!(computer.secrets_in_keychain(), 0);
    for name in [
        "Contoso ~ Fabrikam, the one for the audit of 2026",
        "a~b-c_d.e",
        "Sehr~langer~Name~ohne~eine~einzige~Ziffer",
    ] {
        let kept = computer
            .connections
            .create_app_registration(&fits(name), None)
            .await
            .expect("a name like any other");
        assert_eq!(kept.connection.name.as_str(), name);
        let id = kept.connection.id;
        let renamed = computer.connections.rename(id, entra).await;
        assert!(
            matches!(renamed, Err(Error::Invalid { field: "Name", .. })),
            "{renamed:?}"
        );
    }
}

#[tokio::test]
async fn what_was_probably_meant_is_offered_and_never_taken_by_itself() {
    let computer = Computer::new().await;
    let mut form = computer.form("Contoso audit", fixtures::HEALTHY);
    let id = form.client_id.clone();
    form.client_id =
        format!("https://portal.azure.com/#view/x/Overview/appId/{id}/isMSAApp~/false");
    form.tenant = "admin@contoso.example".into();
    let verdict = computer
        .connections
        .inspect_app_registration(&form)
        .await
        .expect("a verdict");
    assert_eq!(
        (verdict.client_id.suggestion, verdict.tenant.suggestion),
        (Some(id), Some("contoso.example".into()))
    );
    assert!(
        verdict.client_id.problem.is_some() && verdict.tenant.problem.is_some(),
        "both are refused as they are"
    );
    assert!(!verdict.complete, "nothing can be tested with them");

    form.tenant = "9188040d-6c67-4c5b-b112-36a304b66dad".into();
    let verdict = computer
        .connections
        .inspect_app_registration(&form)
        .await
        .expect("a verdict");
    assert_eq!(
        verdict.tenant.problem, None,
        "a tenant that nobody administers is a tenant"
    );
    assert!(
        verdict
            .tenant
            .notes
            .iter()
            .any(|note| note.contains("personal accounts")),
        "{:?}",
        verdict.tenant.notes
    );
}
