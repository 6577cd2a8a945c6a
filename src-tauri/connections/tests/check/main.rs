//! Test Connection from outside, against the demo tenant over real HTTP.

mod all;
mod claims;
#[path = "../common/mod.rs"]
mod common;
mod expiry;
mod ladder;
mod needs;
mod other_cloud;
mod permissions;
mod untested;
