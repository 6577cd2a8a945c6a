//! How a connection came about is noted of the one that is made anyway.

use demo_tenant::fixtures;
use entra::{client_credentials, discover, organization};
use jiff::SignedDuration;
use secrecy::SecretString;
use url::Url;

use crate::{
    authority::{Authority, http, tenant},
    demo::{cloud, contoso, demo, secret_of},
};

#[tokio::test]
async fn two_requests_to_a_host_have_one_route_and_two_hosts_on_one_computer_have_their_own() {
    let demo = demo().await;
    let (http, cloud) = (http(), cloud(&demo));
    assert_eq!(http.route(&cloud.login), None);
    let secret = SecretString::from(secret_of(&demo, fixtures::HEALTHY));
    discover(&http, &cloud, &contoso()).await.unwrap();
    let first = http.route(&cloud.login).unwrap();
    let token = client_credentials(&http, &cloud, &contoso(), &fixtures::HEALTHY, &secret, None)
        .await
        .unwrap();
    assert_eq!(
        http.route(&cloud.login).unwrap().opened_at,
        first.opened_at,
        "the connection was used again"
    );
    assert_eq!(
        (first.lookup, first.proxied, first.tls),
        (None, false, None),
        "an address, without TLS"
    );
    assert_eq!(
        http.route(&cloud.graph),
        None,
        "nothing is opened only to be measured"
    );
    organization(&http, &cloud, &token).await.unwrap();
    assert!(http.route(&cloud.graph).unwrap().opened_at > first.opened_at);
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_its_addresses_are_kept() {
    let authority = Authority::start().await;
    let mut cloud = authority.cloud();
    cloud.login.set_host(Some("localhost")).unwrap();
    let http = http();
    let answered = discover(&http, &cloud, &tenant()).await;
    assert!(answered.is_err(), "its issuer is another host");
    let route = http.route(&cloud.login).unwrap();
    assert!(
        route
            .lookup
            .unwrap()
            .addresses
            .iter()
            .any(std::net::IpAddr::is_loopback)
    );
    assert!(!route.proxied);
}

#[tokio::test]
async fn a_clock_that_is_behind_or_ahead_is_noted_in_seconds() {
    let demo = demo().await;
    let (http, cloud) = (http(), cloud(&demo));
    for minutes in [10, -10, 0] {
        demo.set_clock_ahead(SignedDuration::from_mins(minutes));
        discover(&http, &cloud, &contoso()).await.unwrap();
        let skew = http.route(&cloud.login).unwrap().clock_skew.unwrap();
        assert!(
            (skew + minutes * 60).abs() <= 3,
            "{minutes} minutes ahead there, {skew} seconds here"
        );
    }
}

#[tokio::test]
async fn a_host_that_refuses_connections_has_no_route_that_looks_made() {
    let base = Url::parse("http://127.0.0.1:9").unwrap();
    let cloud = crate::authority::custom_cloud(base.as_str(), base.as_str());
    let http = http();
    discover(&http, &cloud, &tenant()).await.unwrap_err();
    assert!(
        http.route(&base)
            .is_none_or(|route| !route.proxied && route.tls.is_none() && route.lookup.is_none())
    );
}
