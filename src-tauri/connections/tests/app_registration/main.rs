//! Connections by App Registration, from the form to the list, over real HTTP.

#[path = "../common/mod.rs"]
mod common;
mod fields;
mod keeping;
mod testing;
