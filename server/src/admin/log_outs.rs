//! Ending logins.

use std::sync::Arc;

use engine::{Job, JobId, Login, NewJob, Scope};
use terms::{EndCause, Role};

use super::{Admin, AdminError, Caller, to_its_end::to_its_end};
use crate::cluster::{Cluster, jobs};

/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 200;

impl Admin {
    /// Counts the open logins in a scope, and reads the first of them by user.
    /// At most [`Scope::MAX_SELECTED`] logins are read, the number that can be selected one by one.
    ///
    /// # Errors
    /// When the caller may not end logins, or the store fails.
    pub async fn open_in(
        &self,
        caller: &Caller,
        scope: &Scope,
    ) -> Result<(u64, Vec<Login>), AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let selection = scope.selection(cluster.clock.now());
        Ok(cluster.store.open_logins_in(&selection, Scope::MAX_SELECTED).await?)
    }

    /// Counts the open logins in a scope.
    ///
    /// # Errors
    /// When the caller may not end logins, or the store fails.
    pub async fn count_in(&self, caller: &Caller, scope: &Scope) -> Result<u64, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        Ok(cluster.store.open_in(&scope.selection(cluster.clock.now())).await?)
    }

    /// Begins a job that ends logins.
    /// On return the job is durable, and as a rule its first log-outs are done; the others follow at
    /// the cluster's rate.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the reason is invalid.
    pub async fn begin_log_outs(
        &self,
        caller: &Caller,
        scope: Scope,
        cause: EndCause,
        reason: &str,
    ) -> Result<Job, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let reason = reason.trim().to_owned();
        if reason.chars().count() > MAX_REASON_CHARS || reason.chars().any(char::is_control) {
            let text = format!("a reason has at most {MAX_REASON_CHARS} characters on one line");
            return Err(AdminError::Invalid(text));
        }
        if matches!(&scope, Scope::Selected { ids } if ids.len() > Scope::MAX_SELECTED as usize) {
            let text = format!("at most {} logins can be selected", Scope::MAX_SELECTED);
            return Err(AdminError::Invalid(text));
        }
        let (id, by) = (cluster.ids.job_id(), caller.actor().clone());
        let job = NewJob { id, scope, cause, reason, by };
        let begins = Arc::clone(cluster);
        let work = async move {
            let job = engine::make_job(&*begins.store, job, begins.clock.now()).await?;
            Ok(begin(&begins, job).await)
        };
        to_its_end(cluster, work).await
    }

    /// A job.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn job(&self, caller: &Caller, id: JobId) -> Result<Option<Job>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.job(id).await?)
    }

    /// Running jobs, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn running_jobs(&self, caller: &Caller, limit: u32) -> Result<Vec<Job>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.running_jobs(limit).await?)
    }

    /// Stops a job; the logins that the job has ended stay ended.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub async fn cancel_log_outs(
        &self,
        caller: &Caller,
        id: JobId,
    ) -> Result<Option<Job>, AdminError> {
        let Cluster { store, clock, .. } = &**self.gate.open(caller, Role::Operator)?;
        let by = caller.actor().clone();
        Ok(engine::cancel_job(&**store, id, by, clock.now()).await?)
    }
}

/// Begins a durable job, which then runs by itself.
pub(super) async fn begin(cluster: &Cluster, job: Job) -> Job {
    let begun = jobs::begin(cluster, job.id).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a job could not begin at once");
        None
    });
    begun.unwrap_or(job)
}
