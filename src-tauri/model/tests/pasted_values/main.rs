//! What people paste into the form, and what is made of it.

mod client_id;
mod name;
mod secret;
mod tenant;

const ID: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
const OTHER: &str = "11112222-bbbb-3333-cccc-4444dddd5555";
