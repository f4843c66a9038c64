//! The steps of a transaction: each lets others go on.

use async_trait::async_trait;
use engine::{
    Actor, EndedLogin, EventKind, Facts, Job, JobId, LimitSource, Login, LoginId, OpenLogin,
    Refusal, Scope, Selection, StoreError, UtcMillis,
    transaction::{Act, Names, Transaction},
};

use super::{super::run::pause, Locks, Memory, Part, StoredJob, Writes};

/// A transaction that goes on.
pub(super) struct Steps<'s> {
    pub(super) store: &'s Memory,
    pub(super) names: &'s Names,
    /// What was read as the locks were taken.
    pub(super) early: Option<Facts>,
    pub(super) locks: Locks,
    pub(super) writes: Writes,
}

#[async_trait]
impl Transaction for Steps<'_> {
    async fn facts(&mut self) -> Result<Facts, StoreError> {
        pause().await;
        self.writes.read_at = self.store.state().journal.len();
        let facts = self.early.take().unwrap_or_else(|| self.store.facts(self.names));
        pause().await;
        Ok(facts)
    }

    async fn due(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<OpenLogin>, StoreError> {
        pause().await;
        let is_due = |login: &Login| login.until.is_some_and(|until| until <= now);
        let mut due = self.store.state().open(is_due);
        self.writes.read_at = self.store.state().journal.len();
        due.truncate(limit as usize);
        pause().await;
        Ok(due)
    }

    async fn begin(&mut self, login: &Login, _: LimitSource, sole: bool) -> Result<(), StoreError> {
        pause().await;
        self.writes.begun = Some((login.clone(), sole));
        Ok(())
    }

    async fn end(&mut self, ended: &EndedLogin) -> Result<(), StoreError> {
        pause().await;
        self.writes.ended.push(ended.clone());
        Ok(())
    }

    async fn open_in(&mut self, selection: &Selection) -> Result<Vec<LoginId>, StoreError> {
        pause().await;
        let is_in = |id: LoginId| selection.ids.as_ref().is_none_or(|ids| ids.contains(&id));
        let state = self.store.state();
        Ok(state.open(|login| is_in(login.id)).into_iter().map(|open| open.id).collect())
    }

    async fn insert_job(
        &mut self,
        job: &Job,
        _: &Scope,
        logins: &[LoginId],
    ) -> Result<(), StoreError> {
        pause().await;
        let (job, logins) = (job.clone(), logins.to_vec());
        self.writes.made = Some(StoredJob { job, logins, position: 0 });
        Ok(())
    }

    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        pause().await;
        if self.store.has(Part::JobLock) {
            let key = format!("job {}", id.0);
            while !self.store.try_lock(std::slice::from_ref(&key)) {
                pause().await;
            }
            self.store.state().readers -= 1;
            self.locks.keys.push(key);
        }
        let state = self.store.state();
        Ok(state.jobs.iter().find(|stored| stored.job.id == id).map(|stored| stored.job.clone()))
    }

    async fn next_of_job(&mut self, id: JobId, limit: u32) -> Result<Vec<OpenLogin>, StoreError> {
        pause().await;
        let next = {
            let state = self.store.state();
            let stored = state.jobs.iter().find(|stored| stored.job.id == id).unwrap();
            let open = |id: LoginId| state.open(|login| login.id == id).pop();
            let rest = stored.logins.iter().enumerate().skip(stored.position);
            let open = rest.filter_map(|(at, id)| Some((at, open(*id)?)));
            open.take(limit as usize).collect::<Vec<_>>()
        };
        self.writes.position = next.last().map(|(at, _)| (id, at + 1));
        pause().await;
        Ok(next.into_iter().map(|(_, open)| open).collect())
    }

    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        pause().await;
        self.writes.stands = Some(job.clone());
        Ok(())
    }

    async fn add_refusals(&mut self, _: &[Refusal]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn event(&mut self, _: UtcMillis, _: EventKind) -> Result<(), StoreError> {
        Ok(())
    }

    async fn audit(&mut self, _: UtcMillis, _: &Actor, _: Act) -> Result<(), StoreError> {
        Ok(())
    }
}
