//! The client secret itself in a child's environment, as scripts see it: asked for by name, and
//! allowed by a person.
#![cfg(target_os = "linux")]

mod place;

use demo_tenant::fixtures;
use keychain::testing::{Bus, inside};
use place::{Place, text};

const NAME: &str = "Contoso audit";

/// Prints what the child has in the variables that matter, one a line.
const TELL: &str = "env | grep -E '^(AZURE_|IDENTITY_|MSI_|GRAPH_ACCESS)' | sort";

/// What a shell may have left over from another application.
const STALE: [(&str, &str); 14] = [
    ("AZURE_AUTHORITY_HOST", "https://login.stale.test/"),
    ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "stale"),
    ("AZURE_CLIENT_CERTIFICATE_PATH", "/stale.pem"),
    ("AZURE_CLIENT_ID", "stale"),
    ("AZURE_CLIENT_SECRET", "stale"),
    ("AZURE_FEDERATED_TOKEN_FILE", "/stale"),
    ("AZURE_PASSWORD", "stale"),
    ("AZURE_TENANT_ID", "stale"),
    ("AZURE_TOKEN_CREDENTIALS", "dev"),
    ("AZURE_USERNAME", "stale"),
    ("GRAPH_ACCESS_TOKEN", "stale"),
    ("IDENTITY_ENDPOINT", "http://127.0.0.1:1/stale"),
    ("IDENTITY_SERVER_THUMBPRINT", "stale"),
    ("MSI_ENDPOINT", "http://127.0.0.1:1/stale"),
];

#[test]
fn the_secret_is_refused_until_it_is_allowed_by_name_and_again_after_it_was_taken_back() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let exec = ["exec", NAME, "--env", "secret", "--", "sh", "-c", TELL];
        let refused = |why: &str, says: &str| {
            let output = place.run(&exec);
            assert_eq!(output.status.code(), Some(1), "{why}: {output:?}");
            assert!(output.stdout.is_empty(), "{why}: the child did not run");
            assert!(text(&output.stderr).contains(says), "{why}: {output:?}");
        };
        refused("nothing is allowed", "graph-connect allow");
        place.run(&["allow", NAME]);
        refused(
            "tokens are allowed, the secret is not",
            "graph-connect allow NAME --secret",
        );
        assert_eq!(place.uses(NAME), Vec::<(String, String)>::new());

        assert!(
            place
                .run(&["allow", NAME, "--secret", "--yes"])
                .status
                .success()
        );
        let given = text(&place.run(&exec).stdout);
        let secret = &place
            .tenant
            .app(fixtures::HEALTHY)
            .expect("of the fixtures")
            .secrets[0]
            .value;
        let login = place.tenant.login_url();
        let expected = [
            format!("AZURE_AUTHORITY_HOST={login}/"),
            format!("AZURE_CLIENT_ID={}", fixtures::HEALTHY),
            format!("AZURE_CLIENT_SECRET={secret}"),
            format!("AZURE_TENANT_ID={}", fixtures::CONTOSO),
            "AZURE_TOKEN_CREDENTIALS=prod".to_owned(),
        ];
        assert_eq!(
            given.lines().collect::<Vec<_>>(),
            expected,
            "these, and no endpoint beside them"
        );
        assert_eq!(
            place.uses(NAME),
            [("sh".to_owned(), "client secret".to_owned())]
        );
        assert_eq!(place.token_requests(), 0, "no token was asked for");

        assert!(
            place
                .run(&["allow", NAME, "--secret", "--revoke"])
                .status
                .success()
        );
        refused(
            "the secret was taken back",
            "graph-connect allow NAME --secret",
        );
        assert!(
            place.run(&["token", NAME]).status.success(),
            "tokens are still allowed"
        );
        place.run(&["allow", NAME, "--secret", "--yes"]);
        assert!(place.run(&["allow", NAME, "--revoke"]).status.success());
        refused("everything was taken back", "graph-connect allow");
        place.run(&["allow", NAME]);
        refused(
            "the secret does not come back with the tokens",
            "graph-connect allow NAME --secret",
        );
    });
}

#[test]
fn allow_secret_switches_on_both_at_once() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        assert!(
            place
                .run(&["allow", NAME, "--secret", "--yes"])
                .status
                .success()
        );
        assert!(
            place
                .run(&["exec", NAME, "--env", "secret", "--", "true"])
                .status
                .success()
        );
        assert!(place.run(&["token", NAME]).status.success());
    });
}

#[test]
fn what_the_shell_has_left_over_from_elsewhere_does_not_reach_the_child() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME, "--secret", "--yes"]);
        let told = |environment: &str| {
            let mut exec =
                place.graph_connect(&["exec", NAME, "--env", environment, "--", "sh", "-c", TELL]);
            let output = exec.envs(STALE).output().expect("the program runs");
            assert!(output.status.success(), "{output:?}");
            text(&output.stdout)
        };
        let names = |told: &str| -> Vec<_> {
            told.lines()
                .filter_map(|line| line.split_once('='))
                .map(|(name, _)| name.to_owned())
                .collect()
        };
        let identity = told("identity");
        assert_eq!(
            names(&identity),
            [
                "AZURE_TOKEN_CREDENTIALS",
                "IDENTITY_ENDPOINT",
                "IDENTITY_HEADER"
            ]
        );
        let secret = told("secret");
        let mut own = vec![
            "AZURE_AUTHORITY_HOST",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_TENANT_ID",
        ];
        own.push("AZURE_TOKEN_CREDENTIALS");
        assert_eq!(names(&secret), own);
        for told in [&identity, &secret] {
            assert!(
                !told.contains("stale") && told.contains("AZURE_TOKEN_CREDENTIALS=prod"),
                "{told}"
            );
        }
        let token = told("token");
        assert!(
            token.contains("GRAPH_ACCESS_TOKEN=eyJ") && !token.contains("IDENTITY_"),
            "{token}"
        );
        assert!(
            token.contains("AZURE_CLIENT_SECRET=stale"),
            "what is not in the way stays: {token}"
        );
    });
}

#[test]
fn of_a_connection_by_oauth_there_is_no_secret_to_allow() {
    inside(Bus::Ordinary, || {
        let place = Place::signed_in(NAME, fixtures::ADMIN);
        let refused = place.run(&["allow", NAME, "--secret", "--yes"]);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(
            text(&refused.stderr).contains("refresh token is never handed out"),
            "{refused:?}"
        );
        let token = place.run(&["token", NAME]);
        assert_eq!(
            token.status.code(),
            Some(1),
            "nothing is half allowed: {token:?}"
        );
        place.run(&["allow", NAME]);
        let exec = place.run(&["exec", NAME, "--env", "secret", "--", "true"]);
        assert_eq!(exec.status.code(), Some(1), "{exec:?}");
        assert!(text(&exec.stderr).contains("App Registration"), "{exec:?}");
    });
}

#[test]
fn nobody_allows_the_secret_without_being_asked() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let refused = place.run(&["allow", NAME, "--secret"]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(text(&refused.stderr).contains("--yes"), "{refused:?}");
        assert_eq!(
            place.run(&["token", NAME]).status.code(),
            Some(1),
            "nothing was half allowed"
        );
    });
}
