//! Messages to the person, on standard error, since standard output is data only.

use std::io::{self, Write};

use entra::harmless;

/// Says a line, in which nothing that a server wrote steers the terminal. One that nobody can hear
/// any more (a closed pipe, a full disk) is no reason to end otherwise.
pub(crate) fn eprint_line(text: impl AsRef<str>) {
    let _unheard = writeln!(io::stderr(), "{}", harmless(text.as_ref()));
}

/// Says something that the next thing follows on the same line.
pub(crate) fn eprint_part(text: impl AsRef<str>) {
    let mut out = io::stderr();
    let _unheard = write!(out, "{}", text.as_ref()).and_then(|()| out.flush());
}
