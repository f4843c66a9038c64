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

/// Rows of one kind that are past their retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastRows {
    /// The number of the rows, at most the limit of the query.
    pub rows: u64,
    /// The time of the oldest row.
    pub oldest: UtcMillis,
}

/// The rows that are past their retention, by kind; `None` for a kind without such rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PastRetention {
    /// Ended logins.
    pub ended: Option<PastRows>,
    /// Lines of the audit.
    pub audit: Option<PastRows>,
    /// Events.
    pub events: Option<PastRows>,
    /// Refusals.
    pub refusals: Option<PastRows>,
}

/// A change of [`Retention`]; a field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

impl RetentionChange {
    /// The periods that the change makes shorter than they are in `now`: such a change deletes rows.
    #[must_use]
    pub fn shortened(&self, now: &Retention) -> Self {
        let shorter = |wanted: Option<u32>, now: u32| wanted.filter(|wanted| *wanted < now);
        Self {
            history_days: shorter(self.history_days, now.history_days),
            audit_days: shorter(self.audit_days, now.audit_days),
            event_days: shorter(self.event_days, now.event_days),
            refusal_days: shorter(self.refusal_days, now.refusal_days),
            log_outs_per_second: None,
        }
    }

    /// The retention after the change.
    #[must_use]
    pub fn applied_to(&self, before: Retention) -> Retention {
        Retention {
            history_days: self.history_days.unwrap_or(before.history_days),
            audit_days: self.audit_days.unwrap_or(before.audit_days),
            event_days: self.event_days.unwrap_or(before.event_days),
            refusal_days: self.refusal_days.unwrap_or(before.refusal_days),
            log_outs_per_second: self.log_outs_per_second.unwrap_or(before.log_outs_per_second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shorter_periods_delete_rows() {
        let now = Retention { history_days: 100, ..Retention::default() };
        let change = RetentionChange {
            history_days: Some(99),
            audit_days: Some(now.audit_days),
            event_days: Some(now.event_days + 1),
            refusal_days: None,
            log_outs_per_second: Some(1),
        };
        let shortened = RetentionChange { history_days: Some(99), ..RetentionChange::default() };
        assert_eq!(change.shortened(&now), shortened);
        assert_eq!(shortened.applied_to(now), Retention { history_days: 99, ..now });
        // A period that another change has shortened is not shortened by this one.
        let now = Retention { history_days: 50, ..now };
        assert_eq!(change.shortened(&now), RetentionChange::default());
    }
}
