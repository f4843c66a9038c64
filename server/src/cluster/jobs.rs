//! Jobs that end many logins go on here, in paced steps, first of all after a restart.

use std::{sync::Arc, time::Duration};

use engine::{Engine, Job, JobId, ports::StoreError};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, timeout},
};

use super::Cluster;

/// The time between two steps.
const STEP: Duration = Duration::from_millis(200);
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

/// One step of each running job; says whether one can go on now.
async fn step(cluster: &Cluster) -> Result<bool, StoreError> {
    let jobs = cluster.store.running_jobs(JOBS).await?;
    let mut failed = 0;
    for (before, job) in jobs.iter().enumerate() {
        let parts = jobs.len() - before;
        let limit = cluster.pace.take(rate(cluster), parts, cluster.clock.now());
        if limit > 0 {
            // One that can't go on now holds up none of the others.
            if let Err(error) = step_job(cluster, job.id, limit).await {
                tracing::error!(%error, "a job could not go on");
                failed += 1;
            }
        }
    }
    Ok(failed < jobs.len())
}

fn rate(cluster: &Cluster) -> u32 {
    cluster.configuration.borrow().upkeep.log_outs_per_second
}

/// Begins a job that is durable: with as many log-outs as the rate allows now, which is a second's
/// worth if no job has taken them, and with one at least. The rest goes on by itself, also when
/// this fails.
pub(crate) async fn begin(cluster: &Cluster, id: JobId) -> Result<Option<Job>, StoreError> {
    let limit = cluster.pace.take(rate(cluster), 1, cluster.clock.now()).max(1);
    let stepped = step_job(cluster, id, limit).await;
    cluster.jobs.notify_one();
    stepped
}

/// Ends at most `limit` logins of a job, a few in each transaction, so that requests get a turn.
async fn step_job(cluster: &Cluster, id: JobId, limit: u32) -> Result<Option<Job>, StoreError> {
    let (mut left, mut stepped) = (limit, Ok(None));
    while left > 0 {
        let part = left.min(Engine::DUE_BATCH);
        let step = engine::step_job(&*cluster.store, id, cluster.clock.now(), part).await;
        let (job, ended) = match step {
            Ok(Some(step)) => step,
            Ok(None) => break,
            // What was ended before stays ended.
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
