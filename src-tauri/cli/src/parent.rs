//! Who called this program: for the list of uses that a person sees in the window.

/// The name of the program that called this one, or that it is not known.
pub(crate) fn name() -> String {
    calling_program().unwrap_or_else(|| "a program".to_owned())
}

#[cfg(target_os = "linux")]
fn calling_program() -> Option<String> {
    let id = std::os::unix::process::parent_id();
    let name = std::fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Only Linux names it in a file; elsewhere it takes a system library that is not worth it for a
/// name.
#[cfg(not(target_os = "linux"))]
fn calling_program() -> Option<String> {
    None
}
