//! One file for each thing that a child shares with its surroundings.

mod nesting;
mod proxies;
mod setting;
mod signals;
