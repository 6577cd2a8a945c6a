//! Ctrl-C, where something has to be put in order first.

use tokio::signal::ctrl_c;
use tokio_util::task::AbortOnDropHandle;

use crate::exit::{Exit, Failure};

/// Listens for Ctrl-C without a gap, from when it is made. Until then, and for what does not use
/// it, Ctrl-C ends the program.
pub(crate) struct Interrupt(AbortOnDropHandle<()>);

impl Interrupt {
    pub(crate) async fn listen() -> Self {
        let pressed = async {
            // Where it cannot be listened for, it ends the program as ever.
            if ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let listening = AbortOnDropHandle::new(tokio::spawn(pressed));
        tokio::task::yield_now().await;
        Self(listening)
    }

    /// Does `work`, unless Ctrl-C comes first; `left` says what is left behind then.
    pub(crate) async fn or<T>(
        &mut self,
        left: &str,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            _ = &mut self.0 => Err(Failure::new(Exit::Other, format!("cancelled; {left}"))),
            done = work => done,
        }
    }
}
