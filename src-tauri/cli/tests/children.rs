//! Programs that `exec` runs, as they and whoever started them see it: real shells, real signals, a
//! real proxy.
#![cfg(target_os = "linux")]

mod children_of;
mod place;

use place::Place;

const NAME: &str = "Contoso audit";

/// A place where scripts may use the connection, and have its secret.
fn allowed() -> Place {
    let place = Place::with(NAME);
    assert!(
        place
            .run(&["allow", NAME, "--secret", "--yes"])
            .status
            .success()
    );
    place
}
