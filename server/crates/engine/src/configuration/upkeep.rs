//! Retention, and the rate at which jobs end logins.

use crate::UtcMillis;

/// The retention of each kind of row, and the rate at which jobs end logins.
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

/// The moments from which on rows are kept; each kind of row has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSince {
    /// Logins that ended before are deleted.
    pub ended: UtcMillis,
    /// Lines of the audit before are deleted.
    pub audit: UtcMillis,
    /// Events before are deleted.
    pub events: UtcMillis,
    /// Refusals before are deleted.
    pub refusals: UtcMillis,
    /// Jobs that were made before are deleted, unless they run still.
    pub jobs: UtcMillis,
    /// Tombstones of stays, and farewells that no cluster has acknowledged, are deleted if they are older.
    pub stays: UtcMillis,
}

impl Upkeep {
    /// The rows that are kept at `now`. A job is kept as long as its lines in the audit.
    #[must_use]
    pub fn kept_since(&self, now: UtcMillis) -> KeptSince {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        // A question that is later than this is of no stay that either cluster still knows.
        const STAY_DAYS: u32 = 7;
        let days_ago = |days: u32| UtcMillis(now.0 - i64::from(days) * DAY_MS);
        KeptSince {
            ended: days_ago(self.history_days),
            audit: days_ago(self.audit_days),
            events: days_ago(self.event_days),
            refusals: days_ago(self.refusal_days),
            jobs: days_ago(self.audit_days),
            stays: days_ago(STAY_DAYS),
        }
    }
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
