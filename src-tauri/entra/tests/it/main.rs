//! The crate from outside, over real HTTP: against a scripted authority that misbehaves on demand,
//! and against the demo tenant. The names of tests begin with the requirement they show.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authority;
mod binding;
mod browser;
mod callback;
mod clouds;
mod consent;
mod demo;
mod discovery;
mod flood;
mod granted;
mod graph;
mod identity;
mod listener;
mod noise;
mod page;
mod process;
mod proxies;
mod refused;
mod repeats;
mod request;
mod retrying;
mod routes;
mod secrets;
mod tls;
mod tokens;
mod trust;
mod tunnel;
mod wire;
