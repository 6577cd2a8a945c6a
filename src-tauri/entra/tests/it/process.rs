//! Tests that need a process of their own, for its environment, its log or its count of open files.

use std::process::Command;

/// Runs the test `name` again in a process of its own with these variables, and gives `false` there
/// only: the caller does its work when it gets `false`.
pub(crate) fn delegated(name: &str, variables: &[(&str, &str)]) -> bool {
    if std::env::var_os("ENTRA_TEST_CHILD").is_some() {
        return false;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env("ENTRA_TEST_CHILD", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{name} failed:\n{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("1 passed"), "{name} did not run:\n{text}");
    true
}
