//! What the endpoint of `exec` answers an SDK, which tries again after 429 and 5xx and after
//! nothing else.

use std::process::Stdio;

use demo_tenant::Fault;
use keychain::testing::{Bus, inside};

use super::allowed;
use crate::{NAME, place::Place};

/// Runs a program that waits, and asks its endpoint.
fn with_endpoint(place: &Place, ask: impl FnOnce(&dyn Fn(&str) -> (u16, String))) {
    let told = place.home.path().join("told-of-endpoint");
    let script = format!(
        "echo $IDENTITY_ENDPOINT $IDENTITY_HEADER >{0}.part; mv {0}.part {0}; cat",
        told.display()
    );
    let mut running = place.graph_connect(&["exec", NAME, "--", "sh", "-c", &script]);
    let mut running = running
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    place.wait_until(|| told.exists());
    let said = std::fs::read_to_string(&told).expect("what the child was told");
    let (endpoint, header) = said
        .trim()
        .split_once(' ')
        .expect("an address and a header");
    let own = format!("X-IDENTITY-HEADER: {header}");
    ask(&|query| {
        place.curl(&[
            &format!("{endpoint}?api-version=2019-08-01{query}"),
            "-H",
            &own,
        ])
    });
    drop(running.stdin.take());
    assert!(running.wait().expect("it ends").success());
}

#[test]
fn an_sdk_is_told_to_try_again_only_after_what_passes() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let graph = format!(
            "&resource={}",
            place.tenant.graph_url().trim_end_matches('/')
        );
        with_endpoint(&place, |ask| {
            for empty in ["", "&resource=", "&resource=%20", "&scope="] {
                assert_eq!(ask(empty).0, 400, "{empty:?}");
            }
            for number in [7_000_222, 53_003, 700_016] {
                place
                    .tenant
                    .fault(Fault::aadsts("/*/oauth2/v2.0/token", number).times(1));
                let (status, body) = ask(&graph);
                assert_eq!(status, 400, "{number}: {body}");
                assert!(body.contains(&format!("AADSTS{number}")), "{body}");
                // What only a person can mend is not asked for again at once; a check that passes
                // ends that.
                place.run(&["check", NAME]);
            }
            let broken = Fault::status("/*/oauth2/v2.0/token", 500)
                .header("Content-Type", "application/json");
            place
                .tenant
                .fault(broken.body(r#"{"error":"server_error"}"#).times(2));
            assert_eq!(
                [ask(&graph).0, ask(&graph).0],
                [503, 503],
                "now, and remembered"
            );
        });
    });
}

#[test]
fn graphs_own_id_and_other_spellings_of_its_address_are_graph() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let graph = place.tenant.graph_url().trim_end_matches('/').to_owned();
        let id = "00000003-0000-0000-c000-000000000000";
        with_endpoint(&place, |ask| {
            let own = [
                id.to_owned(),
                id.to_uppercase(),
                format!("{graph}//.default"),
                graph.replace("http", "HTTP"),
            ];
            for resource in own {
                assert_eq!(ask(&format!("&resource={resource}")).0, 200, "{resource}");
                assert_eq!(
                    ask(&format!("&scope={resource}")).0,
                    200,
                    "{resource} as a scope"
                );
            }
            for foreign in [
                "https://vault.azure.net",
                "00000002-0000-0000-c000-000000000000",
                &format!("{graph}.evil.test"),
            ] {
                assert_eq!(ask(&format!("&resource={foreign}")).0, 400, "{foreign}");
            }
        });
        assert_eq!(place.token_requests(), 1);
    });
}
