//! The facts about permissions, and the table that is made from them.

#[path = "../examples/permission_table/generate.rs"]
mod generate;

use std::collections::{BTreeMap, BTreeSet};

use model::{Permission, PermissionKind};
use uuid::Uuid;

const FACTS: &str = include_str!("../permissions.csv");
const TABLE: &str = include_str!("../src/permission_table.rs");

type Line = BTreeMap<String, String>;

#[test]
fn the_table_is_what_the_facts_make() {
    let made = generate::table(FACTS).expect("the facts can be read");
    assert!(made == TABLE, "src/permission_table.rs is not what permissions.csv makes: run scripts/permissions.sh");
}

#[test]
fn every_id_is_a_guid_and_stands_once() {
    let mut seen = BTreeSet::new();
    for line in lines() {
        let ids: Vec<&String> = ["application_id", "delegated_id"].iter().map(|column| &line[*column]).collect();
        assert!(ids.iter().any(|id| !id.is_empty()), "{} exists in no kind", line["name"]);
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            let guid: Uuid = id.parse().expect("a GUID");
            assert_eq!(guid.hyphenated().to_string(), *id, "{} in the usual form", line["name"]);
            assert!(seen.insert(guid), "{} has an ID that stands elsewhere too", line["name"]);
        }
    }
}

#[test]
fn every_name_that_stands_in_for_another_or_covers_it_exists_in_that_kind() {
    let all = lines();
    let exists = |name: &str, id: &str| all.iter().any(|line| line["name"] == name && !line[id].is_empty());
    for line in &all {
        let substitute = &line["substitute"];
        if !substitute.is_empty() {
            assert!(line["application_id"].is_empty(), "{} needs no substitute", line["name"]);
            assert!(exists(substitute, "application_id"), "{substitute} stands in for {}", line["name"]);
        }
        for kind in ["application", "delegated"] {
            let id = format!("{kind}_id");
            for name in line[&format!("{kind}_covered_by")].split_whitespace() {
                assert!(exists(name, &id), "{name} covers {} as {kind}", line["name"]);
                assert!(!line[&id].is_empty() && name != line["name"], "{} can be covered as {kind}", line["name"]);
            }
        }
    }
}

#[test]
fn every_word_is_one_that_the_table_knows() {
    let columns: BTreeSet<&str> = FACTS.lines().next().expect("a heading").split(',').collect();
    assert_eq!(columns.len(), 10);
    let mut names = BTreeSet::new();
    for line in lines() {
        let expected: &[&str] = if line["delegated_id"].is_empty() { &[""] } else { &["yes", "no"] };
        assert!(expected.contains(&line["delegated_needs_admin"].as_str()), "{}", line["name"]);
        assert!(!line["purpose"].is_empty() && !line["purpose"].ends_with('.'), "{}", line["name"]);
        for kind in ["application", "delegated"] {
            let serves = !line[&format!("{kind}_for")].is_empty();
            assert!(!serves || !line[&format!("{kind}_id")].is_empty(), "{} exists as {kind}", line["name"]);
        }
        assert!(names.insert(line["name"].to_lowercase()), "{} stands twice", line["name"]);
    }
    assert_eq!(names.len(), Permission::all().len());
}

#[test]
fn only_what_microsoft_documents_covers_another() {
    let covered = |name: &str, kind| Permission::find(name).expect("in the table").covered_by(kind);
    for kind in [PermissionKind::Application, PermissionKind::Delegated] {
        assert_eq!(covered("SecurityAlert.Read.All", kind), ["SecurityAlert.ReadWrite.All"]);
        assert_eq!(covered("SecurityIncident.Read.All", kind), ["SecurityIncident.ReadWrite.All"]);
        assert!(covered("IdentityRiskyUser.Read.All", kind).is_empty(), "the higher one may not list risky users");
        assert!(covered("User.Read.All", kind).is_empty(), "the higher one may not read the organisation");
    }
    assert_eq!(covered("Mail.ReadBasic", PermissionKind::Delegated), ["Mail.Read"]);
    assert!(covered("Mail.ReadBasic", PermissionKind::Application).is_empty(), "only documented for people");
}

#[test]
fn an_administrator_is_needed_for_every_application_permission_and_for_some_delegated_ones() {
    for permission in Permission::all() {
        assert!(permission.needs_admin(PermissionKind::Application));
    }
    let needs = |name: &str| Permission::find(name).expect("in the table").needs_admin(PermissionKind::Delegated);
    assert!(!needs("User.Read") && !needs("Mail.Send"));
    assert!(needs("AuditLog.Read.All") && needs("Calendars.ReadBasic"), "sources that disagree count as yes");
}

fn lines() -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("every line has every column")
}
