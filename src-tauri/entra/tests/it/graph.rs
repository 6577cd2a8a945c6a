//! Graph reads (TK-10, fault N14).

use entra::{AccessToken, Error, client_credentials, me, organization};
use secrecy::SecretString;
use serde_json::json;

use crate::{
    authority::{ACCOUNT, Authority, client_id, custom_cloud, http, tenant, tenant_id},
    wire::Reply,
};

async fn token(authority: &Authority) -> AccessToken {
    client_credentials(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &SecretString::from("s"),
        None,
    )
    .await
    .unwrap()
}

async fn graph_answers(reply: Reply) -> Error {
    let authority =
        Authority::scripted(move |heard| heard.path().starts_with("/v1.0/").then(|| reply.clone()))
            .await;
    let token = token(&authority).await;
    organization(&http(), &authority.cloud(), &token)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn tk_10_the_token_goes_into_the_header_of_the_graph_host_and_nowhere_else() {
    let login = Authority::start().await;
    let graph = Authority::start().await;
    let token = token(&login).await;
    let cloud = custom_cloud(login.base(), graph.base());
    let tenant = organization(&http(), &cloud, &token).await.unwrap();
    assert_eq!(
        (tenant.id, tenant.display_name.as_str()),
        (tenant_id(), "Contoso")
    );
    assert_eq!(tenant.verified_domains, ["contoso.example"]);
    let person = me(&http(), &cloud, &token).await.unwrap();
    assert_eq!(
        (person.id.as_str(), person.display_name.as_deref()),
        (ACCOUNT, Some("Ada Admin"))
    );
    let targets: Vec<String> = graph
        .heard()
        .into_iter()
        .map(|heard| heard.target)
        .collect();
    assert_eq!(
        targets,
        [
            "/v1.0/organization?$select=id,displayName,verifiedDomains",
            "/v1.0/me?$select=id,displayName,userPrincipalName"
        ]
    );
    for heard in graph.heard() {
        assert!(
            heard
                .header("authorization")
                .unwrap()
                .starts_with("Bearer ")
        );
        assert!(heard.header("client-request-id").is_some());
    }
    assert!(
        login
            .heard()
            .iter()
            .all(|heard| heard.header("authorization").is_none())
    );
}

#[tokio::test]
async fn n_14_what_graph_refuses_is_told_apart() {
    let said = |code: &str| {
        json!({"error": {"code": code, "message": "Insufficient privileges to complete the operation.",
        "innerError": {"date": "2026-11-24T06:00:00", "request-id": "request-1", "client-request-id": "client-1"}}})
    };
    let error = graph_answers(Reply::json(403, &said("Authorization_RequestDenied"))).await;
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    let original = error.original().unwrap();
    assert_eq!(
        (original.http_status, original.error.as_deref()),
        (Some(403), Some("Authorization_RequestDenied"))
    );
    assert_eq!(
        (
            original.trace_id.as_deref(),
            original.correlation_id.as_deref()
        ),
        (Some("request-1"), Some("client-1"))
    );
    let error = graph_answers(Reply::json(401, &said("InvalidAuthenticationToken"))).await;
    assert!(matches!(error, Error::NotAuthorized { .. }), "{error}");
    let error = graph_answers(Reply::json(404, &said("Request_ResourceNotFound"))).await;
    assert!(matches!(error, Error::RequestRefused { .. }), "{error}");
    let error = graph_answers(Reply::with(
        429,
        "Retry-After: 5\r\n",
        said("TooManyRequests").to_string().as_bytes(),
    ))
    .await;
    assert!(
        matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == 5),
        "{error}"
    );
    let error = graph_answers(Reply::json(403, &said(""))).await;
    assert!(
        matches!(error, Error::Forbidden { .. }),
        "an empty code is no fault: {error}"
    );
    assert!(matches!(
        graph_answers(Reply::html(200)).await,
        Error::NotMicrosoft { .. }
    ));
    assert!(matches!(
        graph_answers(Reply::html(403)).await,
        Error::NotMicrosoft { .. }
    ));
    assert!(matches!(
        graph_answers(Reply::with(503, "", b"")).await,
        Error::Unavailable { .. }
    ));
    assert!(matches!(
        graph_answers(Reply::json(200, &json!({"value": []}))).await,
        Error::Malformed { .. }
    ));
}

#[tokio::test]
async fn n_14_the_ids_of_a_refusal_are_found_in_the_headers_too() {
    let reply = Reply::with(
        403,
        "Content-Type: application/json\r\nrequest-id: from-header\r\nclient-request-id: mine\r\n",
        br#"{"error":{"code":"x"}}"#,
    );
    let error = graph_answers(reply).await;
    let original = error.original().unwrap();
    assert_eq!(
        (
            original.trace_id.as_deref(),
            original.correlation_id.as_deref()
        ),
        (Some("from-header"), Some("mine"))
    );
}

