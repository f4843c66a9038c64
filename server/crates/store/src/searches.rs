//! A separate pool for the console's searches, so that a long search delays no request of the EM API.

use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::ports::StoreError;
use sqlx::{
    SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most searches that run at a time.
const RUNNING: u32 = 2;
/// The most searches that run or wait; a search beyond them is refused as busy.
const PLACES: usize = 64;
/// How long a search waits for a connection.
const WAIT: Duration = Duration::from_secs(5);
/// How long a search may run until it is interrupted.
const LONGEST: Duration = Duration::from_secs(10);
/// Steps of SQLite's virtual machine between two checks of the clock: about a millisecond.
const STEPS: i32 = 100_000;

/// The connections for searches.
#[derive(Clone)]
pub(crate) struct Searches {
    pool: SqlitePool,
    places: Arc<Semaphore>,
}

/// A permit for one search.
pub(crate) struct Search {
    pool: SqlitePool,
    _place: OwnedSemaphorePermit,
}

impl Searches {
    /// Connections with these options, opened at the first search.
    pub(crate) fn new(options: SqliteConnectOptions) -> Self {
        Self::with(options, LONGEST)
    }

    /// As [`Searches::new`], with `longest` as the time limit of a search.
    fn with(options: SqliteConnectOptions, longest: Duration) -> Self {
        let pool = SqlitePoolOptions::new()
            .max_connections(RUNNING)
            .acquire_timeout(WAIT)
            .after_connect(move |connection, _| Box::pin(limit(connection, longest)))
            .before_acquire(move |connection, _| {
                Box::pin(async move { limit(connection, longest).await.map(|()| true) })
            })
            .connect_lazy_with(options);
        Self { pool, places: Arc::new(Semaphore::new(PLACES)) }
    }

    /// Takes a permit for a search; fails as busy if none is left.
    pub(crate) fn enter(&self) -> Result<Search, StoreError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| StoreError::Busy)?;
        Ok(Search { pool: self.pool.clone(), _place: place })
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Deref for Search {
    type Target = SqlitePool;

    fn deref(&self) -> &SqlitePool {
        &self.pool
    }
}

/// Interrupts a statement of the connection once `longest` has passed from now.
async fn limit(connection: &mut SqliteConnection, longest: Duration) -> Result<(), sqlx::Error> {
    let begun = Instant::now();
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(STEPS, move || begun.elapsed() < longest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, SqliteStore, connect::reading, error};
    use engine::{
        AuditQuery, HistoryQuery, ListQuery, Selection, UtcMillis,
        ports::{Archive, ConfigurationStore, JobStore, Lookups},
    };

    const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                           SELECT count(*) FROM n";

    fn searches(longest: Duration) -> (tempfile::TempDir, Searches) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        std::fs::File::create(&file).unwrap();
        let searches = Searches::with(reading(&file), longest);
        (folder, searches)
    }

    #[tokio::test]
    async fn long_searches_keep_no_request_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = SqliteStore::open(&file, Limits::default()).await.unwrap();
        store.searches = Searches::with(reading(&file), Duration::from_secs(1));
        let long: Vec<_> = (0..8)
            .map(|_| {
                let search = store.searches.enter().unwrap();
                tokio::spawn(async move { sqlx::query(ENDLESS).execute(&*search).await })
            })
            .collect();
        let all_run = || {
            let pool = &store.searches.pool;
            pool.size() == RUNNING && pool.num_idle() == 0
        };
        while !all_run() {
            tokio::task::yield_now().await;
        }
        let names = ["SEP1".to_owned()];
        assert_eq!(store.phones(&names).await.unwrap().1, [None]);
        assert!(all_run(), "and they still run");
        assert!(long.iter().all(|long| !long.is_finished()));
    }

    #[tokio::test]
    async fn a_search_that_takes_too_long_is_interrupted_and_the_next_has_its_own_time() {
        let (_folder, searches) = searches(Duration::from_millis(50));
        for _ in 0..3 {
            let search = searches.enter().unwrap();
            let ended = sqlx::query(ENDLESS).execute(&*search).await.map_err(error::store);
            assert_eq!(ended.unwrap_err(), StoreError::Busy);
            let one: i64 = sqlx::query_scalar("SELECT 1").fetch_one(&*search).await.unwrap();
            assert_eq!(one, 1);
        }
    }

    /// Each list of the console takes a permit for a search, and no connection of the requests.
    #[tokio::test]
    async fn what_the_console_looks_through_takes_a_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
        let _all: Vec<_> = (0..PLACES).map(|_| store.searches.enter().unwrap()).collect();
        let (all, now) = (Selection::default(), UtcMillis(0));
        let busy = Some(StoreError::Busy);
        assert_eq!(store.active_logins(&ListQuery::default()).await.err(), busy);
        assert_eq!(store.open_in(&all).await.err(), busy);
        assert_eq!(store.open_logins_in(&all, 10).await.err(), busy);
        assert_eq!(store.history(&HistoryQuery::default()).await.err(), busy);
        assert_eq!(store.audit(&AuditQuery::default()).await.err(), busy);
        assert_eq!(store.refusals_since(now, 0).await.err(), busy);
        assert_eq!(store.parameter_history(0, 10).await.err(), busy);
        assert_eq!(store.several_logins(1, false).await.err(), busy);
        assert!(store.phones(&[]).await.is_ok());
    }

    #[tokio::test]
    async fn one_search_too_many_is_refused() {
        let (_folder, searches) = searches(LONGEST);
        let mut all: Vec<_> = (0..PLACES).map(|_| searches.enter().unwrap()).collect();
        assert_eq!(searches.enter().err(), Some(StoreError::Busy));
        all.pop();
        assert!(searches.enter().is_ok());
    }
}
