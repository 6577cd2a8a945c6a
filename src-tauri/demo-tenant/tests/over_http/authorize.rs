//! The authorization endpoint: how its answers travel, and which errors are sent or only shown.

mod accounts;
mod consent;

use demo_tenant::{browser::Decision, fixtures};
use url::Url;

use crate::support::{Ask, REDIRECT, TROUBLE, http, start, stopped_at};

#[tokio::test]
async fn form_post_sends_code_and_state_to_the_port_that_asked() {
    let tenant = start().await;
    let answer = Ask::default()
        .visit(&tenant, fixtures::ADMIN, Decision::Accept)
        .await
        .unwrap();
    assert!(answer.posted);
    assert_eq!(answer.target, Url::parse(REDIRECT).unwrap());
    assert_eq!(answer.get("state"), Some("the state"));
    assert!(answer.get("code").unwrap().len() > 400 && answer.get("session_state").is_some());
    assert_eq!(answer.target.query(), None);
}

#[tokio::test]
async fn the_posted_form_has_a_button_for_who_has_no_scripts() {
    let tenant = start().await;
    let url = Ask {
        more: vec![("prompt", "none")],
        ..Ask::default()
    }
    .url(&tenant);
    let html = http().get(url).send().await.unwrap().text().await.unwrap();
    assert!(
        html.contains("<noscript>") && html.contains("type=\"submit\""),
        "{html}"
    );
    assert!(
        html.contains("name=\"error\" value=\"login_required\""),
        "{html}"
    );
}

#[tokio::test]
async fn query_and_fragment_send_the_answer_in_the_address() {
    let tenant = start().await;
    for (mode, mark) in [("query", '?'), ("fragment", '#'), ("", '?')] {
        let ask = Ask {
            more: vec![("response_mode", mode)],
            ..Ask::default()
        };
        let answer = ask
            .visit(&tenant, fixtures::ADMIN, Decision::Accept)
            .await
            .unwrap();
        assert!(!answer.posted);
        assert!(
            answer
                .target
                .as_str()
                .starts_with(&format!("{REDIRECT}/{mark}code=")),
            "{}",
            answer.target
        );
        assert_eq!(answer.get("state"), Some("the state"));
    }
}

#[tokio::test]
async fn the_port_of_localhost_does_not_count_but_the_path_does() {
    let tenant = start().await;
    for good in [
        "http://localhost",
        "http://localhost:1",
        "http://localhost:65535",
    ] {
        Ask {
            redirect_uri: good,
            ..Ask::default()
        }
        .code(&tenant, fixtures::ADMIN)
        .await;
    }
    for bad in [
        "http://localhost:53412/",
        "http://localhost:53412/x",
        "http://LOCALHOST:53412",
        "https://localhost:53412",
        "http://localhost:53412@evil.example",
        "http://localhost.evil.example:53412",
        "http://127.0.0.1:53412",
        "https://evil.example",
    ] {
        let ask = Ask {
            redirect_uri: bad,
            ..Ask::default()
        };
        let text = stopped_at(
            ask.visit(&tenant, fixtures::ADMIN, Decision::Accept).await,
            TROUBLE,
        );
        assert!(text.contains("AADSTS50011"), "{bad}: {text}");
    }
}

#[tokio::test]
async fn a_registered_path_is_compared_with_its_case() {
    let tenant = start().await;
    tenant.app_mut(fixtures::DESKTOP, |app| {
        app.redirect_uris[0].uri = "http://localhost/MyApp".to_owned()
    });
    Ask {
        redirect_uri: "http://localhost:7/MyApp",
        ..Ask::default()
    }
    .code(&tenant, fixtures::ADMIN)
    .await;
    let ask = Ask {
        redirect_uri: "http://localhost:7/myapp",
        ..Ask::default()
    };
    stopped_at(
        ask.visit(&tenant, fixtures::ADMIN, Decision::Accept).await,
        TROUBLE,
    );
}

