//! The child asks an endpoint on this computer. A proxy that its shell names must not be asked
//! instead: it would answer something else, and see the header that is the child's alone.

use std::{
    env,
    ffi::{OsStr, OsString},
};

/// What is never asked by way of a proxy.
const HERE: [&str; 2] = ["127.0.0.1", "localhost"];

/// Both spellings, since programs differ in which one they read, and in which one comes first where
/// there are both.
const VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The two variables as the child needs them.
pub(crate) fn exceptions_here() -> [(&'static str, OsString); 2] {
    let [upper, lower] = VARIABLES;
    let (of_upper, of_lower) = (env::var_os(upper), env::var_os(lower));
    [
        (
            upper,
            with_this_computer(of_upper.as_deref().or(of_lower.as_deref())),
        ),
        // One that is not set may not hide what the other one says.
        (
            lower,
            with_this_computer(of_lower.as_deref().or(of_upper.as_deref())),
        ),
    ]
}

/// A list of exceptions, with this computer among them and everything else as it was.
fn with_this_computer(list: Option<&OsStr>) -> OsString {
    let mut list = list.map(ToOwned::to_owned).unwrap_or_default();
    // Alone it means everything. In a list, most programs take it for a name that nothing has.
    if list == "*" {
        return list;
    }
    let readable = list.to_string_lossy().into_owned();
    let listed = |name: &str| {
        readable
            .split([',', ' ', '\t', '|', ';'])
            .any(|one| one.eq_ignore_ascii_case(name))
    };
    for name in HERE.into_iter().filter(|name| !listed(name)) {
        if !list.is_empty() {
            list.push(",");
        }
        list.push(name);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(list: &str) -> String {
        with_this_computer(Some(OsStr::new(list)))
            .into_string()
            .unwrap()
    }

    #[test]
    fn this_computer_is_added_to_whatever_stands_there_and_nothing_of_it_is_lost() {
        assert_eq!(with_this_computer(None), "127.0.0.1,localhost");
        for (before, after) in [
            ("", "127.0.0.1,localhost"),
            ("*", "*"),
            (".corp.test", ".corp.test,127.0.0.1,localhost"),
            (
                "corp.test, 10.0.0.0/8 ",
                "corp.test, 10.0.0.0/8 ,127.0.0.1,localhost",
            ),
            ("localhost,corp.test", "localhost,corp.test,127.0.0.1"),
            ("LOCALHOST 127.0.0.1", "LOCALHOST 127.0.0.1"),
            (
                "notlocalhost,127.0.0.11",
                "notlocalhost,127.0.0.11,127.0.0.1,localhost",
            ),
            ("*,corp.test", "*,corp.test,127.0.0.1,localhost"),
        ] {
            assert_eq!(of(before), after, "{before:?}");
        }
    }
}
