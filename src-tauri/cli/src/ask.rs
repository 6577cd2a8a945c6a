//! Questions to the person at the terminal. They stand on standard error, since standard output is data only.

use std::io::{self, IsTerminal, Read, Write};

use secrecy::{SecretString, zeroize::Zeroizing};

use crate::exit::{Exit, Failure};

/// The longest secret that is read, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

/// A line.
pub(crate) fn line(question: &str) -> Result<String, Failure> {
    eprint!("{question}");
    io::stderr().flush()?;
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        eprintln!();
    }
    Ok(answer.trim().to_owned())
}

/// Whether the answer is yes.
pub(crate) fn yes(question: &str) -> Result<bool, Failure> {
    Ok(matches!(line(question)?.to_lowercase().as_str(), "y" | "yes"))
}

/// A secret: at a terminal it is asked for and not shown; else standard input is read to its end.
pub(crate) fn secret(question: &str) -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        let _silence = Silence::begin();
        return rpassword::prompt_password(question).map(SecretString::from).map_err(unreadable);
    }
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(LONGEST_SECRET).read_to_string(&mut text).map_err(unreadable)?;
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

/// The terminal shows nothing of what is typed: from before the question, for whoever pastes faster than it is asked.
#[cfg(unix)]
struct Silence(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Silence {
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
impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
struct Silence;

#[cfg(not(unix))]
impl Silence {
    const fn begin() -> Self {
        Self
    }
}

fn unreadable(error: io::Error) -> Failure {
    Failure::new(Exit::Usage, format!("the secret could not be read: {error}"))
}
