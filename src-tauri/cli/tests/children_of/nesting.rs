//! An `exec` in an `exec`: nothing of the outer connection reaches the inner program.

use keychain::testing::{Bus, inside};

use crate::{NAME, allowed, place::text};

/// The names that the innermost program has and that hold something of a connection.
const TELL: &str = "env | grep -E '^(AZURE_|IDENTITY_|MSI_|GRAPH_ACCESS|MY_|GRAPH_CONNECT_EXEC)' | cut -d= -f1 | sort | xargs";

#[test]
fn an_inner_one_takes_away_what_an_outer_one_has_set_in_every_mode_and_by_any_name() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let outer: [&[&str]; 4] = [
            &["--env", "identity"],
            &["--env", "token"],
            &["--env", "secret"],
            &[
                "--set",
                "MY_SECRET=secret",
                "--set",
                "MY_TOKEN=token",
                "--set",
                "MY_ID=client-id",
            ],
        ];
        let inner: [(&[&str], &str); 4] = [
            (
                &["--env", "identity"],
                "AZURE_TOKEN_CREDENTIALS GRAPH_CONNECT_EXEC IDENTITY_ENDPOINT IDENTITY_HEADER",
            ),
            (&["--env", "token"], "GRAPH_ACCESS_TOKEN GRAPH_CONNECT_EXEC"),
            (
                &["--env", "secret"],
                "AZURE_AUTHORITY_HOST AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_TENANT_ID AZURE_TOKEN_CREDENTIALS \
                 GRAPH_CONNECT_EXEC",
            ),
            (&["--set", "MY_OWN=token"], "GRAPH_CONNECT_EXEC MY_OWN"),
        ];
        for around in outer {
            for (within, expected) in inner {
                let inner = [
                    &[program, "exec", NAME][..],
                    within,
                    &["--", "sh", "-c", TELL],
                ]
                .concat();
                let call = [&["exec", NAME][..], around, &["--"], &inner].concat();
                let output = place.run(&call);
                assert_eq!(
                    text(&output.stdout).trim(),
                    expected,
                    "{around:?} around {within:?}: {output:?}"
                );
            }
        }
    });
}

#[test]
fn a_shell_between_the_two_and_a_third_one_change_nothing_and_what_a_person_set_stays() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let third = format!("'{program}' exec '{NAME}' --set MY_THIRD=token -- sh -c \"{TELL}\"");
        let second = format!(
            "export MY_PERSONS=1; '{program}' exec '{NAME}' --set MY_SECOND=secret -- sh -c '{}'",
            third.replace('\'', r"'\''")
        );
        let output = place.run(&[
            "exec",
            NAME,
            "--set",
            "MY_FIRST=secret",
            "--",
            "sh",
            "-c",
            &second,
        ]);
        assert_eq!(
            text(&output.stdout).trim(),
            "GRAPH_CONNECT_EXEC MY_PERSONS MY_THIRD",
            "{output:?}"
        );
    });
}

#[test]
fn a_mark_that_somebody_made_up_takes_nothing_away_that_a_program_needs_to_run() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let mut exec = place.graph_connect(&[
            "exec",
            NAME,
            "--env",
            "token",
            "--",
            "sh",
            "-c",
            "echo $HOME; echo $X; env | grep -c ^PATH=",
        ]);
        let exec = exec
            .env("GRAPH_CONNECT_EXEC", "PATH,HOME,LD_LIBRARY_PATH,,=,X")
            .env("X", "x")
            .env("HOME", "/here");
        assert_eq!(
            text(&exec.output().expect("it runs").stdout),
            "/here\n\n1\n"
        );
    });
}
