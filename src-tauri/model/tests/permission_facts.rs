//! The facts about permissions, and the table that is made from them.

#[path = "../examples/permission_table/covers.rs"]
mod covers;
#[path = "../examples/permission_table/generate.rs"]
mod generate;

use std::collections::{BTreeMap, BTreeSet};

use model::{Permission, PermissionKind};
use uuid::Uuid;

const FACTS: &str = include_str!("../permissions.csv");
const METHODS: &str = include_str!("../permission-methods.csv");
const TABLE: &str = include_str!("../src/permission_table.rs");

type Line = BTreeMap<String, String>;

#[test]
fn the_table_is_what_the_facts_make() {
    let made = generate::table(FACTS, METHODS).expect("the facts can be read");
    assert!(
        made == TABLE,
        "src/permission_table.rs is not what the two files make: run scripts/permissions.sh"
    );
}

#[test]
fn every_id_is_a_guid_and_stands_once() {
    let mut seen = BTreeSet::new();
    for line in lines() {
        let ids: Vec<&String> = ["application_id", "delegated_id"]
            .iter()
            .map(|column| &line[*column])
            .collect();
        assert!(
            ids.iter().any(|id| !id.is_empty()),
            "{} exists in no kind",
            line["name"]
        );
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            let guid: Uuid = id.parse().expect("a GUID");
            assert_eq!(
                guid.hyphenated().to_string(),
                *id,
                "{} in the usual form",
                line["name"]
            );
            assert!(
                seen.insert(guid),
                "{} has an ID that stands elsewhere too",
                line["name"]
            );
        }
    }
}

#[test]
fn every_name_that_stands_in_for_another_exists_in_that_kind() {
    let all = lines();
    let exists = |name: &str, id: &str| {
        all.iter()
            .any(|line| line["name"] == name && !line[id].is_empty())
    };
    for line in &all {
        let substitute = &line["substitute"];
        if !substitute.is_empty() {
            assert!(
                line["application_id"].is_empty(),
                "{} needs no substitute",
                line["name"]
            );
            assert!(
                exists(substitute, "application_id"),
                "{substitute} stands in for {}",
                line["name"]
            );
        }
    }
}

#[test]
fn every_word_is_one_that_the_table_knows() {
    let columns: BTreeSet<&str> = FACTS
        .lines()
        .next()
        .expect("a heading")
        .split(',')
        .collect();
    assert_eq!(columns.len(), 12);
    let mut names = BTreeSet::new();
    for line in lines() {
        let expected: &[&str] = if line["delegated_id"].is_empty() {
            &[""]
        } else {
            &["yes", "no"]
        };
        assert!(
            expected.contains(&line["delegated_needs_admin"].as_str()),
            "{}",
            line["name"]
        );
        assert!(
            !line["purpose"].is_empty() && !line["purpose"].ends_with('.'),
            "{}",
            line["name"]
        );
        for kind in ["application", "delegated"] {
            let is_used = !line[&format!("{kind}_for")].is_empty()
                || !line[&format!("{kind}_read_for")].is_empty();
            assert!(
                !is_used || !line[&format!("{kind}_id")].is_empty(),
                "{} exists as {kind}",
                line["name"]
            );
            let level = &line[&format!("{kind}_level")];
            assert!(
                level.is_empty() || matches!(level.parse(), Ok(1..=5)),
                "{}: {level}",
                line["name"]
            );
        }
        assert!(
            names.insert(line["name"].to_lowercase()),
            "{} stands twice",
            line["name"]
        );
    }
    assert_eq!(names.len(), Permission::all().len());
}

