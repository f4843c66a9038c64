//! Sojourn's store on SQLite.
//!
//! One writer owns the only connection that changes the database. The writer groups waiting operations into
//! one transaction, so that many requests share one flush to disk. Readers have their own pool, and the
//! console's searches have another pool. Other processes (the command line) may change the same database: a
//! request reads all rows that decide its outcome in its own transaction, and a follower reports changes.

mod archive;
mod attempts;
mod connect;
mod console;
mod directory;
mod emcc_keys;
mod error;
mod events;
mod follow;
mod in_force;
mod leases;
mod migrations;
mod notes;
mod open;
mod parameter_changes;
mod reads;
mod records;
mod refusals;
mod rows;
mod searches;
mod selection;
mod stays;
mod words;
mod writer;
mod written;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use engine::{
    ActiveLoginPage, AuditPage, AuditQuery, AuditRow, Configuration, Credentials, Cursor,
    DeviceProfile, EmccKeys, EndedLogin, Event, EventPage, FoundNames, FoundPhone, HistoryPage,
    HistoryQuery, Job, JobId, KeptSince, ListQuery, Login, ParameterChange, PastRetention,
    PhoneDetail, PhoneStatus, Pins, RefusalCounts, RefusalPage, RefusalQuery, RefusalRow,
    Selection, SeveralLogins, UserDetail, UserDetailLimits, UserNumber, UserStatus, UtcMillis,
    Version, WithAccounts,
    ports::{
        Archive, ConfigurationStore, EventStore, Follower, JobStore, Leases, Lifecycle, Lookups,
        Pulse, StoreError, Written,
    },
    transaction::{Operation, Transactions},
};
use sqlx::SqlitePool;
use terms::{ClockTime, LoginCondition};
use tokio::sync::Notify;

pub use open::{Check, Limits, OpenError};
use searches::Searches;
use writer::{Writer, jobs};

/// The store on SQLite.
#[derive(Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    searches: Searches,
    writer: Writer,
    committed: Arc<Notify>,
    /// The check that is due after an unclean stop.
    check: Option<Check>,
    /// Whether a file beside the database says that a server has it open.
    is_marked: bool,
    file: Arc<Path>,
}

#[async_trait]
impl Transactions for SqliteStore {
    async fn run(&self, operation: Box<dyn Operation>) -> Result<(), StoreError> {
        self.writer.operate(operation).await
    }
}

#[async_trait]
impl Lookups for SqliteStore {
    async fn credentials(&self, id: &str) -> Result<(Version, Credentials), StoreError> {
        reads::credentials(&self.readers, id).await
    }

    async fn version(&self) -> Result<Version, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        reads::version(&mut connection).await
    }

    async fn pulse(&self) -> Result<Pulse, StoreError> {
        reads::pulse(&self.readers).await
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

    async fn users_by(&self, number: &UserNumber) -> Result<Vec<String>, StoreError> {
        reads::users_by(&self.readers, number).await
    }

    async fn next_due(&self) -> Result<Option<UtcMillis>, StoreError> {
        reads::next_due(&self.readers).await
    }

    async fn log_out_times(&self) -> Result<Vec<ClockTime>, StoreError> {
        reads::log_out_times(&self.readers).await
    }

    async fn active_logins(&self, query: &ListQuery) -> Result<ActiveLoginPage, StoreError> {
        reads::active_logins(&*self.searches.enter()?, query).await
    }

    async fn walk_logins(
        &self,
        filter: &LoginCondition,
        from: Option<&Login>,
        limit: u32,
    ) -> Result<Vec<Login>, StoreError> {
        reads::walk_logins(&*self.searches.enter()?, filter, from, limit).await
    }
}

#[async_trait]
impl JobStore for SqliteStore {
    async fn open_in(&self, selection: &Selection) -> Result<u64, StoreError> {
        let search = self.searches.enter()?;
        let mut connection = search.acquire().await.map_err(error::store)?;
        selection::count(&mut connection, selection).await
    }

    async fn open_logins_in(
        &self,
        selection: &Selection,
        limit: u32,
    ) -> Result<(u64, Vec<Login>), StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        let count = selection::count(&mut tx, selection).await?;
        Ok((count, selection::first(&mut tx, selection, limit).await?))
    }

    async fn several_logins(
        &self,
        limit: u32,
        own_phones: bool,
    ) -> Result<SeveralLogins, StoreError> {
        let search = self.searches.enter()?;
        let mut connection = search.acquire().await.map_err(error::store)?;
        selection::several(&mut connection, limit, own_phones).await
    }

    async fn job(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        jobs::find(&mut connection, id).await
    }

    async fn running_jobs(&self, limit: u32) -> Result<Vec<Job>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        jobs::running(&mut connection, limit).await
    }
}

#[async_trait]
impl Archive for SqliteStore {
    async fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, StoreError> {
        archive::history(&*self.searches.enter()?, query).await
    }

