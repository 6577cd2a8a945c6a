//! The demo tenant from outside, over real HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose preparation fails has failed"
)]

mod support;

mod aadsts;
mod admin_consent;
mod administration;
mod authorize;
mod client_credentials;
mod discovery;
mod faults;
mod graph;
mod other_cloud;
mod policies;
mod probes;
mod program;
mod redemption;
mod refresh;
mod tls;
mod troubles;