#[test]
fn whatever_covers_another_serves_every_method_for_which_the_other_is_used() {
    let methods = read(METHODS);
    for kind in [PermissionKind::Application, PermissionKind::Delegated] {
        for permission in Permission::all() {
            let used = |line: &&Line| {
                has(line, "used_for", permission.name) && has(line, kind.name(), permission.name)
            };
            let used: Vec<&Line> = methods.iter().filter(used).collect();
            for name in permission.covered_by(kind) {
                let cover = Permission::find(name).expect("what covers is in the table");
                assert!(
                    cover.exists_as(kind) && permission.exists_as(kind),
                    "{name} covers {permission:?} as {kind:?}"
                );
                assert!(
                    !used.is_empty(),
                    "there is a method by which {name} covers {}",
                    permission.name
                );
                let serves = used.iter().all(|line| has(line, kind.name(), name));
                assert!(
                    serves,
                    "Microsoft lists {name} beside {} as {kind:?}",
                    permission.name
                );
                assert!(
                    !cover.covered_by(kind).contains(&permission.name),
                    "{name} and {} are one",
                    permission.name
                );
            }
        }
    }
}

#[test]
fn every_method_says_what_it_is_used_for_and_where_microsoft_lists_its_permissions() {
    for line in read(METHODS) {
        let (method, path) = (&line["method"], &line["path"]);
        assert!(
            ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str())
                && path.starts_with('/'),
            "{line:?}"
        );
        assert!(
            line["page"].starts_with("https://learn.microsoft.com/graph/api/"),
            "{line:?}"
        );
        assert!(!line["used_for"].is_empty(), "{line:?}");
        for name in line["used_for"].split_whitespace() {
            let listed = ["application", "delegated"]
                .iter()
                .any(|kind| has(&line, kind, name));
            assert!(
                listed && Permission::find(name).is_some(),
                "{name} serves {method} {path}"
            );
        }
    }
}

#[test]
fn only_what_microsoft_documents_covers_another() {
    let covered = |name: &str, kind| {
        Permission::find(name)
            .expect("in the table")
            .covered_by(kind)
    };
    for kind in [PermissionKind::Application, PermissionKind::Delegated] {
        assert_eq!(
            covered("SecurityAlert.Read.All", kind),
            ["SecurityAlert.ReadWrite.All"]
        );
        assert_eq!(
            covered("SecurityIncident.Read.All", kind),
            ["SecurityIncident.ReadWrite.All"]
        );
        let of_users = [
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "User.ReadWrite.All",
        ];
        assert_eq!(covered("User.Read.All", kind), of_users);
        assert_eq!(
            covered("Directory.Read.All", kind),
            ["Directory.ReadWrite.All"]
        );
        assert_eq!(covered("Group.Read.All", kind), ["Group.ReadWrite.All"]);
        assert!(
            covered("IdentityRiskyUser.Read.All", kind).is_empty(),
            "the higher one may not list risky users"
        );
        assert!(
            covered("AuditLog.Read.All", kind).is_empty(),
            "nothing else may list the sign-ins"
        );
        assert!(
            covered("User.RevokeSessions.All", kind).is_empty(),
            "nothing else may revoke sessions"
        );
    }
    assert_eq!(
        covered("Mail.ReadBasic", PermissionKind::Delegated),
        ["Mail.Read", "Mail.ReadWrite"]
    );
    assert!(
        covered("Mail.ReadBasic", PermissionKind::Application).is_empty(),
        "only documented for people"
    );
    assert!(
        covered("Files.ReadWrite", PermissionKind::Delegated).is_empty(),
        "only it is listed for workbooks"
    );
    let reads = covered("Mail.Read", PermissionKind::Delegated);
    assert_eq!(
        reads,
        ["Mail.ReadWrite"],
        "what shows less covers nothing, although it may list messages"
    );
}

#[test]
fn an_administrator_is_needed_for_every_application_permission_and_for_some_delegated_ones() {
    for permission in Permission::all() {
        assert!(permission.needs_admin(PermissionKind::Application));
    }
    let needs = |name: &str| {
        Permission::find(name)
            .expect("in the table")
            .needs_admin(PermissionKind::Delegated)
    };
    assert!(!needs("User.Read") && !needs("Mail.Send"));
    assert!(
        needs("AuditLog.Read.All") && needs("Calendars.ReadBasic"),
        "sources that disagree count as yes"
    );
}

fn lines() -> Vec<Line> {
    read(FACTS)
}

fn read(file: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("every line has every column")
}

/// Whether a list in a column holds a name.
fn has(line: &Line, column: &str, name: &str) -> bool {
    line[column].split_whitespace().any(|listed| listed == name)
}
