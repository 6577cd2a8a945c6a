//! A Secret Service that does as it is told: another program in the place of the keychain, a locked
//! collection that a search keeps to itself, an alias that moves.
//!
//! It runs in a process of its own under the name of the program that it stands for. Its half of
//! the key exchange is the number one, so every session has the same key and it gives back what it
//! was given without being able to read it.

mod replies;
mod service;

pub(super) use service::serve;

use std::{
    env, fs,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use zbus::blocking::Connection;

use super::{arguments_of, end, wait_for_provider};

/// Set in the process that is the fake, and what it is to be.
pub(super) const FAKE: &str = "GRAPH_CONNECT_TEST_FAKE_KEYCHAIN";

const NAME: &str = "org.freedesktop.secrets";
const CONTROL: &str = "/control";

/// A running fake; it ends when dropped, with everything in it.
#[derive(Debug)]
pub struct FakeKeychain {
    process: Child,
    _folder: TempDir,
}

impl FakeKeychain {
    /// Starts one under the name of a program, with one unlocked collection `passwords` that has
    /// the alias `default`. Called by the test function itself, inside a session, with any closure
    /// that is written there.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start<F>(here: &F, program: &str) -> Self {
        let own = env::current_exe().expect("the test program has a path");
        let beside = own.parent().expect("a folder");
        let folder = tempfile::tempdir_in(beside).expect("a folder");
        let path = folder.path().join(program);
        fs::hard_link(&own, &path).expect("the program by another name");
        let mut command = Command::new(&path);
        command
            .args(arguments_of(here))
            .env(FAKE, program)
            .stdin(Stdio::null());
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        wait_for_provider();
        Self {
            process,
            _folder: folder,
        }
    }

    /// Locks or unlocks a collection.
    pub fn lock(&self, collection: &str, locked: bool) {
        self.tell("Lock", &[collection, if locked { "yes" } else { "no" }]);
    }

    /// Makes another collection, unlocked.
    pub fn add(&self, collection: &str) {
        self.tell("Add", &[collection]);
    }

    /// Closes a collection: it is as if it had never been there, until it is opened again.
    pub fn close(&self, collection: &str) {
        self.tell("Close", &[collection]);
    }

    /// Opens a collection that was closed.
    pub fn open(&self, collection: &str) {
        self.tell("Open", &[collection]);
    }

    /// Gives the alias `default` to a collection, or to none.
    pub fn set_default(&self, collection: Option<&str>) {
        self.tell("Default", &[collection.unwrap_or_default()]);
    }

    /// Whether a person enters the password when a prompt shows; otherwise it is dismissed.
    pub fn set_answers(&self, yes: bool) {
        self.tell("Answers", &[if yes { "yes" } else { "no" }]);
    }

    /// Lets every prompt stand there unanswered.
    pub fn set_answers_nobody(&self) {
        self.tell("AnswersNobody", &[]);
    }

    /// Whether a search names what is locked, as GNOME Keyring does and KeePassXC need not.
    pub fn set_finds_locked(&self, yes: bool) {
        self.tell("FindsLocked", &[if yes { "yes" } else { "no" }]);
    }

    /// How often a person was shown a prompt.
    pub fn prompts(&self) -> usize {
        self.tell("Prompts", &[]).parse().expect("a number")
    }

    /// The user names of all items, open or not.
    pub fn items(&self) -> Vec<String> {
        self.tell("Items", &[]).lines().map(str::to_owned).collect()
    }

    /// How many items were ever removed: what KeePassXC would have in its bin.
    pub fn removed(&self) -> usize {
        self.tell("Removed", &[]).parse().expect("a number")
    }

    fn tell(&self, what: &'static str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        // The connection blocks, and does not do so on a thread that runs futures.
        let said = std::thread::spawn(move || {
            let bus = Connection::session().expect("the bus");
            let reply = bus
                .call_method(Some(NAME), CONTROL, None::<&str>, what, &(words,))
                .expect("an answer");
            reply.body().deserialize::<String>().expect("text")
        });
        said.join().expect("told")
    }
}

impl Drop for FakeKeychain {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}
