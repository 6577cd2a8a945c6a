//! Answers that are not Graph's, or that come late, and what is left of the original when something
//! is refused.

use std::time::{Duration, Instant};

use demo_tenant::Fault;
use keychain::testing::{Bus, inside};

use super::allowed;
use crate::{NAME, place::text};

fn answer(status: u16, kind: &str, body: &str) -> Fault {
    Fault::status("/v1.0/users", status)
        .header("Content-Type", kind)
        .body(body)
        .times(1)
}

#[test]
fn an_answer_that_is_not_graphs_is_never_printed_as_its_data() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        for (status, kind, body) in [
            (
                200,
                "text/html",
                "<html>Sign in to the guest network</html>",
            ),
            (
                200,
                "application/json",
                "<html>Sign in to the guest network</html>",
            ),
            (200, "text/plain", "You are not connected"),
            (200, "application/json", "[1]"),
            (200, "application/json", ""),
            (403, "text/html", "<html>Blocked by policy</html>"),
            (404, "text/plain", "no such page"),
            (503, "text/html", "<html>The gateway is busy</html>"),
        ] {
            for all in [&[][..], &["--all"]] {
                place.tenant.fault(answer(status, kind, body));
                let read = place.run(&[&["get", NAME, "/users"], all].concat());
                assert_eq!(
                    (read.status.code(), read.stdout.len()),
                    (Some(6), 0),
                    "{status} {kind} {body}: {read:?}"
                );
                assert!(
                    text(&read.stderr).contains("The network answered"),
                    "{read:?}"
                );
            }
        }
        place
            .tenant
            .fault(answer(200, "text/html", "<html>a file</html>").header("request-id", "1"));
        assert_eq!(
            text(&place.run(&["get", NAME, "/users"]).stdout),
            "<html>a file</html>\n",
            "Graph's own file"
        );
        place
            .tenant
            .fault(answer(200, "text/plain", "\u{feff}{\"id\":\"1\"}"));
        assert!(
            place.run(&["get", NAME, "/users"]).status.success(),
            "a JSON object, whatever its type says"
        );
    });
}

#[test]
fn an_answer_that_cannot_be_used_refuses_no_credential() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let unknown = r#"{"error":"never_heard_of_it","error_description":"Something new."}"#;
        let may_not = r#"{"error":"unauthorized_client","error_description":"AADSTS700016: There is no such application."}"#;
        for (status, body) in [
            (200, ""),
            (204, ""),
            (200, "{}"),
            (200, "[]"),
            (200, r#"{"access_token":""}"#),
            (400, unknown),
            (400, may_not),
            (401, r#"{"error":42}"#),
        ] {
            for call in [&["check", NAME][..], &["token", NAME, "--fresh"]] {
                let fault = Fault::status("/*/oauth2/v2.0/token", status)
                    .header("Content-Type", "application/json");
                place.tenant.fault(fault.body(body).times(3));
                let ended = place.run(call);
                assert_eq!(
                    ended.status.code(),
                    Some(1),
                    "{call:?}, {status} {body}: {ended:?}"
                );
                place.tenant.clear_faults();
            }
        }
        place
            .tenant
            .fault(Fault::aadsts("/*/oauth2/v2.0/token", 7_000_215).times(1));
        assert_eq!(
            place.run(&["check", NAME]).status.code(),
            Some(4),
            "a refusal of the secret is one"
        );
    });
}

#[test]
fn every_failure_keeps_the_code_the_text_and_the_ids_of_the_original() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        for call in [
            &["token", NAME, "--fresh"][..],
            &["exec", NAME, "--env", "token", "--", "true"],
            &["get", NAME, "/me2"],
        ] {
            place
                .tenant
                .fault(Fault::aadsts("/*/oauth2/v2.0/token", 7_000_222).times(1));
            let refused = place.run(call);
            let said = text(&refused.stderr);
            assert_eq!(
                (refused.status.code(), refused.stdout.len()),
                (Some(4), 0),
                "{refused:?}"
            );
            for part in [
                "AADSTS7000222",
                "invalid_client",
                "Trace ID ",
                "Correlation ID ",
                "HTTP 401",
            ] {
                assert!(said.contains(part), "{call:?}: {part} is not in {said}");
            }
        }
        let body = r#"{"error":{"code":"generalException","message":"Something broke","innerError":{"request-id":"r-1"}}}"#;
        for status in [500, 503] {
            place.tenant.fault(answer(status, "application/json", body));
            let refused = place.run(&["request", NAME, "POST", "/users", "--body", "{}"]);
            let said = text(&refused.stderr);
            for part in [
                "generalException",
                "Something broke",
                "r-1",
                "not known whether it was done",
                "not repeated",
            ] {
                assert!(said.contains(part), "{part} is not in {said}");
            }
        }
        place.tenant.fault(answer(400, "application/json", body));
        let refused = place.run(&["request", NAME, "POST", "/users", "--body", "{}"]);
        assert!(
            !text(&refused.stderr).contains("not known"),
            "a refusal did nothing: {refused:?}"
        );
    });
}

