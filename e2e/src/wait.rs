//! Waiting for something to be seen.

use std::time::{Duration, Instant};

/// How long a test waits for what must come before it fails; a check may take ten seconds by itself.
pub const PATIENCE: Duration = Duration::from_secs(30);

const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// Looks again and again until there is something to see.
///
/// # Panics
/// After [`PATIENCE`], with `what` was awaited.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, look).await.unwrap_or_else(|| panic!("waited {} s for {what}", PATIENCE.as_secs()))
}

/// The same for so long at most; nothing if it was not seen by then.
pub async fn within<T>(patience: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return Some(seen);
        }
        if Instant::now() > end {
            return None;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
