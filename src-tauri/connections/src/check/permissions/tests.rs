use std::collections::HashMap;

use model::{Integration, Permission, PermissionFinding, PermissionKind, PermissionState as State};
use uuid::Uuid;

use super::{Catalogue, Facts, Grants, assess, shipped_id};

use PermissionKind::{Application, Delegated};

fn facts(integration: Integration, kind: PermissionKind, in_token: Option<&[&str]>) -> Facts {
    let in_token = in_token.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let required = integration.permissions(kind);
    Facts {
        integration,
        required,
        kind,
        in_token,
        grants: None,
        registered: None,
        catalogue: Catalogue::Shipped,
    }
}

fn id(name: &str, kind: PermissionKind) -> Uuid {
    shipped_id(Permission::find(name).expect("in the table"), kind).expect("it exists in this kind")
}

fn find<'a>(found: &'a [PermissionFinding], name: &str) -> &'a PermissionFinding {
    found
        .iter()
        .find(|finding| finding.name == name)
        .unwrap_or_else(|| panic!("{name} is in {found:#?}"))
}

/// One row: what the token carries, what the tenant granted, what the registration lists; and the
/// state to be found.
struct Row {
    says: &'static str,
    in_token: Option<&'static [&'static str]>,
    granted: Option<bool>,
    registered: Option<&'static [(&'static str, PermissionKind)]>,
    state: State,
    next: &'static str,
}

/// The permission that the rows are about: of eDiscovery, in both kinds.
const NAME: &str = "eDiscovery.ReadWrite.All";

const ROWS: [Row; 11] = [
    Row {
        says: "in the token",
        in_token: Some(&[NAME]),
        granted: Some(true),
        registered: None,
        state: State::Granted,
        next: "",
    },
    Row {
        says: "in the token, whatever the tenant's slower copy says",
        in_token: Some(&["ediscovery.readwrite.all"]),
        granted: Some(false),
        registered: None,
        state: State::Granted,
        next: "",
    },
    Row {
        says: "granted but not in the token",
        in_token: Some(&[]),
        granted: Some(true),
        registered: Some(&[(NAME, Application)]),
        state: State::NotYetInToken,
        next: "Wait a minute",
    },
    Row {
        says: "registered and not consented",
        in_token: Some(&[]),
        granted: Some(false),
        registered: Some(&[(NAME, Application)]),
        state: State::Missing,
        next: "It is registered, but nobody has consented.",
    },
    Row {
        says: "not registered",
        in_token: Some(&[]),
        granted: Some(false),
        registered: Some(&[]),
        state: State::Missing,
        next: "It is not registered.",
    },
    Row {
        says: "missing, registration unread",
        in_token: Some(&[]),
        granted: None,
        registered: None,
        state: State::Missing,
        next: "if it is not in the list",
    },
    Row {
        says: "registered as delegated",
        in_token: Some(&[]),
        granted: None,
        registered: Some(&[(NAME, Delegated)]),
        state: State::WrongKind,
        next: "registered as a delegated permission",
    },
    Row {
        says: "registered in both kinds",
        in_token: Some(&[]),
        granted: Some(false),
        registered: Some(&[(NAME, Delegated), (NAME, Application)]),
        state: State::Missing,
        next: "nobody has consented",
    },
    Row {
        says: "opaque, the tenant granted",
        in_token: None,
        granted: Some(true),
        registered: None,
        state: State::Granted,
        next: "",
    },
    Row {
        says: "opaque, the tenant did not grant",
        in_token: None,
        granted: Some(false),
        registered: None,
        state: State::Missing,
        next: "grant admin consent",
    },
    Row {
        says: "opaque and unread",
        in_token: None,
        granted: None,
        registered: None,
        state: State::Unknown,
        next: "API permissions",
    },
];

#[test]
fn each_permission_is_told_apart_by_token_tenant_and_registration() {
    for row in ROWS {
        let mut facts = facts(Integration::EDiscovery, Application, row.in_token);
        facts.grants = row.granted.map(|yes| {
            Grants::Ids(if yes {
                vec![id(NAME, Application)]
            } else {
                Vec::new()
            })
        });
        facts.registered = row.registered.map(|listed| {
            listed
                .iter()
                .map(|(name, kind)| (id(name, *kind), *kind))
                .collect()
        });
        let found = assess(&facts).findings;
        let finding = find(&found, NAME);
        assert_eq!(finding.state, row.state, "{}: {finding:#?}", row.says);
        let next = finding.next.as_deref().unwrap_or_default();
        assert!(
            next.contains(row.next) && next.is_empty() == row.next.is_empty(),
            "{}: {next}",
            row.says
        );
        assert_eq!(finding.granted, row.granted, "{}", row.says);
        assert_eq!(
            finding.in_token.is_some(),
            row.in_token.is_some(),
            "{}",
            row.says
        );
        assert_eq!(
            finding.required_by,
            [Integration::EDiscovery],
            "{}",
            row.says
        );
    }
}

