//! Processes of a test: found by the home folder in their environment, measured by their share of
//! memory.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

/// A process and all that it started.
#[derive(Debug, Clone)]
pub struct Tree(pub Vec<u32>);

impl Tree {
    /// The process with that number and its descendants, as they are now.
    #[must_use]
    pub fn of(root: u32) -> Self {
        let parents: HashMap<u32, u32> =
            all().filter_map(|pid| Some((pid, parent(pid)?))).collect();
        let belongs = |mut pid: u32| loop {
            if pid == root {
                return true;
            }
            match parents.get(&pid) {
                Some(&parent) if parent != 0 => pid = parent,
                _ => return false,
            }
        };
        Self(
            parents
                .keys()
                .copied()
                .filter(|&pid| belongs(pid))
                .collect(),
        )
    }
}

impl Tree {
    /// The arguments and the environment of these processes, which everybody on the machine may
    /// see.
    #[must_use]
    pub fn arguments_and_environment(&self) -> String {
        let files = self.0.iter().flat_map(|pid| {
            [
                format!("/proc/{pid}/cmdline"),
                format!("/proc/{pid}/environ"),
            ]
        });
        files
            .filter_map(|file| fs::read(file).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }
}

/// The memory of these processes in KiB, where what several share counts once among them (PSS).
#[must_use]
pub fn proportional_memory(tree: &Tree) -> u64 {
    tree.0.iter().filter_map(|pid| pss(*pid)).sum()
}

/// Ends, at once, every process whose environment says that it lives in that folder.
pub(crate) fn end_those_with_home(home: &Path) {
    let mark = [b"HOME=", home.as_os_str().as_bytes()].concat();
    let ours = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        *pid != std::process::id()
            && environment
                .split(|byte| *byte == 0)
                .any(|line| line == mark)
    };
    let found: Vec<String> = all().filter(ours).map(|pid| pid.to_string()).collect();
    if !found.is_empty() {
        // Some may have ended by themselves meanwhile; that is as good.
        let _ended = Command::new("kill")
            .arg("-9")
            .args(found)
            .stderr(std::process::Stdio::null())
            .status();
    }
}

/// The processes whose program has that path.
pub(crate) fn running(program: &Path, home: &Path) -> Vec<u32> {
    let mark = [b"HOME=", home.as_os_str().as_bytes()].concat();
    // How Linux calls a program whose file was built anew while it runs.
    let replaced = Path::new(&format!("{} (deleted)", program.display())).to_owned();
    let is_it = |pid: &u32| {
        fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program || exe == replaced)
            && fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|text| text.split(|byte| *byte == 0).any(|l| l == mark))
    };
    all().filter(is_it).collect()
}

fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .map_while(Result::ok);
    entries.filter_map(|entry| OsStr::to_str(&entry.file_name())?.parse().ok())
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything, so the fields are counted from its end: state, then
    // parent.
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

fn pss(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))?
        .trim()
        .strip_suffix(" kB")?
        .parse()
        .ok()
}