#[tokio::test]
async fn errors_of_tenant_and_application_are_shown_and_never_sent() {
    let tenant = start().await;
    let unknown = "7b1c2d3e-0000-4000-8000-000000000001".parse().unwrap();
    let cases = [
        (
            Ask {
                place: "nobody.example",
                ..Ask::default()
            },
            90_002,
        ),
        (
            Ask {
                client_id: unknown,
                ..Ask::default()
            },
            700_016,
        ),
        (
            Ask {
                client_id: fixtures::DISABLED,
                ..Ask::default()
            },
            7_000_112,
        ),
        (
            Ask {
                client_id: fixtures::HEALTHY,
                place: "common",
                ..Ask::default()
            },
            50_194,
        ),
        (
            Ask {
                client_id: fixtures::SINGLE_TENANT_DESKTOP,
                place: "organizations",
                ..Ask::default()
            },
            50_194,
        ),
        (
            Ask {
                client_id: fixtures::SINGLE_TENANT_DESKTOP,
                place: "fabrikam.example",
                ..Ask::default()
            },
            700_016,
        ),
        (
            Ask {
                more: vec![("client_id", "")],
                ..Ask::default()
            },
            900_144,
        ),
        (
            Ask {
                more: vec![("redirect_uri", "")],
                ..Ask::default()
            },
            900_144,
        ),
        (
            Ask {
                more: vec![("response_mode", "carrier_pigeon")],
                ..Ask::default()
            },
            9_002_313,
        ),
    ];
    for (ask, number) in cases {
        let text = stopped_at(
            ask.visit(&tenant, fixtures::ADMIN, Decision::Accept).await,
            TROUBLE,
        );
        assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
        assert!(
            text.contains("Trace ID: ") && text.contains("Correlation ID: "),
            "{text}"
        );
    }
}

#[tokio::test]
async fn other_errors_are_sent_with_the_state() {
    let tenant = start().await;
    let default = format!("{}/.default User.Read", tenant.graph_url());
    let cases = [
        (
            vec![("response_type", "token")],
            "unsupported_response_type",
            70_005,
        ),
        (
            vec![("scope", "Nothing.Like.This")],
            "invalid_client",
            650_053,
        ),
        (vec![("scope", default.as_str())], "invalid_scope", 70_011),
        (
            vec![("scope", "https://other.example/User.Read")],
            "invalid_resource",
            500_011,
        ),
        (vec![("scope", "")], "invalid_request", 900_144),
        (
            vec![("code_challenge_method", "S512")],
            "invalid_request",
            501_491,
        ),
        (
            vec![("code_challenge", "short")],
            "invalid_request",
            501_491,
        ),
        (vec![("prompt", "none")], "login_required", 50_058),
    ];
    for (more, error, number) in cases {
        let answer = Ask {
            more,
            ..Ask::default()
        }
        .visit(&tenant, fixtures::ADMIN, Decision::Accept)
        .await
        .unwrap();
        assert_eq!(answer.get("error"), Some(error));
        let description = answer.get("error_description").unwrap();
        assert!(
            description.starts_with(&format!("AADSTS{number}: ")),
            "{description}"
        );
        assert_eq!(
            (answer.get("state"), answer.get("code")),
            (Some("the state"), None)
        );
    }
}

#[tokio::test]
async fn who_declines_sends_access_denied_with_the_state() {
    let tenant = start().await;
    for mode in ["form_post", "query"] {
        let ask = Ask {
            more: vec![("response_mode", mode)],
            ..Ask::default()
        };
        let answer = ask
            .visit(&tenant, fixtures::ADMIN, Decision::Cancel)
            .await
            .unwrap();
        assert_eq!(answer.get("error"), Some("access_denied"));
        assert_eq!(answer.get("error_subcode"), Some("cancel"));
        assert!(
            answer
                .get("error_description")
                .unwrap()
                .starts_with("AADSTS65004: ")
        );
        assert_eq!(answer.get("state"), Some("the state"));
    }
}
