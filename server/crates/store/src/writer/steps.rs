//! The steps of an operation, whose writes are collected and written together.

use std::sync::Arc;

use async_trait::async_trait;
use engine::{
    Actor, EndedLogin, EventKind, Facts, Job, JobId, LimitSource, Login, LoginId, Refusal, Scope,
    Selection, UserId, UtcMillis,
    ports::StoreError,
    transaction::{Act, Operation, Transaction},
};
use sqlx::SqliteConnection;

use super::{
    changes::Changes,
    facts::{self, Keys},
    jobs,
};
use crate::{
    error, in_force, refusals,
    rows::{self, OpenRow, open_login_json},
    selection,
};

/// Runs an operation alone in the transaction of `tx`.
pub(crate) async fn run_alone(
    tx: &mut SqliteConnection,
    mut operation: Box<dyn Operation>,
) -> Result<(), StoreError> {
    let keys = Keys::from(&operation.names());
    let mut changes = Changes::default();
    operation.run(&mut Steps { reads: Reads::Now(tx, keys), changes: &mut changes }).await?;
    changes.write(tx).await
}

/// The steps of one operation.
pub(crate) struct Steps<'a> {
    reads: Reads<'a>,
    pub(super) changes: &'a mut Changes,
}

/// Where the facts of an operation come from.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
enum Reads<'a> {
    /// The facts that were read for a whole batch.
    Ahead(Option<Result<Facts, StoreError>>),
    /// The connection and the keys to read the facts on request.
    Now(&'a mut SqliteConnection, Keys),
}

impl<'a> Steps<'a> {
    /// The steps of an operation whose facts are known.
    pub(super) const fn read_ahead(
        facts: Result<Facts, StoreError>,
        changes: &'a mut Changes,
    ) -> Self {
        Self { reads: Reads::Ahead(Some(facts)), changes }
    }

    /// The connection of an operation that has its own transaction, after all changes so far are written.
    pub(crate) async fn alone(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let Reads::Now(tx, _) = &mut self.reads else {
            let problem = "an operation with names concerns these alone";
            return Err(StoreError::Failed(problem.to_owned()));
        };
        std::mem::take(self.changes).write(tx).await?;
        Ok(tx)
    }
}

#[async_trait]
impl Transaction for Steps<'_> {
    async fn facts(&mut self) -> Result<Facts, StoreError> {
        match &mut self.reads {
            Reads::Ahead(facts) => facts
                .take()
                .unwrap_or_else(|| Err(StoreError::Failed("facts are read once".to_owned()))),
            Reads::Now(tx, keys) => {
                std::mem::take(self.changes).write(tx).await?;
                let (version, rows) = facts::read(tx, std::slice::from_ref(keys), false).await?;
                let read = in_force::read(tx).await?;
                let row = rows.into_iter().next().ok_or_else(|| error::bad_row("no facts"))?;
                row.facts(version, (Arc::new(read.parameters), read.release))
            }
        }
    }

    async fn due(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Login>, StoreError> {
        let tx = self.alone().await?;
        let due: Vec<String> = sqlx::query_scalar(concat!(
            "SELECT ",
            open_login_json!(),
            " FROM logins l
              WHERE l.ended_ms IS NULL AND l.until_ms IS NOT NULL AND l.until_ms <= ?
              ORDER BY l.until_ms LIMIT ?"
        ))
        .bind(now.0)
        .bind(limit)
        .fetch_all(tx)
        .await
        .map_err(error::store)?;
        due.iter().map(|row| rows::json::<OpenRow>(row)?.try_into()).collect()
    }

    async fn begin(
        &mut self,
        login: &Login,
        limit_source: LimitSource,
        sole: bool,
    ) -> Result<(), StoreError> {
        self.changes.begin(login, limit_source, sole);
        Ok(())
    }

    async fn end(&mut self, ended: &EndedLogin) -> Result<(), StoreError> {
        self.changes.end(ended);
        Ok(())
    }

    async fn set_last_user(&mut self, phone: &str, user: &UserId) -> Result<(), StoreError> {
        self.changes.set_last_user(phone, user);
        Ok(())
    }

    async fn open_in(&mut self, selection: &Selection) -> Result<Vec<LoginId>, StoreError> {
        selection::ids(self.alone().await?, selection).await
    }

    async fn open_logins(&mut self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        let ids = serde_json::to_string(ids).map_err(error::bad_row)?;
        let open: Vec<String> = sqlx::query_scalar(concat!(
            "SELECT ",
            open_login_json!(),
            " FROM json_each(?) ids JOIN logins l ON l.id = ids.value AND l.ended_ms IS NULL
              ORDER BY ids.key"
        ))
        .bind(ids)
        .fetch_all(self.alone().await?)
        .await
        .map_err(error::store)?;
        open.iter().map(|row| rows::json::<OpenRow>(row)?.try_into()).collect()
    }

    async fn insert_job(
        &mut self,
        job: &Job,
        scope: &Scope,
        logins: &[LoginId],
    ) -> Result<(), StoreError> {
        jobs::insert(self.alone().await?, job, scope, logins).await
    }

    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        jobs::find(self.alone().await?, id).await
    }

    async fn next_of_job(&mut self, id: JobId, limit: u32) -> Result<Vec<Login>, StoreError> {
        jobs::next(self.alone().await?, id, limit).await
    }

    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        jobs::update(self.alone().await?, job).await
    }

    async fn add_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        refusals::add(self.alone().await?, refusals).await
    }

    async fn event(&mut self, at: UtcMillis, kind: EventKind) -> Result<(), StoreError> {
        self.changes.notes.event(at, &kind)
    }

    async fn audit(&mut self, at: UtcMillis, by: &Actor, act: Act) -> Result<(), StoreError> {
        self.changes.notes.audit(at, by, act.action, act.subject, act.detail);
        Ok(())
    }
}
