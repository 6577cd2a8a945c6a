//! Programs of others that get their tokens from `graph-connect exec`, against the demo tenant over
//! TLS. Run by `scripts/peers.sh` on a desktop with a keychain of its own.
//!
//! usage: `peers NAME PROGRAM ARGUMENT… [--next NAME PROGRAM ARGUMENT…]…`: each program is given
//! Graph's address as one more argument, and has to print the addresses of the tenant's people, one
//! a line.

#[cfg(target_os = "linux")]
#[path = "../tests/place/mod.rs"]
mod place;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let peers: Vec<_> = arguments.split(|argument| argument == "--next").collect();
    let failed: Vec<_> = peers.iter().filter_map(|peer| judge(peer).err()).collect();
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
    eprintln!("error: the keychain that this needs runs on Linux only");
    ExitCode::FAILURE
}

/// Has one program read the tenant's people.
#[cfg(target_os = "linux")]
fn judge(peer: &[String]) -> Result<(), String> {
    use demo_tenant::fixtures;
    use place::{Place, text};

    const CONNECTION: &str = "Contoso audit";

    let [name, command @ ..] = peer else {
        return Err("name a program".to_owned());
    };
    let place = Place::on_a_desktop(CONNECTION);
    place.run(&["allow", CONNECTION]);
    let mut exec = place.graph_connect(&["exec", CONNECTION, "--"]);
    let output = exec
        .args(command)
        .arg(place.tenant.graph_url())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    let said = text(&output.stdout);
    let people: Vec<&str> = said.lines().collect();
    let wrong = |what: &str| Err(format!("{name}: {what}\n{said}{}", text(&output.stderr)));
    if !output.status.success() {
        return wrong("it failed");
    }
    if ![fixtures::ADMIN, fixtures::USER]
        .iter()
        .all(|person| people.contains(person))
    {
        return wrong("it did not read the tenant's people");
    }
    if place.token_requests() != 1 || place.uses(CONNECTION).is_empty() {
        return wrong("its token was not handed out by this program");
    }
    eprintln!(
        "    {name}: read {} people with a token from exec",
        people.len()
    );
    Ok(())
}
