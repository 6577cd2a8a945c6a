//! Tests of the journal: with keychains that fail, and with a process that is killed at every step.

mod failing;
mod full;
#[cfg(target_os = "linux")]
pub(super) mod kill;
#[cfg(target_os = "linux")]
mod places;
#[cfg(not(target_os = "linux"))]
pub(super) mod kill {
    //! Killing processes is tested where the tests have a keychain of their own.

    /// Does nothing.
    pub(in crate::journal) const fn crash_point() {}
}
