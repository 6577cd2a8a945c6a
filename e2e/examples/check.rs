//! How long a check takes when every answer comes late: `check [RUNS]`, on a desktop with a
//! keychain of its own.
//!
//! Each answer of the demo tenant is held back by 100 ms. A healthy connection's check needs two
//! answers one after the other, a token and a read from Graph; everything else has to happen beside
//! them. Prints the medians beside that floor.
#![expect(clippy::print_stdout, reason = "what is printed is the result")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use connections::{Connections, KEYCHAIN_SERVICE, SignInForm};
use demo_tenant::browser::Decision;
use demo_tenant::{DemoTenant, Fault, Options, fixtures};
use e2e::Screen;
use entra::Clouds;
use keychain::Keychain;
use model::{CloudId, ConnectionId, Integration, Need, Outcome};

const ADDED: Duration = Duration::from_millis(100);
/// Token, then Graph.
const CRITICAL_PATH: u32 = 2;
/// What the project allows itself over the critical path: a fifth of it, and so much for the
/// program's own work.
const ALLOWED_FACTOR: f64 = 1.2;
const ALLOWED_WORK: Duration = Duration::from_millis(150);

struct Subject {
    name: &'static str,
    id: ConnectionId,
    took: Vec<Duration>,
}

#[tokio::main]
async fn main() -> ExitCode {
    // Somebody's own keychain is not what this writes to.
    assert!(
        std::env::var_os(Screen::VARIABLE).is_some(),
        "run it on a private desktop, as scripts/bench.sh does"
    );
    let runs: usize = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(20);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tenant = DemoTenant::start(Options::default())
        .await
        .expect("the demo tenant starts");
    let clouds = Clouds::built_in()
        .with_custom(&tenant.clouds_json())
        .expect("its clouds file");
    let keychain = Keychain::native(KEYCHAIN_SERVICE);
    let connections = Connections::open(folder.path(), keychain, clouds)
        .await
        .expect("an empty store");
    let mut subjects = [
        Subject {
            name: "App Registration",
            id: by_secret(&connections, &tenant).await,
            took: Vec::new(),
        },
        Subject {
            name: "OAuth",
            id: by_sign_in(&connections, &tenant).await,
            took: Vec::new(),
        },
    ];
    tenant.fault(Fault::latency("", ADDED));
    // The first run of each opens the connections to both hosts and is not counted.
    for run in 0..=runs {
        for subject in &mut subjects {
            let took = check(&connections, subject.id).await;
            if run > 0 {
                subject.took.push(took);
            }
        }
    }
    report(&mut subjects, runs)
}

/// One check, which has to find that the connection works, and the time until its report was there.
async fn check(connections: &Connections, id: ConnectionId) -> Duration {
    let began = Instant::now();
    let report = connections.check(id, &|_| {}).await.expect("a report");
    let took = began.elapsed();
    assert_eq!(
        report.outcome,
        Outcome::Works,
        "{}: {:#?}",
        report.headline,
        report.findings
    );
    took
}

async fn by_secret(connections: &Connections, tenant: &DemoTenant) -> ConnectionId {
    tenant.app_mut(fixtures::HEALTHY, |app| {
        let needed = Integration::EntraId.permissions(model::PermissionKind::Application);
        let names = || {
            needed
                .iter()
                .map(|permission| permission.name.to_owned())
                .collect()
        };
        app.principals
            .get_mut(&fixtures::CONTOSO)
            .expect("it is there")
            .roles = names();
        app.registered_roles = names();
    });
    connections
        .create_app_registration(&e2e::healthy(tenant, "by secret"), None)
        .await
        .expect("the keychain of this desktop takes it")
        .connection
        .id
}

async fn by_sign_in(connections: &Connections, tenant: &DemoTenant) -> ConnectionId {
    let form = SignInForm {
        integration: Integration::EntraId,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: "by sign-in".to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::DESKTOP.to_string(),
        tenant: fixtures::CONTOSO.to_string(),
    };
    let plan = connections.plan_sign_in(&form).await.expect("a plan");
    let attempt = connections.begin_attempt(&plan).await.expect("a port");
    let page = attempt.url().to_string();
    let (notices, _noticed) = tokio::sync::mpsc::unbounded_channel();
    let waiting = tokio::spawn(attempt.finish(notices));
    let answer = tenant
        .visit(&page, fixtures::ADMIN, Decision::AcceptForEverybody)
        .await
        .expect("the pages answer");
    tenant
        .browser()
        .expect("a browser")
        .deliver(&answer)
        .await
        .expect("the answer arrives");
    let signed_in = waiting.await.expect("the attempt ends").expect("signed in");
    let tried = connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("a test");
    connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("the keychain of this desktop takes it")
        .id
}

fn report(subjects: &mut [Subject], runs: usize) -> ExitCode {
    let floor = ADDED * CRITICAL_PATH;
    let allowed = floor.mul_f64(ALLOWED_FACTOR) + ALLOWED_WORK;
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "\nA check of a healthy connection, with {} ms added to each answer.",
        ADDED.as_millis()
    );
    println!(
        "Medians of {runs} runs, which all said \"Works\"; the floor is {CRITICAL_PATH} answers.\n"
    );
    println!("| | check | floor | allowed |");
    println!("|---|---:|---:|---:|");
    let mut within = true;
    for Subject { name, took, .. } in subjects {
        took.sort();
        let median = took[took.len() / 2];
        within &= median <= allowed;
        let (check, floor, allowed) = (
            milliseconds(median),
            milliseconds(floor),
            milliseconds(allowed),
        );
        println!("| {name} | {check:.0} ms | {floor:.0} ms | {allowed:.0} ms |");
    }
    println!(
        "\n{}",
        if within {
            "Within what is allowed."
        } else {
            "NOT within what is allowed."
        }
    );
    if within {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