#[test]
fn a_silent_server_is_said_within_seconds_and_ends_when_it_was_set_to() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place.run(&["token", NAME]);
        place
            .tenant
            .fault(Fault::latency("/v1.0/organization", Duration::from_secs(4)).times(1));
        let late = place.run(&["get", NAME, "/organization"]);
        assert!(
            late.status.success() && text(&late.stderr).contains("no answer yet after 3 s"),
            "{late:?}"
        );
        for call in [
            &["get", NAME, "/organization", "--timeout", "1"][..],
            &["request", NAME, "DELETE", "/users/x", "--timeout", "1"],
        ] {
            place
                .tenant
                .fault(Fault::latency("/v1.0/", Duration::from_secs(60)).times(1));
            let asked = Instant::now();
            let ended = place.run(call);
            assert_eq!(ended.status.code(), Some(6), "{ended:?}");
            assert!(
                asked.elapsed() < Duration::from_secs(30),
                "long before the answer"
            );
            let said = text(&ended.stderr);
            assert!(
                said.contains("--timeout") && said.contains("not known") == (call[0] == "request"),
                "{said}"
            );
        }
        assert_eq!(
            place
                .run(&["get", NAME, "/organization", "--timeout", "0"])
                .status
                .code(),
            Some(2)
        );
    });
}

#[test]
fn a_wait_of_nothing_is_not_taken_for_none() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place
            .tenant
            .fault(Fault::throttle("/v1.0/organization", 0).times(2));
        let read = place.run(&["get", NAME, "/organization"]);
        assert!(read.status.success(), "{read:?}");
        let said = text(&read.stderr);
        assert!(
            said.contains("Trying again in 1 s") && said.contains("Trying again in 2 s"),
            "{said}"
        );
    });
}

#[test]
fn a_path_of_a_person_is_not_sent_as_an_application() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place.tenant.clear_requests();
        for path in ["/me", "/Me/messages?$top=1", "beta/me"] {
            let refused = place.run(&["get", NAME, path]);
            assert_eq!(refused.status.code(), Some(2), "{refused:?}");
            assert!(
                text(&refused.stderr).contains("stands for the person who signed in"),
                "{refused:?}"
            );
        }
        assert!(place.tenant.requests().is_empty());
        assert_eq!(
            place
                .run(&["get", NAME, "/users?$filter=a%20eq%20'50%'"])
                .status
                .code(),
            Some(2)
        );
    });
}

#[test]
fn a_token_that_graph_wants_other_claims_in_is_asked_for_once_with_them() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place.run(&["token", NAME]);
        let claims = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzAwMDAwMDAwIn19fQ==";
        let challenge =
            format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"");
        let refusal = || {
            let refusal =
                Fault::status("/v1.0/organization", 401).header("WWW-Authenticate", &challenge);
            refusal.header("request-id", "r-1")
        };
        place.tenant.clear_requests();
        place.tenant.fault(refusal().times(1));
        let read = place.run(&["get", NAME, "/organization"]);
        assert!(
            read.status.success() && text(&read.stdout).contains("Contoso"),
            "{read:?}"
        );
        let asked: Vec<_> = place
            .tenant
            .requests()
            .into_iter()
            .filter(|asked| asked.path.ends_with("/token"))
            .collect();
        assert_eq!(asked.len(), 1, "a new token, once");
        assert!(
            asked[0].body.contains("claims=") && asked[0].body.contains("1700000000"),
            "{}",
            asked[0].body
        );
        place.tenant.clear_requests();
        place.tenant.fault(refusal());
        let refused = place.run(&["get", NAME, "/organization"]);
        assert_eq!(
            (refused.status.code(), refused.stdout.len()),
            (Some(4), 0),
            "{refused:?}"
        );
        assert_eq!(place.token_requests(), 1, "and not again and again");
    });
}

#[test]
fn what_is_kept_at_another_host_is_named_with_its_address_and_the_token_stays() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let kept_at = "https://reports.example.com/data/1?sig=abc";
        for (status, location, given) in [
            (302, kept_at, true),
            (307, kept_at, true),
            (302, "http://reports.example.com/data", false),
            (302, "file:///etc/passwd", false),
            (302, "/v1.0/other", false),
        ] {
            let sent = Fault::status("/v1.0/reports", status)
                .header("request-id", "r-1")
                .header("Location", location);
            place.tenant.fault(sent.times(1));
            let read = place.run(&[
                "get",
                NAME,
                "/reports/getOffice365ActiveUserDetail(period='D7')",
            ]);
            assert_eq!(
                (read.status.code(), read.stdout.len()),
                (Some(1), 0),
                "{read:?}"
            );
            let said = text(&read.stderr);
            assert!(
                said.contains("kept at another host") && said.contains("r-1"),
                "{said}"
            );
            assert_eq!(said.contains(location), given, "{location}: {said}");
        }
        let stranger = Fault::status("/v1.0/reports", 302).header("Location", kept_at);
        place.tenant.fault(stranger.times(1));
        let read = place.run(&["get", NAME, "/reports/x"]);
        assert_eq!(
            read.status.code(),
            Some(6),
            "without Graph's request-id it is not Graph's: {read:?}"
        );
        assert!(!text(&read.stderr).contains(kept_at));
    });
}
