//! How far two clocks may be apart.

use std::time::Duration;

/// Two clocks that are no further apart agree: tokens are still taken so long after their end. The
/// login host and Graph refuse who is off by more.
pub const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);
