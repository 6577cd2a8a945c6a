//! Speaks to the Microsoft identity platform (v2.0) and to Microsoft Graph.
//!
//! One room for everything that has an address of Microsoft's in it: clouds and their hosts,
//! discovery, sign-in by the system browser with a listener on the loopback interface (RFC 8252,
//! PKCE), the token endpoint, the few Graph reads that prove a connection, and what the platform's
//! errors mean.
//!
//! Deliberately not here: opening the browser (the caller does, with [`Attempt::url`] after
//! [`Cloud::may_open`]), keeping anything (tokens and secrets are handed out and forgotten),
//! deciding what happens before what (crate `connections`), and checking a signature of an access
//! token, which is none of a client's business.
//!
//! Behaviour follows the protocol's `error` and the HTTP status, never the text or the AADSTS
//! number; the number only picks the help ([`Error::help`]).

mod address;
mod admin_consent;
mod attempt;
mod authorize;
mod call;
mod catalogue;
mod challenge;
mod clock;
mod cloud;
mod cloud_shell;
mod discovery;
mod error;
mod error_body;
mod expired;
mod graph;
mod help;
mod http;
mod http_response;
mod id_token;
mod jwt;
mod known_errors;
mod link;
mod loopback;
mod named_file;
mod portal;
mod probe;
mod proxy;
mod reach;
mod registration;
mod route;
mod sanitise;
mod sent;
mod sign_in;
mod tls;
mod token;
mod token_response;
mod transport;
mod trust;
mod wait;

pub use address::host_of;
pub use admin_consent::{ConsentAttempt, ConsentTo, admin_consent_link};
pub use attempt::Notice;
pub use authorize::SignInRequest;
pub use call::{CallMethod, CallProblem, Called, GraphCall, call};
pub use catalogue::{GraphPermissions, graph_permissions};
pub use challenge::ClaimsChallenge;
pub use clock::CLOCK_TOLERANCE;
pub use cloud::{Cloud, Clouds, CloudsFileError};
pub use cloud_shell::cloud_shell_script;
pub use discovery::{TenantFacts, discover};
pub use error::{Error, refuses_credential};
pub use expired::says_expired;
pub use graph::{Me, Organization, me, organization};
pub use help::{Help, explain_code};
pub use http::Http;
pub use loopback::{listen, try_loopback};
pub use named_file::read_named_file;
pub use portal::portal_link;
pub use probe::{Probe, probe, probe_of};
pub use proxy::{Proxy, ProxyProblem};
pub use reach::{reach_graph, reach_login};
pub use registration::{
    Registration, SecretFacts, delegated_grants, registration, role_assignments,
};
pub use route::{Lookup, Route, TlsFacts};
pub use sanitise::harmless;
pub use sign_in::{Attempt, SignedIn};
pub use token::{AccessToken, Refreshed, TokenClaims, client_credentials, refresh};
