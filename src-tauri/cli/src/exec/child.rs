//! The program that runs: its environment, its signals, and how it ended.

use std::{
    ffi::{OsStr, OsString},
    io,
    process::ExitStatus,
};

use tokio::process::Command;

use crate::exit::{Exit, Failure};

/// A program that is about to run with the terminal, the standard streams and the working folder of this one.
pub(crate) struct Child {
    command: Command,
    name: OsString,
}

impl Child {
    pub(crate) fn new(program: &OsString, arguments: &[OsString]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments);
        Self { command, name: program.clone() }
    }

    pub(crate) fn with(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.command.env(name, value);
    }

    pub(crate) fn without(&mut self, name: &str) {
        self.command.env_remove(name);
    }

    /// Runs it to its end and gives its exit code, or 128 and the number of the signal that ended it, as shells do.
    ///
    /// # Errors
    /// When it cannot be started: with 127 if there is none, and 126 if it may not be run, as shells do.
    pub(crate) async fn run(mut self) -> Result<Exit, Failure> {
        // Before there is a child, so that no signal falls between the two.
        let signals = Signals::new()?;
        let mut running = self.command.spawn().map_err(|error| self.refused(&error))?;
        let status = signals.pass_on(&mut running).await?;
        Ok(Exit::Of(code(status)))
    }

    fn refused(&self, error: &io::Error) -> Failure {
        let code = if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 };
        Failure::new(Exit::Of(code), format!("{} cannot be run: {error}", self.name.to_string_lossy()))
    }
}

fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().map_or(1, |code| u8::try_from(code & 0xff).unwrap_or(1))
}

/// Signals that are meant for the child. What the terminal sends (Ctrl-C) reaches it without us, so it is only kept from
/// ending this program first; what is sent to this program alone is passed on.
#[cfg(unix)]
struct Signals {
    from_terminal: [tokio::signal::unix::Signal; 2],
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            from_terminal: [signal(SignalKind::interrupt())?, signal(SignalKind::quit())?],
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn pass_on(mut self, running: &mut tokio::process::Child) -> io::Result<ExitStatus> {
        use rustix::process::Signal;
        let [interrupt, quit] = &mut self.from_terminal;
        loop {
            tokio::select! {
                status = running.wait() => return status,
                _ = interrupt.recv() => if !in_foreground() { send(running, Signal::INT) },
                _ = quit.recv() => if !in_foreground() { send(running, Signal::QUIT) },
                _ = self.terminate.recv() => send(running, Signal::TERM),
                _ = self.hang_up.recv() => send(running, Signal::HUP),
            }
        }
    }
}

/// Whether Ctrl-C at the terminal reaches this program and its child alike, so that passing it on would say it twice.
#[cfg(unix)]
fn in_foreground() -> bool {
    let Ok(terminal) = std::fs::File::open("/dev/tty") else { return false };
    rustix::termios::tcgetpgrp(terminal).is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(unix)]
fn send(running: &tokio::process::Child, signal: rustix::process::Signal) {
    let id = running.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(id) = id {
        // One that has ended by now needs no signal.
        let _ = rustix::process::kill_process(id, signal);
    }
}

/// Windows sends Ctrl-C to the child by itself; it is only kept from ending this program first.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn pass_on(self, running: &mut tokio::process::Child) -> io::Result<ExitStatus> {
        loop {
            tokio::select! {
                status = running.wait() => return status,
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }
}
