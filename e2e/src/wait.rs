//! Waiting for something to be seen.

use std::time::Duration;

/// How long a test waits for what must come before it fails; a check may take ten seconds by
/// itself.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// Looks again and again until there is something to see.
///
/// # Panics
/// After [`DEFAULT_TIMEOUT`], with `what` was awaited.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(DEFAULT_TIMEOUT, look)
        .await
        .unwrap_or_else(|| panic!("waited {} s for {what}", DEFAULT_TIMEOUT.as_secs()))
}

/// The same for so long at most; nothing if it was not seen by then.
pub async fn within<T>(patience: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    };
    tokio::time::timeout(patience, looking).await.ok()
}

/// Waits for an answer of a driver, which may hang as the program that it drives may.
///
/// # Panics
/// After [`DEFAULT_TIMEOUT`], with `what` was asked.
pub(crate) async fn answered<T>(what: &str, answer: impl Future<Output = T>) -> T {
    let Ok(answer) = tokio::time::timeout(DEFAULT_TIMEOUT, answer).await else {
        panic!("no answer within {} s: {what}", DEFAULT_TIMEOUT.as_secs())
    };
    answer
}
