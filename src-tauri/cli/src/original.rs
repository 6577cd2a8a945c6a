//! What a server said when it refused, as lines under a message: its code, its words, and what
//! Microsoft's support asks for.

use model::OriginalError;

/// The lines; none where the server said nothing.
pub(crate) fn lines(original: &OriginalError) -> Vec<String> {
    let status = original.http_status.map(|status| format!("HTTP {status}"));
    let number = original.aadsts.map(|number| format!("AADSTS{number}"));
    let codes: Vec<_> = [status, original.error.clone(), number]
        .into_iter()
        .flatten()
        .collect();
    let text = (!original.text.is_empty()).then(|| original.text.clone());
    let answer = (!codes.is_empty()).then(|| format!("Answer: {}.", codes.join(", ")));
    [answer, text, ids(original)]
        .into_iter()
        .flatten()
        .collect()
}

/// The IDs of the request, under the names that the server has for them.
pub(crate) fn ids(original: &OriginalError) -> Option<String> {
    let is_login = original.aadsts.is_some();
    let names = if is_login {
        ["Trace ID", "Correlation ID"]
    } else {
        ["request-id", "client-request-id"]
    };
    let ids = [&original.trace_id, &original.correlation_id];
    let named = names
        .into_iter()
        .zip(ids)
        .filter_map(|(name, id)| id.as_ref().map(|id| format!("{name} {id}")));
    let at = original
        .timestamp
        .as_ref()
        .filter(|_| is_login)
        .map(|at| format!("Timestamp {at}"));
    let all: Vec<_> = named.chain(at).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
