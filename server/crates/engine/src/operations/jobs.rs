//! The life cycle of a job.
//!
//! A new job lists the logins that it ends. Steps end these logins, until the job is done or cancelled.

use async_trait::async_trait;
use terms::Named;

use super::{
    end::{Ending, end},
    work::Work,
};
use crate::{
    Actor, Job, JobId, JobState, LoginId, NewJob, StoreError, UtcMillis, Version,
    ports::Outcome,
    transaction::{Act, Names, Transaction},
};

/// The most logins of a job that its audit line names.
const NAMED: usize = 10;

/// Makes a job for the logins that are open in its scope now, unless the configuration has moved on
/// since `authenticated_at`.
pub(crate) struct MakeJob {
    pub(crate) job: NewJob,
    pub(crate) authenticated_at: Option<Version>,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for MakeJob {
    type Output = Outcome<Job>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        if let Some(version) = self.authenticated_at
            && tx.facts().await?.version != version
        {
            return Ok(Outcome::ConfigurationMoved);
        }
        make(tx, &self.job, self.now).await.map(Outcome::Done)
    }
}

/// Makes a job for the logins that are open in its scope.
pub(super) async fn make(
    tx: &mut dyn Transaction,
    job: &NewJob,
    now: UtcMillis,
) -> Result<Job, StoreError> {
    let NewJob { id, scope, cause, reason, by } = job;
    // The list of logins is stored with the job: later changes of the clock do not change the list.
    let mut selection = scope.selection(now);
    if selection.is_followed {
        selection = selection.within_the_cluster_below(tx.configuration().await?.release);
    }
    let logins = tx.open_in(&selection).await?;
    let job = Job {
        id: *id,
        cause: *cause,
        reason: reason.clone(),
        by: by.clone(),
        made: now,
        total: logins.len() as u64,
        ended: 0,
        state: JobState::Running,
    };
    tx.insert_job(&job, scope, &logins).await?;
    let named = named(tx, &logins).await?;
    audit(tx, &job, "begin_log_outs", by, &named, now).await?;
    Ok(job)
}

/// The first [`NAMED`] of these logins as text for the audit: a search there for a user finds the administrator
/// who logged the user out.
async fn named(tx: &mut dyn Transaction, logins: &[LoginId]) -> Result<String, StoreError> {
    let first = &logins[..logins.len().min(NAMED)];
    let open = tx.open_logins(first).await?;
    let text = open.iter().map(|open| format!("{} at {}", open.user, open.phone));
    let text = text.collect::<Vec<_>>().join(", ");
    Ok(match logins.len() - first.len() {
        _ if text.is_empty() => String::new(),
        0 => format!("; {text}"),
        more => format!("; {text} and {more} more"),
    })
}

/// Ends at most `limit` more logins of a running job; returns how many. A step that finds fewer completes the job.
pub(crate) struct StepJob {
    pub(crate) id: JobId,
    pub(crate) limit: u32,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for StepJob {
    type Output = Option<(Job, u32)>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let Some(mut job) = tx.job(self.id).await? else { return Ok(None) };
        if job.state != JobState::Running {
            return Ok(Some((job, 0)));
        }
        let mut ended = 0;
        for open in tx.next_of_job(self.id, self.limit).await? {
            let ending = Ending { reason: &job.reason, ..Ending::of(job.cause, &job.by) };
            end(tx, open, ending, self.now).await?;
            ended += 1;
        }
        job.ended += u64::from(ended);
        if ended < self.limit {
            job.state = JobState::Done;
            audit(tx, &job, "finish_log_outs", &job.by, "", self.now).await?;
        }
        tx.update_job(&job).await?;
        Ok(Some((job, ended)))
    }
}

/// Stops a running job.
pub(crate) struct CancelJob {
    pub(crate) id: JobId,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for CancelJob {
    type Output = Option<Job>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let Some(mut job) = tx.job(self.id).await? else { return Ok(None) };
        if job.state == JobState::Running {
            job.state = JobState::Cancelled;
            audit(tx, &job, "cancel_log_outs", &self.by, "", self.now).await?;
            tx.update_job(&job).await?;
        }
        Ok(Some(job))
    }
}

async fn audit(
    tx: &mut dyn Transaction,
    job: &Job,
    action: &'static str,
    by: &Actor,
    named: &str,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Job { total, ended, cause, reason, .. } = job;
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let detail = format!("{ended} of {total} ended, {}{because}{named}", cause.name());
    tx.audit(now, by, Act { action, subject: format!("job {}", job.id.0), detail }).await
}
