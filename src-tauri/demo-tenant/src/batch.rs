//! Several reads in one request.
//!
//! Source: <https://learn.microsoft.com/graph/json-batching>

use serde_json::{Value, json};

use crate::{errors::Trace, graph_errors::GraphRefusal as Refusal};

/// More than this many requests Graph refuses.
const MAX_REQUESTS: usize = 20;

/// Answers each request by what `read` says of its path; only reads are known here.
pub(crate) fn answer(
    body: &[u8],
    trace: &Trace,
    read: impl Fn(&str) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let asked: Value = serde_json::from_slice(body).map_err(|_| Refusal::unsupported_method())?;
    let requests = asked["requests"]
        .as_array()
        .filter(|all| all.len() <= MAX_REQUESTS)
        .ok_or_else(Refusal::unsupported_method)?;
    let answers = requests.iter().map(|request| {
        let path = request["url"].as_str().unwrap_or_default();
        let result = match request["method"].as_str() {
            Some("GET") => read(&format!("/v1.0/{}", path.split('?').next().unwrap_or_default().trim_start_matches('/'))),
            _ => Err(Refusal::unsupported_method()),
        };
        let (status, body) = match result {
            Ok(body) => (200, body),
            Err(refusal) => refusal.in_a_batch(trace),
        };
        json!({ "id": request["id"], "status": status, "headers": { "Content-Type": "application/json" }, "body": body })
    });
    Ok(json!({ "responses": answers.collect::<Vec<_>>() }))
}
