//! Graph or the login host wants a newer sign-in (continuous access evaluation): answered once,
//! else kept for the next sign-in. And what a server repeats of a secret is kept nowhere.

use base64::{Engine, prelude::BASE64_STANDARD};
use connections::{Connections, Request};
use demo_tenant::{Fault, fixtures};
use model::{ConnectionId, Integration, Outcome, Step, StepState};

use crate::common::{Computer, finding};

const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1764104400"}}}"#;
const TOKEN: &str = "/*/oauth2/v2.0/token";

/// Graph's refusal of a token that it no longer takes.
fn challenge(path: &str) -> Fault {
    let claims = BASE64_STANDARD.encode(CLAIMS);
    let asked = format!(
        r#"Bearer realm="", client_id="x", error="insufficient_claims", claims="{claims}""#
    );
    let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Continuous access evaluation resulted in challenge."}}"#;
    Fault::status(path, 401)
        .header("WWW-Authenticate", &asked)
        .header("Content-Type", "application/json")
        .body(body)
}

fn claims_of_token_requests(computer: &Computer) -> Vec<Option<String>> {
    let requests = computer.tenant.requests();
    let asked = requests
        .iter()
        .filter(|request| request.path.ends_with("/token"));
    asked
        .map(|request| request.field("claims").map(str::to_owned))
        .collect()
}

async fn claims_in_next_link(connections: &Connections, id: ConnectionId) -> Option<String> {
    let plan = connections.plan_sign_in_again(id).await.expect("a plan");
    let attempt = connections.begin_attempt(&plan).await.expect("an attempt");
    attempt
        .url()
        .query_pairs()
        .find(|(name, _)| name == "claims")
        .map(|(_, claims)| claims.into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn graph_is_given_a_token_with_what_it_asks_for_once() {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    let app = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    for (id, path) in [
        (kept.id, "/v1.0/me"),
        (app, "/v1.0/organization"),
        (app, "/v1.0/auditLogs/signIns"),
    ] {
        computer.tenant.clear_requests();
        computer.tenant.fault(challenge(path).times(1));
        let report = computer.connections.check(id, &|_| {}).await.unwrap();
        assert_eq!(
            finding(&report, Step::GraphRead).state,
            StepState::Passed,
            "{path}: {report:#?}"
        );
        assert_ne!(
            finding(&report, Step::Probe).state,
            StepState::Failed,
            "{path}: {report:#?}"
        );
        assert_eq!(
            claims_of_token_requests(&computer),
            [None, Some(CLAIMS.to_owned())],
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_graph_goes_on_to_ask_for_is_passed_on_into_the_next_sign_in() {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    assert_eq!(
        claims_in_next_link(&computer.connections, kept.id).await,
        None
    );
    computer.tenant.fault(challenge("/v1.0/"));
    let report = computer.connections.check(kept.id, &|_| {}).await.unwrap();
    assert_eq!(report.outcome, Outcome::NeedsSignIn, "{report:#?}");
    let read = finding(&report, Step::GraphRead);
    let next = read.next.clone().unwrap();
    assert!(
        next.contains("Sign in again") && next.contains("something changed"),
        "{next}"
    );
    let probe = finding(&report, Step::Probe);
    assert!(!format!("{probe:?}").contains("license"), "{probe:?}");
    let computer = computer.restarted().await;
    assert_eq!(
        claims_in_next_link(&computer.connections, kept.id)
            .await
            .as_deref(),
        Some(CLAIMS)
    );
    computer.tenant.clear_faults();
    let plan = computer
        .connections
        .plan_sign_in_again(kept.id)
        .await
        .unwrap();
    let signed_in = computer.signed_in(&plan, fixtures::ADMIN).await.unwrap();
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .unwrap();
    computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .unwrap();
    assert_eq!(
        claims_in_next_link(&computer.connections, kept.id).await,
        None,
        "it was answered"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refused_refresh_asks_for_is_kept_for_the_next_sign_in() {
    let body = serde_json::json!({"error": "interaction_required", "error_description": "AADSTS50076: More.",
        "error_codes": [50076], "suberror": "basic_action", "claims": CLAIMS});
    let refused = Fault::status(TOKEN, 400)
        .header("Content-Type", "application/json")
        .body(&body.to_string());
    for by_script in [true, false] {
        let computer = Computer::new().await;
        let (kept, _) = computer
            .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
            .await;
        computer
            .connections
            .let_scripts_use(kept.id, true)
            .await
            .unwrap();
        computer.tenant.fault(refused.clone());
        if by_script {
            let request = Request {
                program: "test",
                scope: None,
                fresh: true,
            };
            computer
                .connections
                .hand_out(kept.id, &request)
                .await
                .unwrap_err();
        } else {
            let report = computer.connections.check(kept.id, &|_| {}).await.unwrap();
            assert_eq!(report.outcome, Outcome::NeedsSignIn);
        }
        let another = computer.another_program().await;
        assert_eq!(
            claims_in_next_link(&another, kept.id).await.as_deref(),
            Some(CLAIMS),
            "{by_script}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_graph_no_longer_accepts_is_never_told_to_sign_in() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer.tenant.fault(challenge("/v1.0/"));
    let report = computer.connections.check(id, &|_| {}).await.unwrap();
    let read = finding(&report, Step::GraphRead);
    assert!(
        read.next
            .as_deref()
            .unwrap()
            .contains("continuous access evaluation"),
        "{read:?}"
    );
    let said = format!("{report:?}").to_lowercase();
    assert!(!said.contains("sign in again"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_the_login_host_repeats_is_in_no_report_and_in_no_file() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let secret = computer.secret_of(fixtures::HEALTHY);
    let encoded: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for error in [
        "access_denied",
        "invalid_client",
        "unauthorized_client",
        "never_seen",
    ] {
        let body = serde_json::json!({"error": error, "error_description": format!("You sent {secret} and {encoded}"),
            "trace_id": secret, "correlation_id": BASE64_STANDARD.encode(&secret), "timestamp": encoded});
        computer.tenant.clear_faults();
        computer.tenant.fault(
            Fault::status(TOKEN, 401)
                .header("Content-Type", "application/json")
                .header("x-ms-request-id", &secret)
                .body(&body.to_string()),
        );
        let report = computer.connections.check(id, &|_| {}).await.unwrap();
        let shown = serde_json::to_string(&report).unwrap();
        assert!(
            shown.contains("You sent [removed] and [removed]"),
            "{error}: {shown}"
        );
        for spelt in [secret.as_str(), &encoded, &BASE64_STANDARD.encode(&secret)] {
            assert!(!shown.contains(spelt), "{error}: {shown}");
            for file in computer.data_files() {
                let bytes = std::fs::read(&file).unwrap();
                let is_in = bytes
                    .windows(spelt.len())
                    .any(|window| window == spelt.as_bytes());
                assert!(!is_in, "{error}: {}", file.display());
            }
        }
    }
}
