//! Opening a database: the file is checked first, and changed only if this program may change it.
//! The holder of the data folder migrates; every other process opens an up-to-date database or none.

mod check;
mod error;
mod look;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Notify;

use crate::{
    SqliteStore,
    connect::{BUSY_TIMEOUT, reading},
    migrations::migrate,
    searches::Searches,
    writer::Writer,
};
pub use check::Check;
pub use error::OpenError;
use look::look;

/// The version of this program.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// The ending of the write-ahead log's name. The log exists while a process has the database open, and
/// after an unclean stop.
const LOG: &str = "-wal";
/// The ending of the rollback journal's name.
const JOURNAL: &str = "-journal";
/// Connections in the pool for requests; the console's searches have their own pool.
const READERS: u32 = 4;

/// Bounds of a store that tests make smaller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The most pages (of 4 KiB) of the database; `None` sets no bound but the disk's size.
    pub max_pages: Option<u32>,
}

impl SqliteStore {
    /// Opens the database in `file`, or creates it, and brings it up to date.
    /// The caller holds the lock of the data folder, so that no server of an older program uses the
    /// database meanwhile.
    ///
    /// # Errors
    /// If the database is damaged, needs a newer program, or can't be opened; then nothing is changed.
    pub async fn open(file: &Path, limits: Limits) -> Result<Self, OpenError> {
        check::again_if_damaged(file).await?;
        let check = Check::due(file);
        if is_there(file) {
            look(file, looking(file)).await?;
        }
        make(file).map_err(|error| OpenError::io(file, error))?;
        let options = writing(file, limits);
        let mut connection = options.connect().await.map_err(|error| OpenError::of(file, error))?;
        migrate(&mut connection).await.map_err(|error| OpenError::migrating(file, error))?;
        check::mark_open(file).map_err(|error| OpenError::io(file, error))?;
        Ok(Self { check, is_marked: true, ..Self::on(connection, file, reading(file)).await? })
    }

    /// Opens the database in `file` as it is, while other processes may use it.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], and if the database is not up to date; then nothing is changed.
    pub async fn open_as_it_is(file: &Path, limits: Limits) -> Result<Self, OpenError> {
        check::refuse_damaged(file)?;
        let is_up_to_date = is_there(file) && look(file, looking(file)).await?;
        if !is_up_to_date {
            return Err(OpenError::Older { file: file.to_owned(), program: PROGRAM });
        }
        let options = writing(file, limits).create_if_missing(false);
        let connection = options.connect().await.map_err(|error| OpenError::of(file, error))?;
        Self::on(connection, file, reading(file)).await
    }

    /// Opens the database in `file` for reading alone: nothing is written, neither into the database
    /// nor beside it, so that a full disk or a folder of another user does not matter.
    /// Each write fails.
    ///
    /// # Errors
    /// As [`SqliteStore::open_as_it_is`].
    pub async fn open_to_read(file: &Path) -> Result<Self, OpenError> {
        // Without a write-ahead log, no process is changing the database, and `immutable` keeps SQLite from
        // making a log for the read.
        let options = reading(file).immutable(!has_log(file));
        let is_up_to_date = is_there(file) && look(file, options.clone()).await?;
        if !is_up_to_date {
            return Err(OpenError::Older { file: file.to_owned(), program: PROGRAM });
        }
        let connection = options.connect().await.map_err(|error| OpenError::of(file, error))?;
        Self::on(connection, file, options).await
    }

    /// The check of the database that is due after an unclean stop.
    #[must_use]
    pub fn check_due(&self) -> Option<Check> {
        self.check.clone()
    }

    async fn on(
        connection: SqliteConnection,
        file: &Path,
        reading: SqliteConnectOptions,
    ) -> Result<Self, OpenError> {
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            // A connection to a file does not break, and a test costs as much as a query.
            .test_before_acquire(false)
            .connect_with(reading.clone())
            .await
            .map_err(|error| OpenError::of(file, error))?;
        let searches = Searches::new(reading);
        let committed = Arc::new(Notify::new());
        let writer = Writer::start(connection, Arc::clone(&committed));
        Ok(Self {
            readers,
            searches,
            writer,
            committed,
            check: None,
            is_marked: false,
            file: file.into(),
        })
    }

    /// Waits until the writer has finished its queued requests, and closes the database.
    pub async fn close(&self) {
        let writing = self.writer.close().await;
        self.readers.close().await;
        self.searches.close().await;
        // Close the writing connection last: when the last connection is closed, SQLite moves the write-ahead log
        // into the database and removes the log, unless that connection is read-only.
        if let Some(connection) = writing {
            let closed = connection.close().await;
            if self.is_marked && closed.is_ok() {
                check::mark_closed(&self.file, self.check.as_ref());
            }
        }
    }
}

