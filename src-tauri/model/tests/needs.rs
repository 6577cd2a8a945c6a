//! How much a connection is meant to do, and what follows from what is held.

use model::{
    Integration, Need, NeedProblem, Permission, PermissionKind, Standing, missing_from, not_needed,
    without_covered,
};

const KINDS: [PermissionKind; 2] = [PermissionKind::Application, PermissionKind::Delegated];

fn named(names: &[&str]) -> Vec<&'static Permission> {
    names
        .iter()
        .map(|name| Permission::find(name).unwrap_or_else(|| panic!("{name} is in the table")))
        .collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn names(permissions: &[&Permission]) -> Vec<&'static str> {
    permissions
        .iter()
        .map(|permission| permission.name)
        .collect()
}

#[test]
fn read_only_changes_nothing_and_is_not_empty() {
    for integration in Integration::ALL {
        for kind in KINDS {
            let reads = integration.needed(kind, &Need::ReadOnly);
            assert!(!reads.is_empty(), "{integration:?} as {kind:?}");
            for permission in reads {
                let second = permission.name.split('.').nth(1).unwrap_or_default();
                assert!(
                    ["Read", "ReadBasic"].contains(&second),
                    "{} changes something",
                    permission.name
                );
                assert!(
                    permission.exists_as(kind),
                    "{} exists as {kind:?}",
                    permission.name
                );
            }
        }
    }
}

#[test]
fn whoever_has_read_and_write_has_what_read_only_needs() {
    for integration in Integration::ALL {
        for kind in KINDS {
            let all: Vec<String> = integration
                .permissions(kind)
                .iter()
                .map(|one| one.name.to_owned())
                .collect();
            let missing = missing_from(&integration.needed(kind, &Need::ReadOnly), kind, &all);
            assert!(
                missing.is_empty(),
                "{integration:?} as {kind:?}: {:?}",
                names(&missing)
            );
        }
    }
}

#[test]
fn whoever_has_everything_of_the_general_connection_has_what_each_product_needs() {
    for kind in KINDS {
        let all = Integration::MicrosoftGraph.permissions(kind);
        let all: Vec<String> = all
            .iter()
            .map(|permission| permission.name.to_owned())
            .collect();
        for integration in Integration::ALL {
            for need in [Need::ReadOnly, Need::ReadWrite] {
                let missing = missing_from(&integration.needed(kind, &need), kind, &all);
                assert!(
                    missing.is_empty(),
                    "{integration:?} as {kind:?}, {need:?}: {:?}",
                    names(&missing)
                );
            }
        }
    }
}

#[test]
fn an_audit_that_reads_needs_no_permission_to_write_the_directory() {
    for kind in KINDS {
        let reads = names(&Integration::EntraId.needed(kind, &Need::ReadOnly));
        assert!(
            reads.contains(&"AuditLog.Read.All") && reads.contains(&"Directory.Read.All"),
            "{reads:?}"
        );
        assert!(
            !reads.iter().any(|name| name.contains("ReadWrite")),
            "{reads:?}"
        );
    }
}

#[test]
fn the_general_connection_keeps_the_whole_list_as_read_and_write() {
    let all = Integration::MicrosoftGraph.needed(PermissionKind::Delegated, &Need::ReadWrite);
    assert_eq!(all.len(), 47);
    assert_eq!(Need::default(), Need::ReadWrite);
}

#[test]
fn a_list_of_ones_own_is_read_in_any_case_and_order_and_with_any_separator() {
    let parse = |text: &str| Need::parse(text, Integration::Outlook, PermissionKind::Application);
    let own = Ok(Need::Own {
        names: owned(&["Mail.Read", "Mail.Send"]),
    });
    assert_eq!(parse("mail.send, MAIL.READ,Mail.Read"), own);
    assert_eq!(parse("Mail.Send;Mail.Read"), own);
    assert_eq!(parse("Mail.Send\nMail.Read\n"), own);
    assert_eq!(parse(" Read "), Ok(Need::ReadOnly));
    assert_eq!(parse("WRITE"), Ok(Need::ReadWrite));
    assert_eq!(parse(" , "), Err(NeedProblem::Empty));
    let problem = parse("Mail.Read,eDiscovery.Read.All").expect_err("of another product");
    assert_eq!(
        problem.to_string(),
        "eDiscovery.Read.All is not one of the application permissions of Microsoft Outlook"
    );
    assert!(
        parse("Calendars.ReadWrite.Shared").is_err(),
        "it exists only as a delegated permission"
    );
}

