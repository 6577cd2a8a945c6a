//! A variable that is set and empty counts as not set, also for the libraries that lead to the
//! keychain: that of D-Bus takes it for an address, and Tokio, on which it runs, ends the thread.

use std::{
    env,
    ffi::{OsStr, OsString},
    os::unix::process::CommandExt,
    process::Command,
};

/// What leads to the session bus.
const BUS_VARIABLES: [&str; 2] = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];
/// How many threads Tokio begins; it ends the thread that asks when this is no number from 1 on.
const THREADS: &str = "TOKIO_WORKER_THREADS";

/// Starts this program anew without those that cannot be used; does nothing where there are none.
/// To be called before anything else is begun: taking them out of the environment of a running
/// program is not safe, since another thread may be reading it.
pub fn restart_without_unusable_variables() {
    let unusable = unusable(|name| env::var_os(name));
    if unusable.is_empty() {
        return;
    }
    let mut arguments = env::args_os();
    let mut anew = Command::new("/proc/self/exe");
    if let Some(name) = arguments.next() {
        anew.arg0(name);
    }
    anew.args(arguments);
    for name in unusable {
        anew.env_remove(name);
    }
    // Comes back where it cannot; what then fails says why by itself.
    let _not_started = anew.exec();
}

fn unusable(value_of: impl Fn(&str) -> Option<OsString>) -> Vec<&'static str> {
    let mut unusable: Vec<_> = BUS_VARIABLES
        .into_iter()
        .filter(|name| value_of(name).is_some_and(|value| value.is_empty()))
        .collect();
    unusable.extend(
        value_of(THREADS)
            .is_some_and(|value| !is_positive(&value))
            .then_some(THREADS),
    );
    unusable
}

fn is_positive(value: &OsStr) -> bool {
    value
        .to_str()
        .and_then(|text| text.parse::<usize>().ok())
        .is_some_and(|number| number > 0)
}

#[cfg(test)]
mod tests {
    use super::unusable;

    #[test]
    fn what_is_empty_or_would_end_the_thread_is_left_out_and_nothing_else() {
        let with = |set: &[(&str, &str)]| {
            unusable(|name| {
                set.iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).into())
            })
        };
        assert!(with(&[]).is_empty());
        assert!(
            with(&[
                ("DBUS_SESSION_BUS_ADDRESS", " "),
                ("XDG_RUNTIME_DIR", "/run"),
                ("HOME", "")
            ])
            .is_empty()
        );
        assert_eq!(
            with(&[("XDG_RUNTIME_DIR", ""), ("TOKIO_WORKER_THREADS", "4")]),
            ["XDG_RUNTIME_DIR"]
        );
        for unusable in ["", "0", "-1", "four", "1 ", "99999999999999999999999"] {
            assert_eq!(
                with(&[("TOKIO_WORKER_THREADS", unusable)]),
                ["TOKIO_WORKER_THREADS"],
                "{unusable}"
            );
        }
    }
}
