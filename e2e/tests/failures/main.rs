//! Failures, acted out on the demo tenant and ended in the real window by only following what the
//! window says.
//!
//! Each story leaves a section for docs/FAILURES.md and fails when the document does not say what
//! the window said.

mod consent;
mod frame;
mod registration;
mod service;
mod sign_in;

use e2e::{FAILURES, documented};

#[test]
fn the_document_has_these_failures_and_no_others() {
    // While it is being written it may lack what was not acted out yet.
    if !frame::is_being_written() {
        assert_eq!(documented(), FAILURES);
    }
}
