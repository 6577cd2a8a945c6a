//! Tasks that end also when nobody waits for them any more.

use tokio::task::JoinHandle;

use crate::Error;

/// Runs a change on a task of its own, so that it ends also when nobody waits for it any more.
pub(crate) async fn finish<T: Send + 'static>(
    change: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    joined(tokio::spawn(change)).await
}

/// What became of a task of its own.
pub(crate) async fn joined<T>(task: JoinHandle<Result<T, Error>>) -> Result<T, Error> {
    match task.await {
        Ok(result) => result,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::Closing),
        },
    }
}
