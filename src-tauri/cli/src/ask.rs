//! Questions to the person at the terminal. They stand on standard error, since standard output is
//! data only.

mod given;

use std::io::{self, IsTerminal, Read};

use secrecy::zeroize::Zeroizing;
use tokio::sync::oneshot;

use crate::{
    exit::{Exit, Failure},
    interrupt::Interrupt,
    print::eprint_part,
};

pub(crate) use given::Given;

/// The longest text with a secret in it that is read, in bytes.
const MAX_SECRET_BYTES: u64 = 64 * 1024;
/// The most lines of JSON that are read at a terminal.
const MAX_LINES: usize = 200;

/// Whether the answer is yes. It is waited for on a thread of its own, which ends with the program
/// if no answer comes.
pub(crate) async fn yes(question: &str) -> Result<bool, Failure> {
    eprint_part(question);
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        // Nobody listens any more after Ctrl-C.
        let _unheard = tell.send(read.map(|_| answer));
    });
    let answer = told
        .await
        .map_err(|_| io::Error::other("nobody answered"))
        .flatten()
        .map_err(unreadable)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A person has to be there for a question.
pub(crate) fn expect_somebody(without: &str) -> Result<(), Failure> {
    if io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!("nobody is there to be asked; {without}"),
    ))
}

/// A secret: at a terminal it is asked for and not shown; else it is read from standard input. What
/// holds more than the secret (JSON of the Azure CLI, `KEY=value` lines) is taken apart; else it is
/// the first line.
///
/// Somebody has to listen for Ctrl-C: without that it would end the program while the terminal
/// shows nothing, and leave it so.
pub(crate) fn secret(_listening: &Interrupt, question: &str) -> Result<Given, Failure> {
    if io::stdin().is_terminal() {
        return Given::read(&typed(question)?, "what was entered");
    }
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin()
        .lock()
        .take(MAX_SECRET_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Given::read(&given::text_of(&bytes)?, "standard input")
}

/// What is typed or pasted at the terminal: one line, or all lines of what begins as JSON, so that
/// the rest of a paste does not end up in the shell.
fn typed(question: &str) -> Result<Zeroizing<String>, Failure> {
    let _silence = EchoOff::begin();
    let mut text = Zeroizing::new(rpassword::prompt_password(question).map_err(unreadable)?);
    for _ in 0..MAX_LINES {
        let (opened, closed) = (text.matches('{').count(), text.matches('}').count());
        if !text.trim_start().starts_with('{') || opened <= closed {
            break;
        }
        let line = Zeroizing::new(rpassword::read_password().map_err(unreadable)?);
        text.push('\n');
        text.push_str(&line);
    }
    Ok(text)
}

/// The terminal shows nothing of what is typed: from before the question, for whoever pastes faster
/// than it is asked.
#[cfg(unix)]
struct EchoOff(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl EchoOff {
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok();
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            // Where this fails the question itself still asks for silence.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl Drop for EchoOff {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            // What was pasted beyond the answer is not for the shell.
            let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
            let _ = rustix::termios::tcsetattr(
                io::stdin(),
                rustix::termios::OptionalActions::Now,
                before,
            );
        }
    }
}

#[cfg(not(unix))]
struct EchoOff;

#[cfg(not(unix))]
impl EchoOff {
    const fn begin() -> Self {
        Self
    }
}

fn unreadable(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::Interrupted {
        return Failure::new(Exit::Other, "cancelled");
    }
    Failure::new(
        Exit::Usage,
        format!("the answer could not be read: {error}"),
    )
}
