//! A Python with a package of PyPI, for tests against programs that this project did not write.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The interpreter of a virtual environment in `folder` that has `package`, such as `msal==1.39.0`.
/// It is made once and kept until another version is asked for.
///
/// # Panics
/// When there is no Python 3 with `venv`, or the package cannot be fetched.
pub fn with(folder: &Path, package: &str) -> PathBuf {
    let folder = folder.join(format!("python-{package}"));
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    // Tests run at once, here and perhaps in another process: one makes it, the others wait.
    let lock = File::create(folder.with_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    if !ready.exists() {
        let venv = Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder)
            .output();
        let venv = venv.expect("python3 is needed for this test (apt install python3-venv)");
        succeeded("python3 -m venv (apt install python3-venv)", &venv);
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        let pip = Command::new(&python)
            .args(pip)
            .arg(package)
            .output()
            .expect("pip runs");
        succeeded("pip install", &pip);
        fs::write(&ready, "").expect("a mark");
    }
    python
}

/// What a program printed, if it succeeded.
///
/// # Panics
/// With what it said, if it failed.
pub fn succeeded(what: &str, output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{what} failed: {out}{err}");
    out.into_owned()
}
