//! The client ID: read from what portals and editors add, and out of links.

use model::{CleanUp, ClientId, IdProblem, Tenant};
use uuid::{Uuid, uuid};

use crate::{ID, OTHER};

const GUID: Uuid = uuid!("00001111-aaaa-2222-bbbb-3333cccc4444");

#[test]
fn a_client_id_is_read_from_everything_that_portals_and_editors_add() {
    let table: &[(&str, &[CleanUp])] = &[
        (ID, &[]),
        ("00001111-AAAA-2222-BBBB-3333CCCC4444", &[]),
        (
            "{00001111-aaaa-2222-bbbb-3333cccc4444}",
            &[CleanUp::BracesRemoved],
        ),
        (
            "(00001111-aaaa-2222-bbbb-3333cccc4444)",
            &[CleanUp::BracesRemoved],
        ),
        ("00001111aaaa2222bbbb3333cccc4444", &[CleanUp::DashesAdded]),
        (
            " 00001111-aaaa-2222-bbbb-3333cccc4444\r\n",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\t00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\u{a0}00001111-aaaa-2222-bbbb-3333cccc4444\u{3000}",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\u{200b}00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "00001111-aaaa-2222-bbbb-3333cccc4444\u{feff}",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "\u{2060}00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "\u{202a}00001111-aaaa-2222-bbbb-3333cccc4444\u{202c}",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "00001111\u{2010}aaaa\u{2013}2222\u{2014}bbbb\u{2212}3333cccc4444",
            &[CleanUp::DashesReplaced],
        ),
    ];
    for (pasted, notes) in table {
        let read = ClientId::parse(pasted)
            .unwrap_or_else(|problem| panic!("{pasted:?} should be read: {problem}"));
        assert_eq!(
            read.value.to_string(),
            ID,
            "{pasted:?} is stored in the canonical form"
        );
        assert_eq!(read.notes, *notes, "what was done to {pasted:?} is said");
    }
}

#[test]
fn what_is_not_one_client_id_is_refused_with_the_fitting_advice() {
    let two = format!("{ID}\n11112222-aaaa-2222-bbbb-3333cccc4444");
    let huge = "0".repeat(1_000_000);
    let table: &[(&str, IdProblem)] = &[
        ("", IdProblem::Empty),
        ("   ", IdProblem::Empty),
        (
            "\u{ff10}\u{ff10}\u{ff10}\u{ff10}1111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::LookAlikes,
        ),
        (
            "\"00001111-aaaa-2222-bbbb-3333cccc4444\"",
            IdProblem::Surrounded(GUID),
        ),
        (
            "'00001111-aaaa-2222-bbbb-3333cccc4444'",
            IdProblem::Surrounded(GUID),
        ),
        (
            "<00001111-aaaa-2222-bbbb-3333cccc4444>",
            IdProblem::Surrounded(GUID),
        ),
        (
            "client_id=00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Surrounded(GUID),
        ),
        (
            "clientId: 00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Surrounded(GUID),
        ),
        (
            "https://portal.azure.com/x/appId/00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Link(Some(GUID)),
        ),
        (
            "api://00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::IdUri(Some(GUID)),
        ),
        (
            "00000000-0000-0000-0000-000000000000",
            IdProblem::Placeholder,
        ),
        (
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            IdProblem::Placeholder,
        ),
        ("0000111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("000001111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("g0001111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("00001111--aaaa-2222-bbbb-3333cccc444", IdProblem::NotAGuid),
        (
            "0000\u{0}1111-aaaa-2222-bbbb-3333cccc444",
            IdProblem::NotAGuid,
        ),
        (&two, IdProblem::TwoValues),
        (&huge, IdProblem::TooLong),
    ];
    for (pasted, problem) in table {
        assert_eq!(
            ClientId::parse(pasted),
            Err(*problem),
            "{:?}",
            pasted.chars().take(60).collect::<String>()
        );
    }
}

#[test]
fn what_separates_two_lines_is_never_taken_out_from_between_two_values() {
    for separator in ['\u{2028}', '\u{2029}', '\n', ' '] {
        let two = format!("contoso.com{separator}fabrikam.com");
        assert!(Tenant::parse_concrete(&two).is_err(), "{separator:?}");
        let two = format!("{ID}{separator}{ID}");
        assert!(ClientId::parse(&two).is_err(), "{separator:?}");
    }
}

#[test]
fn the_application_in_a_link_is_offered() {
    let portal = format!(
        "https://portal.azure.com/#view/x/ApplicationMenuBlade/~/Overview/appId/{ID}/isMSAApp~/false"
    );
    let sign_in = format!(
        "https://login.microsoftonline.com/{OTHER}/oauth2/v2.0/authorize?client_id={ID}&scope=openid"
    );
    let demo = format!(
        "http://127.0.0.1:8100/portal/#view/Overview/AppId/{}",
        ID.to_uppercase()
    );
    for link in [portal, sign_in, demo] {
        assert_eq!(
            ClientId::parse(&link).map_err(|problem| problem.hint()),
            Err(Some(GUID)),
            "{link}"
        );
    }
    let object = format!("https://portal.azure.com/#view/x/objectId/{OTHER}");
    let tenant = format!("https://portal.azure.com/?tenantId={OTHER}");
    for link in [object, tenant, "https://portal.azure.com/".to_owned()] {
        assert_eq!(
            ClientId::parse(&link),
            Err(IdProblem::Link(None)),
            "{link} names no application"
        );
    }
    for (pasted, hint) in [
        (format!("client_id={ID}"), Some(GUID)),
        (format!("api://{ID}"), Some(GUID)),
    ] {
        assert_eq!(
            ClientId::parse(&pasted).map_err(|problem| problem.hint()),
            Err(hint),
            "{pasted}"
        );
    }
    assert_eq!(
        ClientId::parse("api://contoso.com/app").map_err(|problem| problem.hint()),
        Err(None)
    );
}
