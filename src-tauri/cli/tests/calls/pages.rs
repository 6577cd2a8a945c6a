//! Lists in pages, as servers have been seen to write them.

use demo_tenant::Fault;
use keychain::testing::{Bus, inside};

use super::{allowed, on_a_terminal};
use crate::{
    NAME,
    place::{Place, text},
};

/// The next answer to a read of the list.
fn page(place: &Place, body: &str) {
    let body = body.replace("{graph}", place.tenant.graph_url().trim_end_matches('/'));
    let fault = Fault::status("/v1.0/users", 200)
        .header("Content-Type", "application/json")
        .body(&body);
    place.tenant.fault(fault.times(1));
}

fn pages_asked(place: &Place) -> usize {
    place
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.starts_with("/v1.0/users"))
        .count()
}

#[test]
fn paging_that_never_ends_is_ended_at_the_first_address_that_comes_back() {
    inside(Bus::Ordinary, || {
        for (what, second, third) in [
            (
                "A, B, A",
                "{graph}/v1.0/users?$top=1&$skiptoken=b",
                "{graph}/v1.0/users?$top=1",
            ),
            ("a page that names itself", "{graph}/v1.0/users?$top=1", ""),
            (
                "another order",
                "{graph}/v1.0/users?$skiptoken=b&$top=1",
                "{graph}/v1.0/users?$top=1&$skiptoken=b",
            ),
            (
                "another spelling",
                "{graph}/v1.0/users?$skiptoken=b",
                "{graph}/v1.0/Users/?%24skipToken=%62",
            ),
        ] {
            let place = allowed();
            place.run(&["token", NAME]);
            place.tenant.clear_requests();
            page(
                &place,
                &format!(r#"{{"value":[{{"id":"1"}}],"@odata.nextLink":"{second}"}}"#),
            );
            page(
                &place,
                &format!(r#"{{"value":[{{"id":"2"}}],"@odata.nextLink":"{third}"}}"#),
            );
            let read = place.run(&["get", NAME, "/users?$top=1", "--all"]);
            assert_eq!(read.status.code(), Some(1), "{what}: {read:?}");
            assert!(
                text(&read.stderr).contains("the list is not complete"),
                "{what}: {read:?}"
            );
            let (items, asked) = if third.is_empty() {
                ("{\"id\":\"1\"}\n", 1)
            } else {
                ("{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2)
            };
            assert_eq!(
                (text(&read.stdout).as_str(), pages_asked(&place)),
                (items, asked),
                "{what}"
            );
        }
    });
}

#[test]
fn whatever_has_a_next_link_is_a_page_and_without_a_value_an_empty_one() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let link = r#""@odata.nextLink":"{graph}/v1.0/users?$skiptoken="#;
        for (first, second) in [
            (
                r#"{"@odata.context":"x",LINK1"}"#,
                r#"{"value":[{"id":"1"}]}"#,
            ),
            (r#"{"value":[],LINK1"}"#, r#"{"value":[{"id":"1"}]}"#),
            (
                r#"{"value":null,LINK1"}"#,
                r#"{"value":[{"id":"1"}],"@odata.nextLink":null}"#,
            ),
            (
                r#"{"value":[{"id":"1"}],LINK1"}"#,
                r#"{"@odata.deltaLink":"x"}"#,
            ),
        ] {
            page(&place, &first.replace("LINK", link));
            page(&place, second);
            let read = place.run(&["get", NAME, "/users", "--all"]);
            assert_eq!(
                (read.status.code(), text(&read.stdout).as_str()),
                (Some(0), "{\"id\":\"1\"}\n"),
                "{first}"
            );
        }
        page(
            &place,
            &r#"{"value":{"id":"1"},LINK1"}"#.replace("LINK", link),
        );
        let no_list = place.run(&["get", NAME, "/users", "--all"]);
        assert_eq!(
            (no_list.status.code(), no_list.stdout.len()),
            (Some(1), 0),
            "{no_list:?}"
        );
        page(&place, r#"{"id":"1","displayName":"one thing"}"#);
        let thing = place.run(&["get", NAME, "/users/1", "--all"]);
        assert_eq!(
            (thing.status.code(), text(&thing.stdout).lines().count()),
            (Some(0), 1),
            "{thing:?}"
        );
    });
}

#[test]
fn a_next_link_that_is_no_text_leaves_the_list_incomplete_on_every_page() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        for link in ["7", r#"{"href":"x"}"#, "[]", "true", r#""""#] {
            let last = format!(r#"{{"value":[{{"id":"1"}}],"@odata.nextLink":{link}}}"#);
            page(&place, &last);
            let first = place.run(&["get", NAME, "/users", "--all"]);
            assert_eq!(
                (first.status.code(), text(&first.stdout).as_str()),
                (Some(1), "{\"id\":\"1\"}\n"),
                "{link}"
            );
            assert!(
                text(&first.stderr).contains("the list is not complete"),
                "{link}: {first:?}"
            );
            page(
                &place,
                r#"{"@odata.nextLink":"{graph}/v1.0/users?$skiptoken=2"}"#,
            );
            page(&place, &last);
            assert_eq!(
                place.run(&["get", NAME, "/users", "--all"]).status.code(),
                Some(1),
                "{link}, second page"
            );
        }
        page(&place, r#"{"value":[{"id":"1"}],"@odata.nextLink":null}"#);
        assert_eq!(
            place.run(&["get", NAME, "/users", "--all"]).status.code(),
            Some(0),
            "null is none"
        );
    });
}

#[test]
fn the_address_of_later_changes_and_the_items_steer_no_terminal() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let body = "{\"value\":[{\"id\":\"\u{9b}2J\"},\n{\"id\":\n\"\u{9b}3J\"}],\"@odata.deltaLink\":\"\\u001b[2Jx\\r\\n\u{9b}y\"}";
        page(&place, body);
        let shown = on_a_terminal(&place, "/users --all");
        let shown = text(&shown.stdout);
        assert!(
            shown.contains("changes from now on") && shown.contains("3J"),
            "{shown:?}"
        );
        assert!(!shown.contains(['\u{1b}', '\u{9b}']), "{shown:?}");
        page(&place, body);
        let piped = place.run(&["get", NAME, "/users", "--all"]);
        assert_eq!(
            text(&piped.stdout),
            "{\"id\":\"\u{9b}2J\"}\n{\"id\":\"\u{9b}3J\"}\n",
            "a program gets what came"
        );
        assert!(
            !text(&piped.stderr).contains(['\u{1b}', '\u{9b}']),
            "{piped:?}"
        );
    });
}
