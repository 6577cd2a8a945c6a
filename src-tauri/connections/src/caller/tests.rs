use std::time::Duration;

use entra::{CallMethod, Clouds, Error, GraphCall};
use model::{CloudId, OriginalError};

use super::pause;

fn call(method: CallMethod) -> GraphCall {
    let cloud = Clouds::built_in()
        .get(&CloudId::new("global"))
        .cloned()
        .unwrap();
    GraphCall::new(&cloud, method, "/users", false).unwrap()
}

fn said(status: u16) -> Option<Box<OriginalError>> {
    Some(Box::new(OriginalError {
        http_status: Some(status),
        ..OriginalError::default()
    }))
}

fn throttled(seconds: u64, status: u16) -> Error {
    Error::Throttled {
        retry_after: Duration::from_secs(seconds),
        original: said(status),
    }
}

#[test]
fn a_wait_of_nothing_is_a_second_that_grows_and_a_longer_one_is_obeyed() {
    let read = call(CallMethod::Get);
    let waits = |asked: u64| -> Vec<u64> {
        let wait = |tries| {
            pause(&throttled(asked, 429), &read, tries, true)
                .unwrap()
                .as_secs()
        };
        (1..10).map(wait).collect()
    };
    assert_eq!(waits(0), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(waits(5), [5, 5, 5, 8, 16, 32, 60, 60, 60]);
    assert_eq!(waits(600), [600; 9]);
}

#[test]
fn what_may_do_something_twice_is_not_repeated_unless_nothing_was_done() {
    let post = call(CallMethod::Post);
    assert_eq!(pause(&throttled(0, 503), &post, 1, true), None);
    assert_eq!(
        pause(
            &Error::Unavailable {
                original: said(500)
            },
            &post,
            1,
            true
        ),
        None
    );
    assert_eq!(
        pause(&throttled(0, 429), &post, 1, true),
        Some(Duration::from_secs(1))
    );
}

#[test]
fn a_time_out_is_not_repeated_and_a_page_of_a_gateway_only_after_graph_has_answered() {
    let (read, host) = (call(CallMethod::Get), || "graph.test".to_owned());
    assert_eq!(
        pause(&Error::TimedOut { host: host() }, &read, 1, true),
        None
    );
    assert_eq!(
        pause(&Error::CutOff { host: host() }, &read, 1, false),
        Some(Duration::from_secs(2))
    );
    assert_eq!(
        pause(&Error::NotMicrosoft { host: host() }, &read, 1, false),
        None
    );
    assert_eq!(
        pause(&Error::NotMicrosoft { host: host() }, &read, 1, true),
        Some(Duration::from_secs(2))
    );
    assert_eq!(
        pause(&Error::NotMicrosoft { host: host() }, &read, 4, true),
        None
    );
}
