use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::{is_issuer, passed};

#[tokio::test]
async fn lb_6_a_deadline_that_went_by_while_the_computer_slept_is_noticed_within_a_second() {
    let begun = Instant::now();
    passed(Timestamp::now() - SignedDuration::from_hours(8)).await;
    assert!(begun.elapsed() < Duration::from_millis(100));
    let waits =
        tokio::time::timeout(Duration::from_millis(50), passed(Timestamp::now() + SignedDuration::from_mins(5)));
    assert!(waits.await.is_err());
}

#[test]
fn au_7_the_place_of_the_tenant_takes_a_guid_and_nothing_else() {
    let any = "https://login.test/{tenantid}/v2.0";
    assert!(is_issuer("https://login.test/11112222-3333-4444-5555-666677778888/v2.0", any));
    for bad in [
        "https://login.test/{tenantid}/v2.0",
        "https://login.test/evil/v2.0",
        "https://login.test//v2.0",
        "https://evil.test/11112222-3333-4444-5555-666677778888/v2.0",
    ] {
        assert!(!is_issuer(bad, any), "{bad}");
    }
    assert!(
        is_issuer("https://login.test/x", "https://login.test/x")
            && !is_issuer("https://login.test/X", "https://login.test/x")
    );
}
