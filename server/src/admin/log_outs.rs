//! Ending logins.

use std::sync::Arc;

use engine::{Job, JobId, NewJob, Scope};
use terms::{EndCause, Role};

use super::{AdminError, Caller, to_its_end::to_its_end};
use crate::cluster::{Cluster, jobs};

/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 200;

/// Begins to end logins. When this returns the job is durable, and as a rule its first log-outs are
/// done; the rest goes on at the cluster's rate.
///
/// # Errors
/// When the caller may not, or the reason does not do.
pub async fn begin_log_outs(
    cluster: &Arc<Cluster>,
    caller: &Caller,
    scope: Scope,
    cause: EndCause,
    reason: &str,
) -> Result<Job, AdminError> {
    caller.must_be(Role::Operator)?;
    let reason = reason.trim().to_owned();
    if reason.chars().count() > MAX_REASON_CHARS || reason.chars().any(char::is_control) {
        let text = format!("a reason has at most {MAX_REASON_CHARS} characters on one line");
        return Err(AdminError::Invalid(text));
    }
    if matches!(&scope, Scope::Selected { ids } if ids.len() > Scope::MAX_SELECTED as usize) {
        let text = format!("at most {} logins can be selected", Scope::MAX_SELECTED);
        return Err(AdminError::Invalid(text));
    }
    let (id, by) = (cluster.ids.job_id(), caller.actor.clone());
    let job = NewJob { id, scope, cause, reason, by };
    let begins = Arc::clone(cluster);
    let work = async move {
        let job = engine::make_job(&*begins.store, job, begins.clock.now()).await?;
        Ok(begin(&begins, job).await)
    };
    to_its_end(cluster, work).await
}

/// Begins a job that is durable, and goes on by itself.
pub(super) async fn begin(cluster: &Cluster, job: Job) -> Job {
    let begun = jobs::begin(cluster, job.id).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a job could not begin at once");
        None
    });
    begun.unwrap_or(job)
}

/// Stops a job; what has ended stays ended.
///
/// # Errors
/// When the caller may not.
pub async fn cancel_log_outs(
    cluster: &Cluster,
    caller: &Caller,
    id: JobId,
) -> Result<Option<Job>, AdminError> {
    caller.must_be(Role::Operator)?;
    let Cluster { store, clock, .. } = cluster;
    Ok(engine::cancel_job(&**store, id, caller.actor.clone(), clock.now()).await?)
}