    async fn walk_history(
        &self,
        query: &HistoryQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, EndedLogin)>, StoreError> {
        archive::walk_history(&*self.searches.enter()?, query, from).await
    }

    async fn ended_on_phone(&self, name: &str, limit: u32) -> Result<Vec<EndedLogin>, StoreError> {
        archive::ended_on_phone(&*self.searches.enter()?, name, limit).await
    }

    async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, StoreError> {
        archive::audit(&*self.searches.enter()?, query).await
    }

    async fn walk_audit(
        &self,
        query: &AuditQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, AuditRow)>, StoreError> {
        archive::walk_audit(&*self.searches.enter()?, query, from).await
    }

    async fn refusals_since(
        &self,
        since: UtcMillis,
        up_to: u64,
    ) -> Result<RefusalCounts, StoreError> {
        events::refusals_since(&*self.searches.enter()?, since, up_to).await
    }

    async fn refusals(&self, query: &RefusalQuery) -> Result<RefusalPage, StoreError> {
        archive::refusals(&*self.searches.enter()?, query).await
    }

    async fn walk_refusals(
        &self,
        query: &RefusalQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, RefusalRow)>, StoreError> {
        archive::walk_refusals(&*self.searches.enter()?, query, from).await
    }

    async fn last_events(&self, limit: u32) -> Result<Vec<Event>, StoreError> {
        events::last(&*self.searches.enter()?, limit).await
    }

    async fn find_phones(
        &self,
        find: &str,
        limit: u32,
    ) -> Result<(Vec<FoundPhone>, u64), StoreError> {
        archive::find_phones(&*self.searches.enter()?, find, limit).await
    }

    async fn find_names(&self, find: &str, limit: u32) -> Result<FoundNames, StoreError> {
        archive::find_names(&*self.searches.enter()?, find, limit).await
    }

    async fn phone_detail(&self, name: &str) -> Result<Option<PhoneDetail>, StoreError> {
        archive::phone_detail(&self.readers, name).await
    }

    async fn user_detail(
        &self,
        name: &str,
        limits: UserDetailLimits,
    ) -> Result<Option<UserDetail>, StoreError> {
        archive::user_detail(&*self.searches.enter()?, name, limits).await
    }

    async fn device_profile(&self, name: &str) -> Result<Option<DeviceProfile>, StoreError> {
        archive::profile(&self.readers, name).await
    }

    async fn past_retention(
        &self,
        kept: KeptSince,
        limit: u32,
    ) -> Result<PastRetention, StoreError> {
        archive::past_retention(&*self.searches.enter()?, kept, limit).await
    }

    async fn forget(&self, kept: KeptSince, limit: u32) -> Result<u64, StoreError> {
        self.writer.run(move |tx| Box::pin(archive::forget(tx, kept, limit))).await
    }
}

#[async_trait]
impl ConfigurationStore for SqliteStore {
    async fn configuration(&self) -> Result<Configuration, StoreError> {
        let mut tx = self.readers.begin().await.map_err(error::store)?;
        in_force::read(&mut tx).await
    }

    async fn with_accounts(&self) -> Result<Vec<WithAccounts>, StoreError> {
        archive::with_accounts(&self.readers).await
    }

    async fn emcc_keys(&self) -> Result<Option<EmccKeys>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        emcc_keys::read(&mut connection).await
    }

    async fn pins(&self, user: &str) -> Result<Option<Pins>, StoreError> {
        reads::pins(&self.readers, user).await
    }

    async fn parameter_history(
        &self,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<ParameterChange>, u64), StoreError> {
        parameter_changes::history(&*self.searches.enter()?, offset, limit).await
    }

    async fn last_parameter_changes(&self) -> Result<Vec<ParameterChange>, StoreError> {
        parameter_changes::last_changes(&*self.searches.enter()?).await
    }

    async fn parameter_change(&self, number: u64) -> Result<Option<ParameterChange>, StoreError> {
        parameter_changes::one_change(&*self.searches.enter()?, number).await
    }
}

#[async_trait]
impl EventStore for SqliteStore {
    async fn events_after(&self, after: u64, limit: u32) -> Result<EventPage, StoreError> {
        events::after(&self.readers, after, limit).await
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
        self.writer.run(move |tx| Box::pin(leases::take(tx, name, holder, now, ttl_ms))).await
    }
}

#[async_trait]
impl Lifecycle for SqliteStore {
    async fn follow(&self) -> Result<Box<dyn Follower>, StoreError> {
        Ok(Box::new(self.new_follower().await?))
    }

    fn last_write(&self) -> Written {
        self.writer.last_write.written().clone()
    }

    async fn try_write(&self) -> Result<(), StoreError> {
        self.write_a_trial().await
    }

    async fn ended(&self) {
        self.writer.ended().await;
    }

    async fn close(&self) {
        Self::close(self).await;
    }
}
