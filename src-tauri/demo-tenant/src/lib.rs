//! A pretend Microsoft identity platform v2.0 and the part of Microsoft Graph that Graph Connect
//! uses, over real HTTP on 127.0.0.1: for tests, and for people who have no Microsoft account at
//! hand.
//!
//! It speaks in Entra's own shapes: tenant paths, discovery, pages for sign-in and consent, tokens,
//! AADSTS errors. It keeps everything in memory, begins with the same [`fixtures`] each time, and
//! lets a test change everything while it runs. Deliberately not here: anything that protects a
//! secret (passwords and keys stand in this source), Conditional Access beyond a plain no, device
//! code, certificates and personal accounts. It is never part of what is shipped.

mod aadsts;
mod admin_consent;
mod administration;
mod answer;
mod authorize;
mod back_end;
mod batch;
pub mod browser;
mod caller;
mod claims;
mod consent;
mod consent_answer;
mod control;
mod directory;
mod discovery;
mod errors;
mod faults;
pub mod fixtures;
mod forced;
mod graph;
mod graph_errors;
mod graph_objects;
mod interaction;
mod issued;
mod jwt;
mod log;
mod observe;
mod pages;
mod people;
mod permissions;
mod person;
mod policy;
mod probes;
pub mod python;
mod routes;
mod scope;
mod server;
mod services;
mod sign_in_answer;
mod start;
mod summary;
mod tenant;
mod tenant_segment;
mod tls;
mod token;
mod visit;
mod world;

pub use aadsts::Aadsts;
pub use directory::{
    App, AppState, Membership, Organization, Principal, RedirectPlatform, RedirectUri, Role,
    Secret, User,
};
pub use faults::Fault;
pub use log::{Host, LoggedRequest};
pub use permissions::GRAPH_APP_ID;
pub use services::Service;
pub use start::{MICROSOFT, Options, StartError};
pub use summary::{AppSummary, Summary, UserSummary};
pub use tenant::DemoTenant;
pub use world::IssParameter;
