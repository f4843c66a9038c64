//! What Sojourn keeps, in SQLite.
//!
//! One writer owns the only connection that changes the database and groups what is waiting into
//! one transaction, so that many requests share one flush to disk. Readers have a pool of their
//! own. Other processes (the command line) may change the same database: everything that rules a
//! request is read in the request's own transaction, and [`Follower`] tells when something
//! changed.

mod configuration;
mod console;
mod error;
mod follow;
mod notes;
mod open;
mod reads;
mod rows;
mod writer;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use engine::{
    ActiveLoginPage, Actor, AppUser, Configuration, ConfigurationChange, Difference, EndedLogin,
    EventPage, ListQuery, Login, PhoneStatus, UserStatus, UtcMillis, Version,
    ports::{
        ConfigurationStore, EventStore, Leases, LoginAttempt, LoginStore, LogoutAttempt, Lookups,
        Outcome, StoreError,
    },
};
use sqlx::SqlitePool;
use tokio::sync::Notify;

pub use console::{Administrator, ConsoleStore};
pub use follow::Follower;
pub use open::{Limits, OpenError};
use writer::Writer;

/// The store on SQLite.
#[derive(Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
    committed: Arc<Notify>,
    file: Arc<Path>,
}

#[async_trait]
impl LoginStore for SqliteStore {
    async fn log_in(&self, attempt: LoginAttempt) -> Result<Outcome<Login>, StoreError> {
        self.writer.log_in(attempt).await
    }

    async fn log_out(&self, attempt: LogoutAttempt) -> Result<Outcome<EndedLogin>, StoreError> {
        self.writer.log_out(attempt).await
    }

    async fn end_due(&self, now: UtcMillis, limit: u32) -> Result<u32, StoreError> {
        self.writer.run(move |tx| Box::pin(writer::end_due(tx, now, limit))).await
    }

    async fn next_due(&self) -> Result<Option<UtcMillis>, StoreError> {
        reads::next_due(&self.readers).await
    }
}

#[async_trait]
impl Lookups for SqliteStore {
    async fn app_user(&self, id: &str) -> Result<(Version, Option<AppUser>), StoreError> {
        reads::app_user(&self.readers, id).await
    }

    async fn phones(
        &self,
        names: &[String],
    ) -> Result<(Version, Vec<Option<PhoneStatus>>), StoreError> {
        reads::phones(&self.readers, names).await
    }

    async fn users(
        &self,
        ids: &[String],
    ) -> Result<(Version, Vec<Option<UserStatus>>), StoreError> {
        reads::users(&self.readers, ids).await
    }

    async fn active_logins(&self, query: &ListQuery) -> Result<ActiveLoginPage, StoreError> {
        reads::active_logins(&self.readers, query).await
    }
}

#[async_trait]
impl ConfigurationStore for SqliteStore {
    async fn configuration(&self) -> Result<Configuration, StoreError> {
        let mut tx = self.readers.begin().await.map_err(error::store)?;
        configuration::read(&mut tx).await
    }

    async fn pin_hash(&self, user: &str) -> Result<Option<String>, StoreError> {
        reads::pin_hash(&self.readers, user).await
    }

    async fn apply(
        &self,
        change: ConfigurationChange,
        actor: Actor,
        now: UtcMillis,
        dry_run: bool,
    ) -> Result<Vec<Difference>, StoreError> {
        self.writer
            .run_unless(move |tx| Box::pin(configuration::apply(tx, change, actor, now, dry_run)))
            .await
    }
}

#[async_trait]
impl EventStore for SqliteStore {
    async fn events_after(&self, after: u64, limit: u32) -> Result<EventPage, StoreError> {
        reads::events_after(&self.readers, after, limit).await
    }
}

#[async_trait]
impl Leases for SqliteStore {
    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: UtcMillis,
        ttl_ms: u32,
    ) -> Result<bool, StoreError> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.writer.run(move |tx| Box::pin(writer::take_lease(tx, name, holder, now, ttl_ms))).await
    }
}
