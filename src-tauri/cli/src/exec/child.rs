//! The program that runs: its environment, and how it ended.

use std::{
    ffi::{OsStr, OsString},
    io,
    process::{Command, ExitStatus},
};

use crate::exit::{Exit, Failure};

/// A program that is about to run with the terminal, the standard streams and the working folder of
/// this one.
pub(crate) struct Child {
    command: Command,
    name: OsString,
}

impl Child {
    pub(crate) fn new(program: &OsString, arguments: &[OsString]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments);
        Self {
            command,
            name: program.clone(),
        }
    }

    pub(crate) fn with(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.command.env(name, value);
    }

    pub(crate) fn without(&mut self, name: &str) {
        self.command.env_remove(name);
    }

    /// Becomes that program. This one is gone then, and nothing of it stands between the program
    /// and whoever started it.
    ///
    /// # Errors
    /// When it cannot be started: with 127 if there is none, and 126 if it may not be run, as
    /// shells do.
    #[cfg(unix)]
    #[expect(clippy::unused_async, reason = "elsewhere it waits for the child")]
    pub(crate) async fn take_over(mut self) -> Result<Exit, Failure> {
        let error = std::os::unix::process::CommandExt::exec(&mut self.command);
        Err(self.refused(&error))
    }

    /// No program can become another one on Windows, so it runs as a child.
    #[cfg(not(unix))]
    pub(crate) async fn take_over(self) -> Result<Exit, Failure> {
        self.run().await
    }

    /// Runs it to its end while this program goes on, and tells how it ended.
    ///
    /// # Errors
    /// When it cannot be started: with 127 if there is none, and 126 if it may not be run, as
    /// shells do.
    #[cfg(unix)]
    pub(crate) async fn run(mut self) -> Result<Exit, Failure> {
        // Before there is a child, so that no signal falls between the two.
        let signals = super::signals::Signals::listen()?;
        let command = std::mem::replace(&mut self.command, Command::new(""));
        let mut running = tokio::process::Command::from(command)
            .spawn()
            .map_err(|error| self.refused(&error))?;
        Ok(ended(signals.pass_on(&mut running).await?))
    }

    /// Windows sends Ctrl-C to the child by itself; it is only kept from ending this program first.
    #[cfg(not(unix))]
    pub(crate) async fn run(mut self) -> Result<Exit, Failure> {
        let command = std::mem::replace(&mut self.command, Command::new(""));
        let mut running = tokio::process::Command::from(command)
            .spawn()
            .map_err(|error| self.refused(&error))?;
        let job = running.raw_handle().and_then(super::job::KillOnEnd::begin);
        loop {
            tokio::select! {
                status = running.wait() => {
                    job.map(super::job::KillOnEnd::release);
                    return Ok(ended(status?));
                }
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }

    fn refused(&self, error: &io::Error) -> Failure {
        let code = if error.kind() == io::ErrorKind::NotFound {
            127
        } else {
            126
        };
        Failure::new(
            Exit::Of(code),
            format!("{} cannot be run: {error}", self.name.to_string_lossy()),
        )
    }
}

fn ended(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::By(signal);
    }
    Exit::Of(status.code().unwrap_or(1))
}
