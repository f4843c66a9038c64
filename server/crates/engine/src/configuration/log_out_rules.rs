//! When a cluster logs users out by itself.

use terms::LogOutAt;

use crate::UtcMillis;

/// When the cluster logs users out by itself; a phone may have its own values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogOutRules {
    /// The time of the day, in the zone of the site, at which all users are logged out.
    pub at: LogOutAt,
    /// When `at` was set: earlier occurrences of the time log nobody out.
    pub at_since: UtcMillis,
    /// The minutes without use of a phone after which its user is logged out; 0 is never.
    pub idle_minutes: u32,
}

impl LogOutRules {
    /// The longest time without use, in minutes: a week.
    pub const MAX_IDLE_MINUTES: u32 = 7 * 24 * 60;
}

/// A change of [`LogOutRules`]; a field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogOutRulesChange {
    /// The time of the day.
    pub at: Option<LogOutAt>,
    /// The minutes without use.
    pub idle_minutes: Option<u32>,
}
