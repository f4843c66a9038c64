//! Retention, and the rate at which jobs end logins.

use engine::{ConfigurationChange, Difference, PastRetention, Retention, RetentionChange};
use terms::Role;

use super::{Admin, AdminError, Caller};
use crate::cluster::Cluster;

/// The most rows of each kind that [`Admin::foresee_retention`] counts; one more stands for any number above.
pub const MAX_COUNTED_ROWS: u32 = 1_000_000;

/// What a change of the retention would delete now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionCut {
    /// The retention in force.
    pub before: Retention,
    /// The periods that become shorter.
    pub shortened: RetentionChange,
    /// The rows that are past the shorter periods, at most one more of each kind than [`MAX_COUNTED_ROWS`].
    pub past: PastRetention,
}

impl Admin {
    /// The retention in force, from the store.
    /// The copy in memory may lag behind the last save.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn retention(&self, caller: &Caller) -> Result<Retention, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.configuration().await?.retention)
    }

    /// What a change would delete now; `None` for a change that makes no period shorter.
    ///
    /// # Errors
    /// When the caller's role does not allow the change, or a value is invalid.
    pub async fn foresee_retention(
        &self,
        caller: &Caller,
        change: &RetentionChange,
    ) -> Result<Option<RetentionCut>, AdminError> {
        let Cluster { store, clock, .. } = &**self.gate.open(caller, Role::Administrator)?;
        check_retention(change).map_err(AdminError::Invalid)?;
        let before = store.configuration().await?.retention;
        let shortened = change.shortened(&before);
        if shortened == RetentionChange::default() {
            return Ok(None);
        }
        let kept = shortened.applied_to(before).kept_since(clock.now());
        let past = store.past_retention(kept, MAX_COUNTED_ROWS + 1).await?;
        Ok(Some(RetentionCut { before, shortened, past }))
    }

    /// Changes the given values; returns the differences.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or a value is invalid.
    pub async fn change_retention(
        &self,
        caller: &Caller,
        retention: RetentionChange,
    ) -> Result<Vec<Difference>, AdminError> {
        let Cluster { store, clock, .. } = &**self.gate.open(caller, Role::Administrator)?;
        check_retention(&retention).map_err(AdminError::Invalid)?;
        let change = ConfigurationChange { retention, ..ConfigurationChange::default() };
        let by = caller.actor().clone();
        let applied = engine::apply(&**store, change, by, &**clock, &|_| {}).await;
        applied.map_err(|not_applied| AdminError::Store(not_applied.error))
    }
}

/// Checks the values; the text names the first invalid one.
pub(super) fn check_retention(change: &RetentionChange) -> Result<(), String> {
    let RetentionChange { history_days, audit_days, event_days, refusal_days, log_outs_per_second } =
        *change;
    for (name, value, max) in [
        ("history_days", history_days, Retention::MAX_DAYS),
        ("audit_days", audit_days, Retention::MAX_DAYS),
        ("event_days", event_days, Retention::MAX_DAYS),
        ("refusal_days", refusal_days, Retention::MAX_DAYS),
        ("log_outs_per_second", log_outs_per_second, Retention::MAX_PER_SECOND),
    ] {
        if value.is_some_and(|value| !(1..=max).contains(&value)) {
            return Err(format!("{name} must be from 1 to {max}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::AuditQuery;

    use super::*;
    use crate::cluster::TestCluster;

    #[tokio::test]
    async fn only_an_administrator_changes_it_within_limits_and_it_is_written_down() {
        let cluster = TestCluster::start("seoul").await;
        let (store, admin) = (&cluster.store, Admin::of(Arc::clone(&cluster)));
        let change = async |role, history_days| {
            let caller = Caller::of_test("kim", role);
            let retention =
                RetentionChange { history_days: Some(history_days), ..RetentionChange::default() };
            admin.change_retention(&caller, retention).await
        };
        let refused = change(Role::Operator, 30).await;
        assert!(matches!(refused, Err(AdminError::NotAllowed(Role::Administrator))));
        for days in [0, Retention::MAX_DAYS + 1] {
            let refused = change(Role::Administrator, days).await;
            assert!(matches!(refused, Err(AdminError::Invalid(_))), "{days}");
        }
        assert_eq!(change(Role::Administrator, 30).await.unwrap().len(), 1);
        assert!(change(Role::Administrator, 30).await.unwrap().is_empty());
        let retention = store.configuration().await.unwrap().retention;
        assert_eq!(retention, Retention { history_days: 30, ..Retention::default() });
        let audit = store
            .audit(&AuditQuery { limit: 9, find: vec!["365".into()], ..AuditQuery::default() })
            .await
            .unwrap();
        let lines: Vec<_> = audit.rows.iter().map(|row| (&*row.by.name, &*row.detail)).collect();
        assert_eq!(lines, [("kim", "365 → 30")]);
    }
}
