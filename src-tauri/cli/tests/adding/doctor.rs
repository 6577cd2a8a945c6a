//! `doctor`: what it finds, and what it does not show.

use std::fs;

use keychain::testing::{Bus, inside};
use serde_json::Value;

use crate::{
    NAME,
    place::{Place, text},
    secret_of,
};

#[test]
fn doctor_finds_everything_in_order_and_shows_no_secret_and_no_environment() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut doctor = place.graph_connect(&["doctor"]);
        let healthy = doctor
            .env("PLANTED", "planted-value")
            .output()
            .expect("it runs");
        assert!(healthy.status.success(), "{healthy:?}");
        let said = text(&healthy.stdout);
        for part in [
            "connections",
            "keychain",
            "loopback",
            "answers for sign-ins",
            "answers for Microsoft Graph",
            "127.0.0.1",
            "The clock is right",
        ] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        assert!(
            !said.contains("planted-value") && !said.contains(&secret_of(&place)),
            "{said}"
        );
        place
            .tenant
            .set_clock_ahead(-jiff::SignedDuration::from_mins(10));
        let late = place.run(&["doctor", "--json"]);
        assert_eq!(late.status.code(), Some(1), "{late:?}");
        let answer: Value = serde_json::from_slice(&late.stdout).expect("JSON and nothing else");
        let clock = answer["examined"]
            .as_array()
            .and_then(|all| all.last())
            .expect("the clock");
        assert_eq!(
            (&clock["part"], &clock["good"]),
            (&"clock".into(), &false.into())
        );
        let lost = place
            .graph_connect(&["doctor"])
            .env_remove("GRAPH_CONNECT_CLOUDS")
            .output()
            .expect("it runs");
        assert!(
            text(&lost.stdout).contains("\"demo\" is not in the list of clouds"),
            "{lost:?}"
        );
        fs::write(place.home.path().join("clouds.json"), "{").expect("a damaged file");
        let damaged = place.run(&["doctor"]);
        assert!(
            text(&damaged.stdout).contains("clouds.json")
                && text(&damaged.stdout).contains("keychain"),
            "{damaged:?}"
        );
    });
}
