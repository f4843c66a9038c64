//! Retention, and the rate at which jobs end logins.

/// How long what is kept, and how fast many logins end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upkeep {
    /// Days for which logins are kept after their end.
    pub history_days: u32,
    /// Days for which the audit is kept.
    pub audit_days: u32,
    /// Days for which events are kept.
    pub event_days: u32,
    /// Days for which refusals are kept.
    pub refusal_days: u32,
    /// Logins that a job ends in a second.
    pub log_outs_per_second: u32,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self {
            history_days: 365,
            audit_days: 730,
            event_days: 30,
            refusal_days: 90,
            log_outs_per_second: 100,
        }
    }
}

impl Upkeep {
    /// The longest time that anything can be kept, in days: ten years.
    pub const MAX_DAYS: u32 = 3650;
    /// The highest rate of ending logins.
    pub const MAX_PER_SECOND: u32 = 5000;
}

/// A change of [`Upkeep`].
#[derive(Clone, Copy, Debug, Default)]
pub struct UpkeepChange {
    /// Days for which logins are kept after their end.
    pub history_days: Option<u32>,
    /// Days for which the audit is kept.
    pub audit_days: Option<u32>,
    /// Days for which events are kept.
    pub event_days: Option<u32>,
    /// Days for which refusals are kept.
    pub refusal_days: Option<u32>,
    /// Logins that a job ends in a second.
    pub log_outs_per_second: Option<u32>,
}
