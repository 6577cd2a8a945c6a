//! Programs of others that hand out tokens, signed in as the same application. They are in
//! target/peers when scripts/bench.sh could install them.

use std::process::Command;

use crate::place::Place;
use demo_tenant::fixtures;

/// The Azure CLI, signed in at the demo tenant, which it is told is a cloud.
pub(crate) fn az(place: &Place) -> Option<Command> {
    let program = e2e::checkout().join("target/peers/azure-cli/bin/az");
    if !program.exists() {
        return None;
    }
    let az = |arguments: &[&str]| {
        let mut command = place.command(&program);
        command
            .env("AZURE_CORE_COLLECT_TELEMETRY", "no")
            .args(arguments);
        command
    };
    let (login, graph) = (place.tenant.login_url(), place.tenant.graph_url());
    let (secret, tenant) = (
        format!("--password={}", place.secret()),
        fixtures::CONTOSO.to_string(),
    );
    let endpoints = [
        "--endpoint-active-directory",
        login,
        "--endpoint-resource-manager",
        graph,
    ];
    let resource = [
        "--endpoint-active-directory-resource-id",
        graph,
        "--skip-endpoint-discovery",
    ];
    done(&mut az(&[
        &["cloud", "register", "--name", "demo"],
        &endpoints[..],
        &resource[..],
    ]
    .concat()));
    done(&mut az(&["cloud", "set", "--name", "demo"]));
    // It would ask Microsoft's own login host about a host that it does not know.
    done(&mut az(&["config", "set", "core.instance_discovery=false"]));
    let app = fixtures::HEALTHY.to_string();
    let who = [
        "login",
        "--service-principal",
        "--username",
        &app,
        &secret,
        "--tenant",
        &tenant,
    ];
    done(&mut az(
        &[&who[..], &["--skip-subscription-discovery"]].concat()
    ));
    Some(az(&["account", "get-access-token", "--resource", graph]))
}

/// The CLI for Microsoft 365. Its login hosts are fixed, but it takes tokens of a managed identity,
/// which it gets here once through `graph-connect exec`, and keeps.
pub(crate) fn m365(place: &Place) -> Option<Command> {
    let program = e2e::checkout().join("target/peers/m365/node_modules/.bin/m365");
    if !program.exists() {
        return None;
    }
    let m365 = |arguments: &[&str]| {
        let mut command = place.command(&program);
        command.env("CLIMICROSOFT365_NOUPDATE", "1").args(arguments);
        command
    };
    done(&mut m365(&[
        "cli",
        "config",
        "set",
        "--key",
        "disableTelemetry",
        "--value",
        "true",
    ]));
    // What `m365 login --authType identity` writes; that itself asks for a token of Microsoft's own
    // Graph.
    let signed_in = r#"{"active":true,"authType":"identity","accessTokens":{},"tenant":"common","cloudType":"Public"}"#;
    std::fs::write(place.folder().join(".cli-m365-connection.json"), signed_in).expect("a file");
    let ask = || {
        m365(&[
            "util",
            "accesstoken",
            "get",
            "--resource",
            place.tenant.graph_url(),
            "--output",
            "text",
        ])
    };
    done(&mut place.exec(&ask()));
    Some(ask())
}

fn done(command: &mut Command) {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
