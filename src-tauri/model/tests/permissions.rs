//! The permission sets of the integrations.

use model::{Integration, Permission, PermissionKind, missing_from};

/// The permissions of the source document that exist only in delegated form.
const DELEGATED_ONLY: [&str; 12] = [
    "Calendars.ReadBasic",
    "Calendars.ReadWrite.Shared",
    "ChannelMessage.ReadWrite",
    "ChannelMessage.Send",
    "Chat.ReadWrite",
    "ChatMember.ReadWrite",
    "Device.Command",
    "Directory.AccessAsUser.All",
    "Files.ReadWrite",
    "Mail.ReadWrite.Shared",
    "OnlineMeetings.ReadWrite",
    "User.Read",
];

#[test]
fn no_application_set_holds_a_permission_that_exists_only_as_delegated() {
    for integration in Integration::ALL {
        for kind in [PermissionKind::Application, PermissionKind::Delegated] {
            let set = integration.permissions(kind);
            assert!(
                !set.is_empty(),
                "{integration:?} needs something as {kind:?}"
            );
            assert!(
                set.iter().all(|p| p.exists_as(kind)),
                "{integration:?} asks only for what exists as {kind:?}"
            );
        }
    }
    for name in DELEGATED_ONLY {
        let permission = Permission::find(name).expect("in the table");
        assert!(
            !permission.exists_as(PermissionKind::Application),
            "{name} has no application form"
        );
        let substitute_exists = permission.substitute.is_none_or(|name| {
            Permission::find(name).is_some_and(|other| other.exists_as(PermissionKind::Application))
        });
        assert!(
            substitute_exists,
            "what stands in for {name} can be granted to an application"
        );
    }
}

#[test]
fn the_general_connection_asks_for_the_whole_list_of_the_source_document() {
    let delegated = Integration::MicrosoftGraph.permissions(PermissionKind::Delegated);
    assert_eq!(delegated.len(), 47, "all 47 exist as delegated permissions");
    let application = Integration::MicrosoftGraph.permissions(PermissionKind::Application);
    let without_form = DELEGATED_ONLY.len();
    let added: Vec<_> = application
        .iter()
        .filter(|p| !delegated.iter().any(|d| d.name == p.name))
        .collect();
    assert_eq!(application.len(), 47 - without_form + added.len());
}

#[test]
fn every_delegated_set_can_read_who_signed_in() {
    for integration in Integration::ALL {
        let set = integration.permissions(PermissionKind::Delegated);
        assert!(set.iter().any(|p| p.name == "User.Read"), "{integration:?}");
    }
}

#[test]
fn the_table_is_sorted_and_no_identifier_stands_twice() {
    let all = Permission::all();
    assert!(
        all.windows(2)
            .all(|pair| pair[0].name.to_lowercase() < pair[1].name.to_lowercase())
    );
    let mut ids: Vec<_> = all
        .iter()
        .flat_map(|p| [p.application_id, p.delegated_id])
        .flatten()
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn what_is_missing_is_found_without_regard_to_case() {
    let required = Integration::OneNote.permissions(PermissionKind::Delegated);
    let granted = vec!["notes.readwrite.all".to_owned()];
    let missing: Vec<_> = missing_from(&required, PermissionKind::Delegated, &granted)
        .iter()
        .map(|p| p.name)
        .collect();
    assert_eq!(missing, ["User.Read"]);
}
