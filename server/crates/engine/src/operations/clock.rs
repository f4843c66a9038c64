//! Logging users out at a time of the day.

use async_trait::async_trait;
use terms::{ClockTime, EndCause};

use super::{jobs::make, work::Work};
use crate::{
    Actor, Job, JobId, NewJob, Scope, StoreError, UtcMillis,
    transaction::{Names, Transaction},
};

/// A time of the day that the clock has reached.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// The time of the day.
    pub time: ClockTime,
    /// The last moment at which the clock of the site showed the time.
    pub at: UtcMillis,
    /// The identity of the job, if one is made.
    pub job: JobId,
}

/// Makes a job for each time that the clock has reached since the last such operation, unless nobody is logged
/// in at its phones. Returns the jobs.
pub(crate) struct LogOutByClock {
    pub(crate) reached: Vec<Reached>,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for LogOutByClock {
    type Output = Vec<Job>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Vec<Job>, StoreError> {
        // A stored moment after `now` is ignored: the clock was set back.
        let until = Some(tx.clock_until().await?).filter(|until| *until <= self.now);
        let mut jobs = Vec::new();
        for Reached { time, at, job } in &self.reached {
            if until.is_some_and(|until| *at <= until) || *at > self.now {
                continue;
            }
            let scope = Scope::ClockTime { time: *time, at: *at };
            if tx.open_in(&scope.selection(self.now)).await?.is_empty() {
                continue;
            }
            let (cause, by) = (EndCause::ClockTime, Actor::SYSTEM);
            let job = NewJob { id: *job, scope, cause, reason: time.to_string(), by };
            jobs.push(make(tx, &job, self.now).await?);
        }
        tx.set_clock_until(self.now).await?;
        Ok(jobs)
    }
}
