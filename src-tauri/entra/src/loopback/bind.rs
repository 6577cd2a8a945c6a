//! The two sockets of a sign-in: 127.0.0.1 and ::1 on one port.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::error::Error;

/// How often a new port is tried when somebody else holds a half of a pair.
const TRIES: usize = 10;
/// How many connections may wait to be accepted.
const BACKLOG: i32 = 128;

/// Listening sockets on one port of the loopback interface.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) port: u16,
    pub(super) v4: TcpListener,
    /// Absent only where the computer has no IPv6.
    pub(super) v6: Option<TcpListener>,
}

/// Opens a port that the system picks, on both loopback addresses. Browsers try either one first,
/// and whoever held the other half would receive the answer of the sign-in.
///
/// Neither `SO_REUSEADDR` nor `SO_REUSEPORT` is set, so on Linux and macOS no second program can
/// bind the same address. Windows has an option for the same promise ([`exclusive`]).
pub(super) fn pair() -> Result<Pair, Error> {
    pair_on(std::iter::repeat_n(0, TRIES))
}

fn pair_on(ports: impl IntoIterator<Item = u16>) -> Result<Pair, Error> {
    let mut last = Error::Listener {
        family: "[::1]",
        kind: io::ErrorKind::AddrInUse,
    };
    for wanted in ports {
        let v4 = match listen(SocketAddr::from((Ipv4Addr::LOCALHOST, wanted))) {
            Ok(v4) => v4,
            Err(error) => {
                last = Error::Listener {
                    family: "127.0.0.1",
                    kind: error.kind(),
                };
                continue;
            }
        };
        let port = v4
            .local_addr()
            .map_err(|error| Error::Listener {
                family: "127.0.0.1",
                kind: error.kind(),
            })?
            .port();
        match listen(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
            Ok(v6) => {
                return Ok(Pair {
                    port,
                    v4,
                    v6: Some(v6),
                });
            }
            Err(error) if is_no_ipv6(&error) => return Ok(Pair { port, v4, v6: None }),
            Err(error) => {
                last = Error::Listener {
                    family: "[::1]",
                    kind: error.kind(),
                }
            }
        }
    }
    Err(last)
}

/// Listens on an address that nobody else can bind meanwhile, also not on purpose.
///
/// # Errors
/// What the system says.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    #[cfg(windows)]
    super::exclusive::claim(&socket)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// The family is unknown to the kernel (EAFNOSUPPORT), or switched off so that `::1` is nobody's
/// address.
fn is_no_ipv6(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrNotAvailable || is_unknown_family(error)
}

fn is_unknown_family(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(windows) {
        10_047
    } else if cfg!(target_os = "macos") {
        47
    } else {
        97
    };
    error.raw_os_error() == Some(EAFNOSUPPORT)
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        net::{Ipv4Addr, Ipv6Addr, TcpListener},
    };

    use socket2::{Domain, Socket, Type};

    use super::{is_no_ipv6, pair, pair_on};
    use crate::error::Error;

    #[tokio::test]
    async fn lb_3_binds_both_loopback_addresses_on_one_port() {
        let pair = pair().unwrap();
        let v6 = pair.v6.as_ref().expect("this computer has IPv6");
        assert_eq!(
            pair.v4.local_addr().unwrap(),
            (Ipv4Addr::LOCALHOST, pair.port).into()
        );
        assert_eq!(
            v6.local_addr().unwrap(),
            (Ipv6Addr::LOCALHOST, pair.port).into()
        );
    }

    #[tokio::test]
    async fn lb_3_takes_another_port_when_somebody_holds_the_ipv6_half() {
        let (_squatter, taken) = squatter_on_ipv6_alone();
        let pair = pair_on([taken, 0]).unwrap();
        assert_ne!(pair.port, taken);
        assert!(pair.v6.is_some());
    }

    #[tokio::test]
    async fn lb_10_a_port_that_cannot_be_had_is_named_with_its_family() {
        let (_squatter, taken) = squatter_on_ipv6_alone();
        let error = pair_on([taken, taken]).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Listener {
                    family: "[::1]",
                    kind: io::ErrorKind::AddrInUse
                }
            ),
            "{error}"
        );
        let squatter = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let error = pair_on([squatter.local_addr().unwrap().port()]).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Listener {
                    family: "127.0.0.1",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[tokio::test]
    async fn lb_4_nobody_else_can_bind_the_port_while_it_is_ours() {
        let pair = pair().unwrap();
        for address in [
            (Ipv4Addr::LOCALHOST, pair.port).into(),
            std::net::SocketAddr::from((Ipv6Addr::LOCALHOST, pair.port)),
        ] {
            assert_eq!(
                TcpListener::bind(address).unwrap_err().kind(),
                io::ErrorKind::AddrInUse,
                "{address}"
            );
            // Windows gives an address away to who insists, unless its owner has said otherwise.
            let insisting = Socket::new(Domain::for_address(address), Type::STREAM, None).unwrap();
            insisting.set_reuse_address(true).unwrap();
            assert!(insisting.bind(&address.into()).is_err(), "{address}");
        }
    }

    /// Holds a port of `::1` that is free on 127.0.0.1; there, it may be any other program's.
    fn squatter_on_ipv6_alone() -> (TcpListener, u16) {
        loop {
            let squatter = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
            let port = squatter.local_addr().unwrap().port();
            if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return (squatter, port);
            }
        }
    }

    #[test]
    fn lb_3_a_computer_without_ipv6_is_recognised_by_its_error() {
        assert!(is_no_ipv6(&io::Error::from(
            io::ErrorKind::AddrNotAvailable
        )));
        assert!(cfg!(not(target_os = "linux")) || is_no_ipv6(&io::Error::from_raw_os_error(97)));
        assert!(!is_no_ipv6(&io::Error::from(io::ErrorKind::AddrInUse)));
    }
}
