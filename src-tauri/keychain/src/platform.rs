//! What differs between the operating systems: the store, how an item is named there, and the
//! errors beneath.

#[cfg(target_os = "linux")]
#[path = "platform/linux.rs"]
mod native;
#[cfg(target_os = "macos")]
#[path = "platform/macos.rs"]
mod native;
#[cfg(target_os = "windows")]
#[path = "platform/windows.rs"]
mod native;

#[cfg(target_os = "linux")]
pub use native::restart_without_unusable_variables;
pub(crate) use native::{
    FILLS_UP, connect, describe, explain, modifiers, program_in_use, provider,
};
