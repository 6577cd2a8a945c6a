//! `exec --set`: variables by names that the caller gives.

use demo_tenant::fixtures;
use keychain::testing::{Bus, inside};

use crate::{
    NAME, allowed,
    place::{Place, text},
};

#[test]
fn the_caller_names_the_variables_and_the_program_finds_what_was_named() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let call = [
            "exec",
            NAME,
            "--set",
            "CLIENT_SECRET=secret",
            "--set",
            "CLIENT_ID=client-id",
            "--set",
            "TENANT_ID=tenant-id",
            "--set",
            "OAUTH_TOKEN=token",
            "--set",
            "LOGIN=authority",
            "--set",
            "GRAPH_HOST=graph",
            "--",
            "sh",
            "-c",
            "echo $CLIENT_SECRET; echo $CLIENT_ID; echo $TENANT_ID; echo $OAUTH_TOKEN; echo $LOGIN; echo $GRAPH_HOST; \
             env | grep -cE '^(IDENTITY_|MSI_|AZURE_|GRAPH_ACCESS)'",
        ];
        let mut exec = place.graph_connect(&call);
        exec.env("AZURE_AUTHORITY_HOST", "https://login.stale.test")
            .env("AZURE_CLIENT_SECRET", "stale");
        let told = text(&exec.output().expect("it runs").stdout);
        let token = text(&place.run(&["token", NAME]).stdout);
        let secret = &place
            .tenant
            .app(fixtures::HEALTHY)
            .expect("of the fixtures")
            .secrets[0]
            .value;
        let expected = [
            secret.clone(),
            fixtures::HEALTHY.to_string(),
            fixtures::CONTOSO.to_string(),
            token.trim().to_owned(),
            place.tenant.login_url().to_owned(),
            place.tenant.graph_url().to_owned(),
            "0".to_owned(),
        ];
        assert_eq!(
            told.lines().collect::<Vec<_>>(),
            expected,
            "these, and nothing that is somebody else's"
        );
        let uses: Vec<_> = place
            .uses(NAME)
            .into_iter()
            .map(|(program, scope)| (program, scope.contains("secret")))
            .collect();
        assert_eq!(
            &uses[1..],
            [("sh".to_owned(), false), ("sh".to_owned(), true)],
            "both are written down"
        );
    });
}

#[test]
fn it_needs_the_same_permissions_as_the_modes() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let asked = |value: &str| {
            place.run(&[
                "exec",
                NAME,
                "--set",
                &format!("X={value}"),
                "--",
                "echo",
                "ran",
            ])
        };
        let refused = |value: &str, says: &str| {
            let output = asked(value);
            assert_eq!(
                (output.status.code(), output.stdout.len()),
                (Some(1), 0),
                "{value}: {output:?}"
            );
            assert!(text(&output.stderr).contains(says), "{value}: {output:?}");
        };
        for value in ["secret", "token", "client-id", "graph"] {
            refused(value, "graph-connect allow");
        }
        place.run(&["allow", NAME]);
        refused("secret", "graph-connect allow NAME --secret");
        assert_eq!(text(&asked("token").stdout), "ran\n");
        place.run(&["allow", NAME, "--secret", "--yes"]);
        assert_eq!(text(&asked("secret").stdout), "ran\n");
    });
}

#[test]
fn a_person_who_signed_in_has_tokens_and_ids_to_give_and_no_secret() {
    inside(Bus::Ordinary, || {
        let place = Place::signed_in(NAME, fixtures::ADMIN);
        place.run(&["allow", NAME]);
        let given = place.run(&[
            "exec",
            NAME,
            "--set",
            "T=token",
            "--set",
            "C=client-id",
            "--",
            "sh",
            "-c",
            "echo $C $T",
        ]);
        assert!(
            text(&given.stdout).starts_with(&format!("{} eyJ", fixtures::DESKTOP)),
            "{given:?}"
        );
        let secret = place.run(&["exec", NAME, "--set", "S=secret", "--", "true"]);
        assert!(
            text(&secret.stderr).contains("App Registration"),
            "{secret:?}"
        );
    });
}

#[test]
fn what_would_load_code_is_not_set_and_a_wrong_call_says_what_was_meant_and_repeats_no_secret() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let refused = |settings: &[&str], says: &str| {
            let set = settings.iter().flat_map(|one| ["--set", one]);
            let call: Vec<_> = ["exec", NAME]
                .into_iter()
                .chain(set)
                .chain(["--", "echo", "ran"])
                .collect();
            let output = place.run(&call);
            assert_eq!(
                (output.status.code(), output.stdout.len()),
                (Some(2), 0),
                "{settings:?}: {output:?}"
            );
            let said = text(&output.stderr);
            assert!(
                said.contains(says) && !said.contains("hea8Q"),
                "{settings:?}: {said}"
            );
        };
        for code in [
            "LD_PRELOAD",
            "LD_AUDIT",
            "PATH",
            "Path",
            "NODE_OPTIONS",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "BASH_ENV",
            "PERL5OPT",
            "RUBYOPT",
            "JAVA_TOOL_OPTIONS",
            "DOTNET_STARTUP_HOOKS",
            "GIT_SSH_COMMAND",
            "BASH_FUNC_x",
            "DYLD_INSERT_LIBRARIES",
        ] {
            refused(&[&format!("{code}=token")], "decides which code");
        }
        for way in [
            "HTTPS_PROXY",
            "no_proxy",
            "SSL_CERT_FILE",
            "GRAPH_CONNECT_CLOUDS",
        ] {
            refused(&[&format!("{way}=graph")], "decides where");
        }
        for name in [
            "1X=token",
            "=token",
            "A B=token",
            "A-B=token",
            "Ä=token",
            "BASH_FUNC_x%%=token",
        ] {
            refused(&[name], "a variable has a name of");
        }
        refused(&["A=token", "A=secret"], "it is set twice");
        refused(&["A=secrt"], "did you mean \"secret\"?");
        refused(&["A=ClientID"], "did you mean \"client-id\"?");
        refused(&["A=tenant_id"], "did you mean \"tenant-id\"?");
        refused(
            &["CLIENT_SECRET=hea8Q~some-secret"],
            "the value is one of secret, client-id",
        );
        refused(&["hea8Q~some-secret"], "--set VARIABLE=VALUE");
        refused(&["A="], "the value is one of");
        let both = place.run(&[
            "exec",
            NAME,
            "--env",
            "secret",
            "--set",
            "AZURE_CLIENT_ID=client-id",
            "--",
            "true",
        ]);
        assert_eq!(both.status.code(), Some(2), "{both:?}");
        let beside = [
            "exec",
            NAME,
            "--env",
            "identity",
            "--set",
            "T=tenant-id",
            "--",
            "sh",
            "-c",
            "echo $T $IDENTITY_ENDPOINT",
        ];
        let beside = text(&place.run(&beside).stdout);
        assert!(
            beside.starts_with(&format!("{} http://127.0.0.1:", fixtures::CONTOSO)),
            "{beside}"
        );
    });
}
