//! Retention, and the rate at which jobs end logins.

use crate::UtcMillis;

/// The retention of each kind of row, and the rate at which jobs end logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The retention of ended logins, in days after their end.
    pub history_days: u32,
    /// The retention of the audit, in days.
    pub audit_days: u32,
    /// The retention of events, in days.
    pub event_days: u32,
    /// The retention of refusals, in days.
    pub refusal_days: u32,
    /// The number of logins that a job ends per second.
    pub log_outs_per_second: u32,
}

impl Default for Retention {
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

impl Retention {
    /// The longest retention, in days: ten years.
    pub const MAX_DAYS: u32 = 3650;
    /// The highest rate at which a job ends logins, per second.
    pub const MAX_PER_SECOND: u32 = 5000;
}

/// The start of the retention period of each kind of row; older rows are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSince {
    /// Logins that ended earlier are deleted.
    pub ended: UtcMillis,
    /// Earlier lines of the audit are deleted.
    pub audit: UtcMillis,
    /// Earlier events are deleted.
    pub events: UtcMillis,
    /// Earlier refusals are deleted.
    pub refusals: UtcMillis,
    /// Jobs that were made earlier are deleted, unless they are still running.
    pub jobs: UtcMillis,
    /// Earlier tombstones of stays, and earlier farewells that no cluster has acknowledged, are deleted.
    pub stays: UtcMillis,
}

impl Retention {
    /// Returns the start of each retention period at `now`. A job has the retention of its lines in the audit.
    #[must_use]
    pub fn kept_since(&self, now: UtcMillis) -> KeptSince {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        // A request that arrives later than this belongs to no stay that either cluster still knows.
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

/// A change of [`Retention`]; a field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetentionChange {
    /// The retention of ended logins, in days after their end.
    pub history_days: Option<u32>,
    /// The retention of the audit, in days.
    pub audit_days: Option<u32>,
    /// The retention of events, in days.
    pub event_days: Option<u32>,
    /// The retention of refusals, in days.
    pub refusal_days: Option<u32>,
    /// The number of logins that a job ends per second.
    pub log_outs_per_second: Option<u32>,
}
