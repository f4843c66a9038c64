//! Opening a database: the file is checked first, and changed only if this program may change it.
//! The holder of the data folder migrates; every other process opens an up-to-date database or none.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use terms::{Release, ReleaseError};
use tokio::sync::Notify;

use crate::{
    SqliteStore,
    connect::{BUSY_TIMEOUT, reading},
    error,
    migrations::{MIGRATIONS, migrate},
    searches::Searches,
    writer::Writer,
};

/// The version of this program.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// Connections in the pool for requests; the console's searches have their own pool.
const READERS: u32 = 4;

/// Bounds of a store that tests make smaller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The most pages (of 4 KiB) of the database; `None` sets no bound but the disk's size.
    pub max_pages: Option<u32>,
}

/// Why a database was not opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is damaged.
    #[error("{file}: the database is damaged: {problem}")]
    Corrupt {
        /// Which file.
        file: PathBuf,
        /// The first problem that the check found.
        problem: String,
    },
    /// The file is a database of another program.
    #[error("{0}: this is a database, but not one of Sojourn's")]
    Foreign(PathBuf),
    /// The database was written by a newer program, and older programs may not open it.
    #[error("{file}: the database needs Sojourn {minimum} or newer; this is {program}")]
    NeedsNewer {
        /// Which file.
        file: PathBuf,
        /// The oldest program that may open the database.
        minimum: String,
        /// This program.
        program: &'static str,
    },
    /// The database lacks migrations of this program, or does not exist yet.
    #[error("{file}: the database is older than this program ({program})")]
    Older {
        /// Which file.
        file: PathBuf,
        /// This program.
        program: &'static str,
    },
    /// Anything else.
    #[error("{file}: {problem}")]
    Failed {
        /// Which file.
        file: PathBuf,
        /// What happened.
        problem: String,
    },
}

impl SqliteStore {
    /// Opens the database in `file`, or creates it, and brings it up to date.
    /// The caller holds the lock of the data folder, so that no server of an older program uses the
    /// database meanwhile.
    ///
    /// # Errors
    /// If the database is damaged, needs a newer program, or can't be opened; then nothing is changed.
    pub async fn open(file: &Path, limits: Limits) -> Result<Self, OpenError> {
        if is_there(file) {
            look(file).await?;
        }
        make(file).map_err(|error| failed(file, error))?;
        let mut connection =
            writing(file, limits).connect().await.map_err(|error| failed(file, error))?;
        migrate(&mut connection).await.map_err(|error| failed(file, error))?;
        Self::on(connection, file).await
    }

    /// Opens the database in `file` as it is, while other processes may use it.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], and if the database is not up to date; then nothing is changed.
    pub async fn open_as_it_is(file: &Path, limits: Limits) -> Result<Self, OpenError> {
        let up_to_date = is_there(file) && look(file).await?;
        if !up_to_date {
            return Err(OpenError::Older { file: file.to_owned(), program: PROGRAM });
        }
        let options = writing(file, limits).create_if_missing(false);
        let connection = options.connect().await.map_err(|error| failed(file, error))?;
        Self::on(connection, file).await
    }

    async fn on(connection: SqliteConnection, file: &Path) -> Result<Self, OpenError> {
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            // A connection to a file does not break, and a test costs as much as a query.
            .test_before_acquire(false)
            .connect_with(reading(file))
            .await
            .map_err(|error| failed(file, error))?;
        let searches = Searches::new(file);
        let committed = Arc::new(Notify::new());
        let writer = Writer::start(connection, Arc::clone(&committed));
        Ok(Self { readers, searches, writer, committed, file: file.into() })
    }

    /// Waits until the writer has finished its queued requests, and closes the database.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
        self.searches.close().await;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn failed(file: &Path, problem: impl ToString) -> OpenError {
    OpenError::Failed { file: file.to_owned(), problem: problem.to_string() }
}

/// Whether the file exists and is not empty.
fn is_there(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|data| data.len() > 0)
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

/// Checks an existing file without changing it; returns whether it has all migrations of this program.
async fn look(file: &Path) -> Result<bool, OpenError> {
    let corrupt = |problem: String| OpenError::Corrupt { file: file.to_owned(), problem };
    // A read-only connection leaves SQLite's files beside the database. A writable connection removes them
    // at its end, but first moves their content into the database. So the connection is read-only if such
    // files exist.
    let beside = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        Path::new(&name).exists()
    };
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(beside("-wal") || beside("-journal"))
        .busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await.map_err(|error| corrupt(error.to_string()))?;
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| corrupt(error.to_string()))?;
    if check != "ok" {
        return Err(corrupt(check));
    }
    // A crash before the first migration was committed leaves a database without tables.
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| corrupt(error.to_string()))?;
    let ours: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('configuration', '_sqlx_migrations')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(|error| corrupt(error.to_string()))?;
    if tables > 0 && ours == 0 {
        return Err(OpenError::Foreign(file.to_owned()));
    }
    let mut up_to_date = false;
    if ours == 2 {
        let minimum: String = sqlx::query_scalar("SELECT minimum_program FROM configuration")
            .fetch_one(&mut connection)
            .await
            .map_err(|error| corrupt(error.to_string()))?;
        let newer = older_than(PROGRAM, &minimum).map_err(|error| corrupt(error.to_string()))?;
        if newer {
            return Err(OpenError::NeedsNewer { file: file.to_owned(), minimum, program: PROGRAM });
        }
        let done: Vec<i64> =
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
                .fetch_all(&mut connection)
                .await
                .map_err(|error| corrupt(error.to_string()))?;
        up_to_date = MIGRATIONS.iter().all(|(version, ..)| done.contains(version));
    }
    connection.close().await.map_err(|error| corrupt(error.to_string()))?;
    Ok(up_to_date)
}

/// Whether `program` is older than `minimum`, by their first two numbers.
/// A patch release never changes what a database holds.
fn older_than(program: &str, minimum: &str) -> Result<bool, ReleaseError> {
    let release = |version: &str| match version.rsplit_once('.') {
        Some((release, _patch)) => release.parse::<Release>(),
        None => Err(ReleaseError),
    };
    Ok(release(program)? < release(minimum)?)
}

/// Opens a read-only connection for the follower.
pub(crate) async fn reader(file: &Path) -> Result<SqliteConnection, engine::ports::StoreError> {
    reading(file).connect().await.map_err(error::store)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::migrator;

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
        let query = engine::AuditQuery { limit: 10, find: "john".into(), ..Default::default() };
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

    #[test]
    fn programs_compare_by_number() {
        assert_eq!(older_than("0.9.1", "0.10.0"), Ok(true));
        assert_eq!(older_than("1.0.0", "0.10.0"), Ok(false));
        assert_eq!(older_than("0.1.0", "0.1.9"), Ok(false));
        assert_eq!(older_than("0.1.0", "new"), Err(ReleaseError));
    }
}
