//! Runs the jobs that end many logins, in paced steps. Running jobs continue right after a restart.

use std::{sync::Arc, time::Duration};

use engine::{Engine, Job, JobId, ports::StoreError};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, timeout},
};

use super::Cluster;

/// The time between two steps.
const STEP: Duration = Duration::from_millis(200);
/// Jobs that run at a time, each with its part of the rate; further jobs wait.
const JOBS: u32 = 8;
/// The longest wait for a job: another process may have made a job.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Does the steps of running jobs for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>, made: Arc<Notify>) {
    // Ticks instead of pauses: the duration of a step does not slow the rate.
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

/// Does one step of each running job; true if at least one job can continue now.
async fn step(cluster: &Cluster) -> Result<bool, StoreError> {
    let jobs = cluster.store.running_jobs(JOBS).await?;
    let mut failed = 0;
    for (before, job) in jobs.iter().enumerate() {
        let parts = jobs.len() - before;
        let limit = cluster.pace.take(rate(cluster), parts, cluster.clock.now());
        if limit > 0 {
            // A job that fails now does not hold up the other jobs.
            if let Err(error) = step_job(cluster, job.id, limit).await {
                tracing::error!(%error, "a job could not go on");
                failed += 1;
            }
        }
    }
    Ok(failed < jobs.len())
}

fn rate(cluster: &Cluster) -> u32 {
    cluster.configuration.borrow().retention.log_outs_per_second
}

/// Begins a job that is durable. The first step ends the logins that the rate allows now, at least
/// one: a second's worth if no other job has taken them. The remaining log-outs follow in the
/// background, also when this step fails.
pub(crate) async fn begin(cluster: &Cluster, id: JobId) -> Result<Option<Job>, StoreError> {
    let limit = cluster.pace.take(rate(cluster), 1, cluster.clock.now()).max(1);
    let stepped = step_job(cluster, id, limit).await;
    cluster.jobs.notify_one();
    stepped
}

/// Ends at most `limit` logins of a job, at most [`Engine::DUE_BATCH`] per transaction: requests
/// commit in between.
async fn step_job(cluster: &Cluster, id: JobId, limit: u32) -> Result<Option<Job>, StoreError> {
    let (mut left, mut stepped) = (limit, Ok(None));
    while left > 0 {
        let part = left.min(Engine::DUE_BATCH);
        let step = engine::step_job(&*cluster.store, id, cluster.clock.now(), part).await;
        let (job, ended) = match step {
            Ok(Some(step)) => step,
            Ok(None) => break,
            // Logins that earlier batches ended stay ended.
            Err(error) => {
                stepped = Err(error);
                break;
            }
        };
        left -= ended;
        stepped = Ok(Some(job));
        if ended < part {
            break;
        }
    }
    cluster.pace.give_back(left);
    cluster.counters.logouts.inc_by(u64::from(limit - left));
    stepped
}
