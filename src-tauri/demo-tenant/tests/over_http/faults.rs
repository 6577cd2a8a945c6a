use std::time::{Duration, Instant};

use demo_tenant::{Fault, Host, LoggedRequest, fixtures};
use serde_json::{Value, json};

use crate::support::{client_credentials, granted, http, post_token, secret_of, start};

const TOKEN: &str = "/*/oauth2/v2.0/token";

#[tokio::test]
async fn a_fault_strikes_as_often_as_planned_and_only_its_path() {
    let tenant = start().await;
    tenant.fault(Fault::throttle(TOKEN, 17).times(2));
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    for _ in 0..2 {
        let keys = http()
            .get(format!("{}/common/discovery/v2.0/keys", tenant.login_url()))
            .send()
            .await
            .unwrap();
        assert_eq!(keys.status(), 200);
        let response = post_token(&tenant, "contoso.example", &form).await;
        assert_eq!(
            (
                response.status().as_u16(),
                response.headers()["retry-after"].to_str().unwrap()
            ),
            (429, "17")
        );
    }
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn a_fault_replaces_status_body_and_headers() {
    let tenant = start().await;
    tenant.fault(
        Fault::status("/v1.0/me", 503)
            .body("<html>busy</html>")
            .header("Content-Type", "text/html"),
    );
    let response = http()
        .get(format!("{}/v1.0/me", tenant.graph_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["content-type"].to_str().unwrap()
        ),
        (503, "text/html")
    );
    assert_eq!(response.text().await.unwrap(), "<html>busy</html>");
    tenant.clear_faults();
    let response = http()
        .get(format!("{}/v1.0/me", tenant.graph_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn latency_delays_the_real_answer() {
    let tenant = start().await;
    tenant.fault(Fault::latency(TOKEN, Duration::from_millis(300)));
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    let begun = Instant::now();
    granted(post_token(&tenant, "contoso.example", &form).await).await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_connection_is_cut_before_the_answer_or_in_the_middle_of_it() {
    let tenant = start().await;
    let url = format!("{}/v1.0/me", tenant.graph_url());
    tenant.fault(Fault::cut("/v1.0/me").times(1));
    assert!(http().get(&url).send().await.is_err());
    tenant.fault(Fault {
        cut_connection: true,
        times: Some(1),
        ..Fault::status("/v1.0/me", 200).body("{\"id\": \"half\"}")
    });
    let response = http().get(&url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn requests_are_written_down_with_their_fields() {
    let tenant = start().await;
    let form = client_credentials(&tenant, fixtures::ODD_SECRET, fixtures::ODD_SECRET_VALUE);
    post_token(&tenant, "contoso.example", &form).await;
    http()
        .get(format!("{}/v1.0/me?$select=id", tenant.graph_url()))
        .bearer_auth("x")
        .send()
        .await
        .unwrap();
    let requests = tenant.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (requests[0].host, requests[0].method.as_str()),
        (Host::Login, "POST")
    );
    assert_eq!(requests[0].path, "/contoso.example/oauth2/v2.0/token");
    assert_eq!(
        requests[0].field("client_secret"),
        Some(fixtures::ODD_SECRET_VALUE)
    );
    assert!(
        requests[0]
            .body
            .contains("client_secret=p%7Ea%2Bb%26c%25d%3De+f"),
        "{}",
        requests[0].body
    );
    assert_eq!(
        (requests[1].host, requests[1].parameter("$select")),
        (Host::Graph, Some("id"))
    );
    assert_eq!(requests[1].header("authorization"), Some("Bearer x"));
    tenant.clear_requests();
    assert_eq!(tenant.requests(), []);
}

#[tokio::test]
async fn another_process_plans_faults_and_reads_requests_over_http() {
    let tenant = start().await;
    let control = |name: &str| format!("{}/_demo/{name}", tenant.login_url());
    let fault = json!({ "path": "/v1.0/", "status": 500, "times": 1 });
    let planned = http()
        .post(control("faults"))
        .json(&fault)
        .send()
        .await
        .unwrap();
    assert_eq!(planned.status(), 204);
    let many = json!([{ "path": "/nowhere", "latencyMs": 5, "headers": [["A", "b"]], "cutConnection": true }]);
    assert_eq!(
        http()
            .post(control("faults"))
            .json(&many)
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    let url = format!("{}/v1.0/me", tenant.graph_url());
    assert_eq!(http().get(&url).send().await.unwrap().status(), 500);
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
    let log: Vec<LoggedRequest> = http()
        .get(control("requests"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        log.iter()
            .map(|request| request.path.as_str())
            .collect::<Vec<_>>(),
        ["/v1.0/me", "/v1.0/me"]
    );
    let list: Value = granted(http().get(control("faults")).send().await.unwrap()).await;
    assert_eq!(list.as_array().unwrap().len(), 2);
    for name in ["faults", "requests"] {
        assert_eq!(
            http().delete(control(name)).send().await.unwrap().status(),
            204
        );
        assert_eq!(
            granted(http().get(control(name)).send().await.unwrap()).await,
            json!([])
        );
    }
    let misspelt = http()
        .post(control("faults"))
        .json(&json!({ "pfad": "/" }))
        .send()
        .await
        .unwrap();
    assert_eq!(misspelt.status(), 422);
}
