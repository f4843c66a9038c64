//! The steps of a transaction, which yield to other tasks.

use async_trait::async_trait;
use engine::{
    Actor, AuditRow, EndedLogin, EventKind, Facts, Job, JobId, LimitSource, Login, LoginId,
    Refusal, Scope, Selection, StoreError, UserId, UtcMillis,
    transaction::{Act, Names, Transaction},
};

use terms::phone_key;

use super::{
    Memory, Part, Stored, StoredJob, Tables,
    locks::Locks,
    pause,
    writes::{Write, Writes},
};

/// A running transaction.
pub(crate) struct Steps<'s> {
    pub(crate) store: &'s Memory,
    pub(crate) names: &'s Names,
    /// The facts, if the store read them before it took the locks.
    pub(crate) early: Option<Facts>,
    pub(crate) locks: Locks,
    pub(crate) writes: Writes,
}

impl Steps<'_> {
    /// Reads the committed tables with the writes of the transaction's earlier steps.
    pub(crate) fn view<T>(&self, read: impl FnOnce(&Tables) -> T) -> T {
        let state = self.store.state();
        if self.writes.all.is_empty() {
            return read(&state.tables);
        }
        let mut tables = state.tables.clone();
        for write in &self.writes.all {
            write.apply(&mut tables);
        }
        read(&tables)
    }

    /// Records the length of the journal at the time of the read.
    pub(crate) fn reads(&mut self) {
        self.writes.read_at = self.store.state().journal.len();
    }

    /// Yields to other tasks, then adds a write to the transaction.
    pub(crate) async fn write(&mut self, write: Write) -> Result<(), StoreError> {
        pause().await;
        self.writes.all.push(write);
        Ok(())
    }
}

#[async_trait]
impl Transaction for Steps<'_> {
    async fn facts(&mut self) -> Result<Facts, StoreError> {
        pause().await;
        self.reads();
        let facts = self.early.take().unwrap_or_else(|| self.store.facts(self.names));
        pause().await;
        Ok(facts)
    }

    async fn due(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Login>, StoreError> {
        pause().await;
        let is_due = |login: &Login| login.until.is_some_and(|until| until <= now);
        self.reads();
        let mut due = self.view(|tables| tables.open_where(is_due));
        due.sort_by_key(|open| open.until);
        due.truncate(limit as usize);
        pause().await;
        Ok(due)
    }

    async fn begin(
        &mut self,
        login: &Login,
        limit_source: LimitSource,
        sole: bool,
    ) -> Result<(), StoreError> {
        let login = login.clone();
        let stored = Stored { login, limit_source, sole, ended: None };
        self.write(Write::Begin(Box::new(stored))).await
    }

    async fn end(&mut self, ended: &EndedLogin) -> Result<(), StoreError> {
        self.write(Write::End(ended.clone())).await
    }

    async fn set_last_user(&mut self, phone: &str, user: &UserId) -> Result<(), StoreError> {
        let (phone, user) = (phone_key(phone), user.clone());
        let write = move |tables: &mut Tables| {
            if let Some(phone) = tables.phones.get_mut(&phone) {
                phone.last_user = Some(user.clone());
            }
        };
        self.write(Write::Other(Box::new(write))).await
    }

    async fn open_in(&mut self, selection: &Selection) -> Result<Vec<LoginId>, StoreError> {
        pause().await;
        Ok(self.view(|tables| tables.selected(selection)))
    }

    async fn open_logins(&mut self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        pause().await;
        let open = |id: &LoginId, tables: &Tables| tables.open_where(|one| one.id == *id).pop();
        Ok(self.view(|tables| ids.iter().filter_map(|id| open(id, tables)).collect()))
    }

    async fn insert_job(
        &mut self,
        job: &Job,
        _: &Scope,
        logins: &[LoginId],
    ) -> Result<(), StoreError> {
        let (job, logins) = (job.clone(), logins.to_vec());
        self.write(Write::Make(StoredJob { job, logins, position: 0 })).await
    }

    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        pause().await;
        if self.store.has(Part::JobLock) {
            self.locks.add(format!("job {}", id.0)).await;
        }
        Ok(self.view(|tables| {
            tables.jobs.iter().find(|stored| stored.job.id == id).map(|stored| stored.job.clone())
        }))
    }

    async fn next_of_job(&mut self, id: JobId, limit: u32) -> Result<Vec<Login>, StoreError> {
        pause().await;
        let next = self.view(|tables| {
            let open = |id: LoginId| tables.open_where(|login| login.id == id).pop();
            let job = tables.jobs.iter().filter(|stored| stored.job.id == id);
            let rest = job.flat_map(|one| one.logins.iter().enumerate().skip(one.position));
            let open = rest.filter_map(|(at, id)| Some((at, open(*id)?)));
            open.take(limit as usize).collect::<Vec<_>>()
        });
        self.writes.all.extend(next.last().map(|(at, _)| Write::Take(id, at + 1)));
        pause().await;
        Ok(next.into_iter().map(|(_, open)| open).collect())
    }

    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        self.write(Write::Stand(job.clone())).await
    }

    async fn add_refusals(&mut self, _: &[Refusal]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn event(&mut self, at: UtcMillis, kind: EventKind) -> Result<(), StoreError> {
        self.writes.all.push(Write::Event(at, kind));
        Ok(())
    }

    async fn audit(&mut self, at: UtcMillis, by: &Actor, act: Act) -> Result<(), StoreError> {
        let Act { action, subject, detail } = act;
        let row = AuditRow { at, by: by.clone(), action: action.to_owned(), subject, detail };
        let write = Write::Other(Box::new(move |tables| tables.audit.push(row.clone())));
        self.writes.all.push(write);
        Ok(())
    }
}