/// Whether the file exists and is not empty.
fn is_there(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|data| data.len() > 0)
}

/// The path of a file beside the database, by its suffix: a file of SQLite's, or one of Sojourn's.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

/// Whether there is a write-ahead log with content.
fn has_log(file: &Path) -> bool {
    is_there(&beside(file, LOG))
}

/// Options of a connection for a look before the database is opened, which changes nothing.
/// A read-only connection leaves SQLite's files beside the database. A writable connection removes them
/// at its end, but first moves their content into the database. So the connection is read-only if such
/// files exist.
fn looking(file: &Path) -> SqliteConnectOptions {
    let has_content = beside(file, LOG).exists() || beside(file, JOURNAL).exists();
    SqliteConnectOptions::new().filename(file).read_only(has_content).busy_timeout(BUSY_TIMEOUT)
}

/// Creates the file if it does not exist, for this user alone, since the database holds hashes of PINs.
/// SQLite gives its files beside the database the same mode.
fn make(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

pub(crate) fn writing(file: &Path, limits: Limits) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    match limits.max_pages {
        Some(pages) => options.pragma("max_page_count", pages.to_string()),
        None => options,
    }
}

/// Opens a read-only connection for the follower.
pub(crate) async fn reader(file: &Path) -> Result<SqliteConnection, engine::ports::StoreError> {
    reading(file).connect().await.map_err(crate::error::store)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::{MIGRATIONS, migrator};

    /// The settings that make an acknowledged login survive a loss of power, which no test can cause.
    #[tokio::test]
    async fn the_writer_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sojourn.db");
        let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
        let mut ask = async |question: &'static str| -> String {
            sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap()
        };
        assert_eq!(ask("PRAGMA journal_mode").await, "wal");
        assert_eq!(ask("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous").await, "2");
    }

    #[tokio::test]
    async fn a_database_of_the_first_program_is_brought_up_to_date_with_all_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sojourn.db");
        let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
        migrator(1).run(&mut connection).await.unwrap();
        for filling in [
            "INSERT INTO logins (id, user, user_key, phone, model, profile, from_ms, search,
                                 began_by_kind, began_by)
             VALUES ('01890000-0000-7000-8000-000000000001', 'John', 'john', 'SEP1', '', 'desk', 1,
                     'john', 'application_user', 'emproxy')",
            "INSERT INTO phones VALUES ('SEP1', '8861', 1, NULL, '[]', '[]', NULL)",
            "INSERT INTO audit (at_ms, actor_kind, actor, action, subject, detail)
             VALUES (1, 'system', '', 'log_in', 'SEP1', 'John')",
            "INSERT INTO administrators VALUES ('kim', 'kim', '$', 1)",
        ] {
            sqlx::query(filling).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();

        let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
        let query = engine::ListQuery { limit: 10, ..engine::ListQuery::default() };
        let page = engine::ports::Lookups::active_logins(&store, &query).await.unwrap();
        assert_eq!((page.matching, page.rows[0].user.id.as_str()), (1, "John"));
        let query =
            engine::AuditQuery { limit: 10, find: vec!["john".into()], ..Default::default() };
        let audit = engine::ports::Archive::audit(&store, &query).await.unwrap();
        assert_eq!(audit.matching, 1);
        let phone = engine::ports::Archive::phone_detail(&store, "SEP1").await.unwrap().unwrap();
        assert_eq!(phone.login.unwrap().user.id, "John");
        let people = engine::ports::ConsoleStore::administrators(&store).await.unwrap();
        assert_eq!(people[0].role, terms::Role::Administrator, "as before there were roles");
        store.close().await;
    }

    #[tokio::test]
    async fn an_older_database_is_not_opened_as_it_is_and_stays_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sojourn.db");
        let as_it_is = async || {
            let error = SqliteStore::open_as_it_is(&file, Limits::default()).await.err();
            assert!(matches!(error, Some(OpenError::Older { .. })), "{error:?}");
        };
        as_it_is().await;
        assert!(!file.exists(), "none is made");
        for count in 1..MIGRATIONS.len() {
            let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
            migrator(count).run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            let before = std::fs::read(&file).unwrap();
            as_it_is().await;
            assert_eq!(std::fs::read(&file).unwrap(), before);
            let files = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, 1, "nothing is left beside it");
        }
        SqliteStore::open(&file, Limits::default()).await.unwrap().close().await;
        let before = std::fs::read(&file).unwrap();
        SqliteStore::open_as_it_is(&file, Limits::default()).await.unwrap().close().await;
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}