#[test]
fn a_delegated_only_permission_that_is_registered_for_an_application_is_named_beside_its_substitute()
 {
    let mut facts = facts(Integration::Outlook, Application, Some(&[]));
    facts.registered = Some(vec![(id("Calendars.ReadBasic", Delegated), Delegated)]);
    let assessment = assess(&facts);
    let finding = find(&assessment.findings, "Calendars.ReadBasic.All");
    assert_eq!(finding.state, State::WrongKind);
    assert!(
        finding
            .next
            .as_ref()
            .is_some_and(|next| next.starts_with("Calendars.ReadBasic is registered")),
        "{finding:?}"
    );
    assert!(assessment.to_register);
}

#[test]
fn for_a_person_who_signed_in_an_application_permission_is_the_wrong_kind() {
    let mut facts = facts(Integration::EDiscovery, Delegated, Some(&["User.Read"]));
    facts.grants = Some(Grants::Names(vec!["User.Read".into()]));
    facts.registered = Some(vec![(id(NAME, Application), Application)]);
    let found = assess(&facts).findings;
    assert_eq!(find(&found, NAME).state, State::WrongKind);
    assert_eq!(find(&found, "User.Read").state, State::Granted);
}

#[test]
fn more_than_needed_is_named_but_openid_scopes_and_user_read_never_are() {
    let held = [
        "openid",
        "profile",
        "email",
        "offline_access",
        "User.Read",
        NAME,
        "Mail.Send",
        "Made.Up",
    ];
    let found = assess(&facts(Integration::EDiscovery, Delegated, Some(&held))).findings;
    let excess: Vec<_> = found
        .iter()
        .filter(|finding| finding.state == State::Excess)
        .collect();
    assert_eq!(
        excess
            .iter()
            .map(|finding| finding.name.as_str())
            .collect::<Vec<_>>(),
        ["Mail.Send", "Made.Up"]
    );
    assert!(
        excess
            .iter()
            .all(|finding| finding.required_by.is_empty() && finding.next.is_some())
    );
    assert!(
        !excess[0].purpose.is_empty() && excess[1].purpose.is_empty(),
        "what it allows, where that is known"
    );
}

#[test]
fn a_higher_permission_covers_a_lower_one_only_where_it_is_documented() {
    let covered = Permission::all().iter().find(|permission| {
        let serves = Integration::MicrosoftGraph
            .permissions(Application)
            .iter()
            .any(|p| p.name == permission.name);
        serves && !permission.covered_by(Application).is_empty()
    });
    let Some(lower) = covered else {
        // Microsoft documents none for the sets as they are: then nothing may ever count as
        // covered.
        let found = assess(&facts(
            Integration::MicrosoftGraph,
            Application,
            Some(&["Directory.ReadWrite.All"]),
        ));
        assert!(
            found
                .findings
                .iter()
                .all(|finding| finding.state != State::Covered)
        );
        return;
    };
    let higher = lower.covered_by(Application)[0];
    let found = assess(&facts(
        Integration::MicrosoftGraph,
        Application,
        Some(&[higher]),
    ))
    .findings;
    let finding = find(&found, lower.name);
    assert_eq!(
        (finding.state, finding.covered_by.as_deref()),
        (State::Covered, Some(higher)),
        "{finding:#?}"
    );
    assert_eq!(finding.in_token, Some(false), "it is not granted by that");
    assert!(
        !found
            .iter()
            .any(|f| f.name == higher && f.state == State::Excess),
        "what covers is in use"
    );
}

#[test]
fn the_tenants_own_names_and_ids_go_before_the_table() {
    let own = Uuid::from_u128(7);
    let renamed = "eDiscovery.Everything.All";
    let mut facts = facts(Integration::EDiscovery, Application, Some(&[renamed]));
    facts.catalogue = tenants(&[(id(NAME, Application), renamed)]);
    let found = assess(&facts).findings;
    assert_eq!(
        find(&found, NAME).state,
        State::Granted,
        "the tenant calls that ID by another name"
    );
    assert!(found.iter().all(|finding| finding.state != State::Excess));

    facts.in_token = Some(Vec::new());
    facts.grants = Some(Grants::Ids(vec![own]));
    facts.catalogue = tenants(&[(own, NAME)]);
    assert_eq!(
        find(&assess(&facts).findings, NAME).state,
        State::NotYetInToken,
        "the tenant gives it another ID"
    );
}

#[test]
fn what_a_clouds_graph_does_not_offer_is_not_called_missing() {
    let mut facts = facts(Integration::EDiscovery, Application, Some(&[]));
    facts.catalogue = tenants(&[]);
    let found = assess(&facts).findings;
    let finding = find(&found, NAME);
    assert_eq!(finding.state, State::Unknown);
    assert!(
        finding
            .next
            .as_ref()
            .is_some_and(|next| next.contains("does not offer")),
        "{finding:?}"
    );
}

#[test]
fn the_general_connection_says_which_products_need_a_permission() {
    let found = assess(&facts(Integration::MicrosoftGraph, Application, Some(&[]))).findings;
    assert_eq!(find(&found, NAME).required_by, [Integration::EDiscovery]);
    assert!(found.iter().all(|finding| !finding.required_by.is_empty()));
}

fn tenants(names: &[(Uuid, &str)]) -> Catalogue {
    Catalogue::Tenants(
        names
            .iter()
            .map(|(id, name)| ((*id, Application), (*name).to_owned()))
            .collect::<HashMap<_, _>>(),
    )
}
