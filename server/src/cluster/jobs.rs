//! Jobs that end many logins go on here, in paced steps, first of all after a restart.

use std::{sync::Arc, time::Duration};

use engine::{
    Job, JobId,
    ports::{JobStore, StoreError},
};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, timeout},
};

use super::Cluster;

/// The time between two steps.
const STEP: Duration = Duration::from_millis(200);
/// Steps in a second.
const STEPS_PER_SECOND: u32 = 5;
/// Jobs that go on at a time, each with its part of the rate; the others wait.
const JOBS: u32 = 8;
/// The longest wait for a job: another process may have made one.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Does the steps of running jobs for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>, made: Arc<Notify>) {
    // By ticks and not by pauses: the time of a step itself does not slow the rate.
    let mut pace = interval(STEP);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        match step(&cluster).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "a job could not go on"),
        }
        let _ = timeout(LONGEST_WAIT, made.notified()).await;
    }
}

/// One step of each running job; says whether there is one.
async fn step(cluster: &Cluster) -> Result<bool, StoreError> {
    let jobs = cluster.store.running_jobs(JOBS).await?;
    let rate = cluster.configuration.borrow().upkeep.log_outs_per_second;
    let number = u32::try_from(jobs.len()).unwrap_or(JOBS).max(1);
    let limit = (rate / STEPS_PER_SECOND / number).max(1);
    for job in &jobs {
        step_job(cluster, job.id, limit).await?;
    }
    Ok(!jobs.is_empty())
}

/// Begins a job that is durable: its first second's worth of log-outs. The rest goes on by itself,
/// also when this fails.
pub(crate) async fn begin(cluster: &Cluster, id: JobId) -> Result<Option<Job>, StoreError> {
    let first = cluster.configuration.borrow().upkeep.log_outs_per_second.max(1);
    let stepped = step_job(cluster, id, first).await;
    cluster.jobs.notify_one();
    stepped
}

async fn step_job(cluster: &Cluster, id: JobId, limit: u32) -> Result<Option<Job>, StoreError> {
    let stepped = cluster.store.step_job(id, cluster.clock.now(), limit).await?;
    Ok(stepped.map(|(job, ended)| {
        cluster.counters.logouts.inc_by(u64::from(ended));
        job
    }))
}