#[test]
fn a_list_of_ones_own_is_all_that_is_needed_but_for_who_signed_in() {
    let need = Need::Own {
        names: owned(&["Mail.Send"]),
    };
    assert_eq!(
        names(&Integration::Outlook.needed(PermissionKind::Application, &need)),
        ["Mail.Send"]
    );
    assert_eq!(
        names(&Integration::Outlook.needed(PermissionKind::Delegated, &need)),
        ["Mail.Send", "User.Read"]
    );
}

#[test]
fn the_covering_one_serves_and_is_named() {
    let kind = PermissionKind::Application;
    let users = Permission::find("User.Read.All").expect("in the table");
    let held = |names: &'static [&'static str]| move |name: &str| names.contains(&name);
    assert_eq!(
        users.standing(kind, held(&["User.Read.All", "User.ReadWrite.All"])),
        Standing::Held
    );
    assert_eq!(
        users.standing(kind, held(&["User.ReadWrite.All"])),
        Standing::CoveredBy("User.ReadWrite.All")
    );
    assert_eq!(
        users.standing(kind, held(&["User.RevokeSessions.All"])),
        Standing::Missing
    );
    let required = named(&["User.Read.All", "Mail.Send"]);
    let missing = missing_from(&required, kind, &owned(&["user.readwrite.all"]));
    assert_eq!(names(&missing), ["Mail.Send"], "without regard to case");
}

#[test]
fn the_only_one_that_covers_is_needed_and_beside_the_covered_one_it_is_not() {
    let kind = PermissionKind::Application;
    let required = named(&["User.Read.All"]);
    let only = owned(&["User.ReadWrite.All"]);
    assert!(
        not_needed(&required, kind, &only).is_empty(),
        "it is all that covers"
    );
    let both = owned(&["User.Read.All", "User.ReadWrite.All"]);
    assert_eq!(not_needed(&required, kind, &both), ["User.ReadWrite.All"]);
    let two = owned(&["Directory.Read.All", "User.ReadWrite.All"]);
    assert!(
        not_needed(&required, kind, &two).is_empty(),
        "nobody is told to remove both"
    );
    let case = owned(&["user.READWRITE.all", "Mail.Send"]);
    assert_eq!(not_needed(&required, kind, &case), ["Mail.Send"]);
}

#[test]
fn what_is_not_needed_can_be_removed_without_anything_becoming_missing() {
    for kind in KINDS {
        let held: Vec<String> = Permission::all()
            .iter()
            .map(|permission| permission.name.to_owned())
            .collect();
        for integration in Integration::ALL {
            for need in [Need::ReadOnly, Need::ReadWrite] {
                let required = integration.needed(kind, &need);
                for skip in 0..7 {
                    // Another seventh is held each time, so that covers are needed in many places.
                    let part: Vec<String> = held
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| at % 7 != skip)
                        .map(|(_, name)| name.clone())
                        .collect();
                    let before = names(&missing_from(&required, kind, &part));
                    let away = not_needed(&required, kind, &part);
                    let rest: Vec<String> = part
                        .iter()
                        .filter(|name| !away.contains(&name.as_str()))
                        .cloned()
                        .collect();
                    let after = names(&missing_from(&required, kind, &rest));
                    assert_eq!(before, after, "{integration:?} as {kind:?}, {need:?}");
                }
            }
        }
    }
}

#[test]
fn a_copied_list_does_not_name_what_a_copied_one_covers_and_loses_nothing() {
    let kind = PermissionKind::Application;
    let wanted = named(&["User.Read.All", "User.ReadWrite.All", "Mail.Send"]);
    assert_eq!(
        names(&without_covered(&wanted, kind)),
        ["User.ReadWrite.All", "Mail.Send"]
    );
    for kind in KINDS {
        for integration in Integration::ALL {
            for need in [Need::ReadOnly, Need::ReadWrite] {
                let wanted = integration.needed(kind, &need);
                let copied: Vec<String> = without_covered(&wanted, kind)
                    .iter()
                    .map(|permission| permission.name.to_owned())
                    .collect();
                let missing = missing_from(&wanted, kind, &copied);
                assert!(
                    missing.is_empty(),
                    "{integration:?} as {kind:?}, {need:?}: {:?}",
                    names(&missing)
                );
            }
        }
    }
}

#[test]
fn the_choice_is_kept_as_words_that_stay() {
    let kept = |need: &Need| serde_json::to_string(need).expect("JSON");
    assert_eq!(kept(&Need::ReadOnly), r#"{"kind":"readOnly"}"#);
    assert_eq!(kept(&Need::ReadWrite), r#"{"kind":"readWrite"}"#);
    assert_eq!(
        kept(&Need::Own {
            names: owned(&["Mail.Read"])
        }),
        r#"{"kind":"own","names":["Mail.Read"]}"#
    );
}
