//! Tests against a real gnome-keyring, and against stores that fail on purpose.

mod failing;
mod real;
mod shelf;
