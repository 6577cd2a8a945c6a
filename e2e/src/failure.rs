//! The document of failures (docs/FAILURES.md): one section a failure that a story has acted out in
//! the real window.
//!
//! A story leaves its section as a file of its own in `target/failures`; the document is put
//! together from those, in the order of [`FAILURES`], so that it does not depend on the order of
//! tests. Nothing that changes from run to run is in it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::checkout;

/// Every failure that is acted out, in the order of the document.
pub const FAILURES: [&str; 17] = [
    "Wrong client secret",
    "Secret ID in place of the secret's value",
    "Expired client secret",
    "Tenant that does not exist",
    "Client ID of no application in the tenant",
    "Application that is switched off",
    "No consent at all",
    "Some permissions missing",
    "Consent that has not reached the token",
    "Redirect URI that is not registered",
    "An admin's approval is needed",
    "Single-tenant application asked of \"organizations\"",
    "Sign-in that was revoked",
    "Tenant in another cloud",
    "Too many requests",
    "Certificate of an unknown issuer",
    "Service without a license",
];

const DOCUMENT: &str = "docs/FAILURES.md";

const HEAD: &str = "# Failures, and what the window says\n\n\
    Every failure here is acted out on the demo tenant, in the real window, and ended by only following what the window \
    says. The tests write these sections from what they read in the window (`scripts/failures.sh`), and fail when what they \
    read is no longer what stands here. The demo tenant answers as Microsoft documents it; none of this was tried against \
    Microsoft's own servers.\n";

/// One failure: how it was acted out, what the window said, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its name, one of [`FAILURES`].
    pub name: String,
    /// How the demo tenant was turned, or what was entered.
    pub acted_out: String,
    /// The number of the server's refusal, such as AADSTS7000215; empty where there is none.
    pub code: String,
    /// Where the window said it: the line of the report, or the part of the window.
    pub place: String,
    /// What it said, word for word.
    pub said: String,
    /// What to do, in its words; empty where all of it is in `said`.
    pub next: String,
    /// Who is to act.
    pub actor: String,
    /// Whether trying again can help.
    pub retry: String,
    /// What was then done, by what the window names.
    pub done: Vec<String>,
    /// What the window said in the end.
    pub result: String,
}

impl Failure {
    /// Leaves it for the document.
    ///
    /// # Panics
    /// If the folder cannot be written, or the name is not one of [`FAILURES`].
    pub fn leave(&self) {
        assert!(
            FAILURES.contains(&self.name.as_str()),
            "{:?} is not in the document's list",
            self.name
        );
        let path = fragment(&self.name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, serde_json::to_vec_pretty(self).expect("plain text"))
            .expect("the file can be written");
    }

    /// Whether the document says exactly this.
    #[must_use]
    pub fn is_documented(&self) -> bool {
        document().is_some_and(|text| text.contains(&self.section()))
    }

    /// Its section.
    #[must_use]
    pub fn section(&self) -> String {
        let mut text = format!("\n## {}\n\n{}\n\n", self.name, self.acted_out);
        let (place, said, next) = (&self.place, &self.said, &self.next);
        let next = if next.is_empty() {
            String::new()
        } else {
            format!("\n>\n> {next}")
        };
        let mut put = |line: &str| writeln!(text, "{line}").expect("memory takes it");
        if !self.code.is_empty() {
            put(&format!(
                "The server says {}; the window says:\n",
                self.code
            ));
        }
        put(&format!("> **{place}**: {said}{next}\n"));
        if !self.actor.is_empty() {
            put(&format!("- Who can fix this: {}", self.actor));
        }
        if !self.retry.is_empty() {
            put(&format!("- Trying again: {}", self.retry));
        }
        put(&format!("- Done: {}", self.done.join("; ")));
        put(&format!("- Then the window said: {}", self.result));
        text
    }

    fn row(&self) -> String {
        let Self {
            name,
            code,
            place,
            actor,
            retry,
            ..
        } = self;
        format!(
            "| [{name}](#{}) | {code} | {place} | {actor} | {retry} |\n",
            anchor(name)
        )
    }
}

/// Puts the document together from what the stories left.
///
/// # Panics
/// If one of [`FAILURES`] was not acted out yet, or the document cannot be written.
pub fn assemble() {
    let all: Vec<Failure> = FAILURES.iter().map(|name| read(name)).collect();
    let rows: String = all.iter().map(Failure::row).collect();
    let sections: String = all.iter().map(Failure::section).collect();
    let text = format!(
        "{HEAD}\n| failure | code | said at | for | trying again |\n|---|---|---|---|---|\n{rows}{sections}"
    );
    fs::write(checkout().join(DOCUMENT), text).expect("the document can be written");
}

/// The failures that the document has sections for, in its order.
#[must_use]
pub fn documented() -> Vec<String> {
    let text = document().unwrap_or_default();
    text.lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::to_owned)
        .collect()
}

fn document() -> Option<String> {
    fs::read_to_string(checkout().join(DOCUMENT)).ok()
}

fn read(name: &str) -> Failure {
    let path = fragment(name);
    let bytes = fs::read(&path)
        .unwrap_or_else(|_| panic!("{name:?} was not acted out: {} is missing", path.display()));
    serde_json::from_slice(&bytes).expect("what a story left")
}

fn fragment(name: &str) -> PathBuf {
    checkout()
        .join("target/failures")
        .join(format!("{}.json", anchor(name)))
}

/// As GitHub makes them of headings.
fn anchor(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
