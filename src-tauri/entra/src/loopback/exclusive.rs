//! A port for this program alone, at Windows.
//!
//! There a program of the same person can bind an address that another one listens on, if it asks
//! for `SO_REUSEADDR`, and gets some of what comes in: for a sign-in a code without the verifier
//! that redeems it (RFC 7636), and for `exec` the header that stands for a token.
//!
//! Source: <https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse>
#![expect(
    unsafe_code,
    reason = "no safe library sets this option; this is the only unsafe code of the project"
)]

use std::{io, os::windows::io::AsRawSocket};

use socket2::Socket;
use windows_sys::Win32::Networking::WinSock::{
    SO_EXCLUSIVEADDRUSE, SOCKET, SOL_SOCKET, setsockopt,
};

/// Keeps everybody else from the address that this socket is bound to afterwards.
///
/// # Errors
/// What Windows says.
pub(crate) fn claim(socket: &Socket) -> io::Result<()> {
    let yes: i32 = 1;
    // SAFETY: the socket is open for as long as it is borrowed, and Windows reads the four bytes of
    // `yes`, which live until it has returned.
    let failed = unsafe {
        setsockopt(
            socket.as_raw_socket() as SOCKET,
            SOL_SOCKET,
            SO_EXCLUSIVEADDRUSE,
            (&raw const yes).cast(),
            size_of::<i32>() as i32,
        )
    };
    if failed == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
