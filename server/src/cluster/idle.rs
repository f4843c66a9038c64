//! Logging out the user of an idle phone, which requests its idle URL.

use std::sync::Arc;

use engine::{Actor, NewJob, Scope, UtcMillis, ports::StoreError};
use terms::EndCause;

use super::Cluster;

const MINUTE_MS: i64 = 60_000;

impl Cluster {
    /// Logs out the user of a phone that was idle for `minutes`, unless its setting is longer, or 0 (never).
    /// The log-out is a job: the job is durable, and the log-outs of many phones share the rate of all jobs.
    ///
    /// # Errors
    /// When the store fails; then the login goes on.
    pub async fn log_out_idle(
        self: &Arc<Self>,
        phone: &str,
        minutes: u32,
    ) -> Result<(), StoreError> {
        let Some(found) = self.store.phone_detail(phone).await? else { return Ok(()) };
        let setting = found.phone.idle_minutes(&self.configuration.borrow().log_out_rules);
        let now = self.clock.now();
        // A login that began within the idle time is not the login that the phone means.
        let since = UtcMillis(now.0 - i64::from(minutes) * MINUTE_MS);
        let Some(login) = found.login.filter(|login| login.from <= since) else { return Ok(()) };
        // A phone that has not read its file since the setting was raised asks too early.
        if setting == 0 || minutes < setting {
            return Ok(());
        }
        let job = NewJob {
            id: self.ids.job_id(),
            scope: Scope::Selected { ids: vec![login.id] },
            cause: EndCause::Idle,
            reason: String::new(),
            by: Actor::SYSTEM,
        };
        engine::make_job(&*self.store, job, now).await?;
        self.jobs.notify_one();
        Ok(())
    }
}