#[tokio::test]
async fn what_graph_writes_is_known_as_its_own_with_a_byte_order_mark_and_without_a_body() {
    let marked =
        "\u{feff}{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}";
    let error = graph_answers(Reply::typed(403, "application/json", marked)).await;
    let said = error.original().unwrap();
    assert_eq!(
        (said.error.as_deref(), said.text.as_str()),
        (Some("Authorization_RequestDenied"), "No.")
    );
    let own = "request-id: r-1\r\n";
    for reply in [
        Reply::with(404, own, b""),
        Reply::with(
            404,
            &format!("{own}Content-Type: text/html\r\n"),
            b"<html>Not found</html>",
        ),
        Reply::with(
            404,
            &format!("{own}Content-Type: application/json\r\n"),
            b"\xef\xbb\xbf",
        ),
    ] {
        let error = graph_answers(reply).await;
        assert!(matches!(error, Error::RequestRefused { .. }), "{error}");
        assert_eq!(error.original().unwrap().trace_id.as_deref(), Some("r-1"));
        assert_eq!(error.help().title, "Graph does not find what was asked for");
    }
    let marked = format!(
        "\u{feff}{}",
        json!({"value": [{"id": crate::authority::TENANT, "displayName": "Contoso"}]})
    );
    let authority = Authority::scripted(move |heard| {
        heard
            .path()
            .starts_with("/v1.0/")
            .then(|| Reply::typed(200, "text/json", &marked))
    })
    .await;
    let token = token(&authority).await;
    assert_eq!(
        organization(&http(), &authority.cloud(), &token)
            .await
            .unwrap()
            .display_name,
        "Contoso"
    );
}

#[tokio::test]
async fn nothing_coded_is_asked_for_and_what_is_coded_all_the_same_is_refused() {
    let coded = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    for headers in [
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: identity, br\r\n",
        "Content-Encoding: identity\r\ncontent-encoding: deflate\r\n",
        "Content-Encoding: zstd\r\nContent-Type: application/json\r\n",
    ] {
        let error = graph_answers(Reply::with(200, headers, &coded)).await;
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{headers}: {error}"
        );
        let error = graph_answers(Reply::with(
            429,
            &format!("{headers}Retry-After: 7\r\n"),
            &coded,
        ))
        .await;
        assert!(
            matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == 7),
            "{error}"
        );
    }
    let plain =
        json!({"value": [{"id": crate::authority::TENANT, "displayName": "Contoso"}]}).to_string();
    let authority = Authority::scripted(move |heard| {
        let headers = "Content-Encoding: Identity\r\nContent-Type: application/json\r\n";
        heard
            .path()
            .starts_with("/v1.0/")
            .then(|| Reply::with(200, headers, plain.as_bytes()))
    })
    .await;
    let token = token(&authority).await;
    organization(&http(), &authority.cloud(), &token)
        .await
        .unwrap();
    for heard in authority.heard() {
        assert_eq!(
            heard.header("accept-encoding"),
            Some("identity"),
            "{heard:?}"
        );
    }
}

#[tokio::test]
async fn a_wait_until_a_date_is_reckoned_by_the_clock_of_the_server() {
    for (date, until, seconds) in [
        (
            "Tue, 24 Nov 2026 06:00:00 GMT",
            "Tue, 24 Nov 2026 06:00:30 GMT",
            30,
        ),
        (
            "Tue, 24 Nov 2099 06:00:00 GMT",
            "Tue, 24 Nov 2099 06:02:00 GMT",
            120,
        ),
        (
            "Tue, 24 Nov 2026 06:00:00 GMT",
            "Tue, 24 Nov 2026 05:00:00 GMT",
            1,
        ),
    ] {
        let headers = format!("Date: {date}\r\nRetry-After: {until}\r\n");
        let error = graph_answers(Reply::with(429, &headers, b"")).await;
        assert!(
            matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == seconds),
            "{error}"
        );
    }
    let error = graph_answers(Reply::with(503, "Retry-After: 0\r\n", b"")).await;
    assert!(
        matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == 1),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_without_graph_is_named_so_that_a_check_can_say_it() {
    for reply in [
        Reply::html(404),
        Reply::json(
            404,
            &json!({"error": "invalid_request", "error_description": "unrecognized route"}),
        ),
    ] {
        let error = graph_answers(reply).await;
        assert!(matches!(error, Error::GraphAbsent { .. }), "{error}");
    }
    let login = Authority::start().await;
    let token = token(&login).await;
    let error = me(
        &http(),
        &custom_cloud(login.base(), "http://127.0.0.1:9"),
        &token,
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error}");
}
