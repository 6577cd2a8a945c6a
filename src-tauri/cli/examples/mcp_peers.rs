//! MCP servers of others, which read variables of their own and have Microsoft's hosts built in:
//! `graph-connect exec --set` gives them what they read, and they read the organization of the demo
//! tenant. Run by `scripts/peers.sh` in a network of its own, where the names of those hosts lead
//! to the demo tenant.
//!
//! usage: `mcp_peers CLIENT LOKKA MS365`: a script for node that is an MCP client, and those of the
//! two servers.

#[cfg(target_os = "linux")]
#[path = "../tests/place/mod.rs"]
mod place;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [client, lokka, ms365] = arguments.as_slice() else {
        eprintln!("usage: mcp_peers CLIENT LOKKA MS365");
        return ExitCode::FAILURE;
    };
    let secret = [
        "--set",
        "CLIENT_SECRET=secret",
        "--set",
        "CLIENT_ID=client-id",
        "--set",
        "TENANT_ID=tenant-id",
    ];
    let failed = [
        judge(client, "lokka", &secret, &[lokka]),
        judge(
            client,
            "ms365",
            &["--set", "MS365_MCP_OAUTH_TOKEN=token"],
            &[ms365, "--org-mode"],
        ),
    ];
    let failed: Vec<_> = failed.into_iter().filter_map(Result::err).collect();
    for failure in &failed {
        eprintln!("error: {failure}");
    }
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("error: the keychain and the network that this needs are there on Linux only");
    ExitCode::FAILURE
}

/// Lets the client start one server, as the line of its configuration in docs/SCRIPTS.md says, and
/// call it.
#[cfg(target_os = "linux")]
fn judge(client: &str, name: &str, set: &[&str], server: &[&str]) -> Result<(), String> {
    use place::{Place, program, text};

    const CONNECTION: &str = "Contoso audit";

    let place = Place::as_microsoft(CONNECTION);
    place.run(&["allow", CONNECTION, "--secret", "--yes"]);
    let mut node = place.command("node");
    node.args([client, name, &program(), "exec", CONNECTION])
        .args(set)
        .args(["--", "node"])
        .args(server);
    let output = node.output().map_err(|error| format!("{name}: {error}"))?;
    let said = text(&output.stdout);
    let wrong = |what: &str| Err(format!("{name}: {what}\n{said}{}", text(&output.stderr)));
    if !output.status.success() {
        return wrong("it failed");
    }
    let read = place
        .tenant
        .requests()
        .iter()
        .any(|one| one.path.ends_with("/organization") || one.path.ends_with("/$batch"));
    if !said.contains("\"Contoso\"") || !read {
        return wrong("it did not read the organisation");
    }
    if place
        .uses(CONNECTION)
        .first()
        .is_none_or(|(program, _)| program != "node")
    {
        return wrong("what it was given is not written down");
    }
    eprintln!("    {name}: read the organization with what exec --set gave it");
    Ok(())
}
