//! The check of the whole database for damage. The check reads every page, so it runs while the cluster
//! serves, and only after an unclean stop: a loss of power on a disk that reorders writes is the only
//! way in which SQLite's files are damaged without a fault of the disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{OpenError, beside, has_log, is_there};
use crate::connect::reading;

/// The suffix of the file that records damage. While the file exists, no server and no writing command opens the
/// database without a check.
const DAMAGED: &str = "-damaged";
/// The ending of the file that exists while a server has the database open, and after an unclean stop, until the
/// database is checked.
const OPEN: &str = "-open";
/// The nice value of the check's thread: the lowest priority.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// A check that is due.
#[derive(Clone, Debug)]
pub struct Check {
    file: PathBuf,
    /// Whether the database was found whole.
    is_whole: Arc<AtomicBool>,
}

impl Check {
    /// The check of the database in `file`; `None` if the last server and the last connection have closed the
    /// database. SQLite removes the write-ahead log when the last connection is closed.
    pub(super) fn due(file: &Path) -> Option<Self> {
        let is_due = has_log(file) || beside(file, OPEN).exists();
        is_due.then(|| Self { file: file.to_owned(), is_whole: Arc::default() })
    }

    /// Checks the database, at the lowest priority.
    /// Damage is remembered: the next start checks the database again before it serves.
    ///
    /// # Errors
    /// [`OpenError::Corrupt`] with the first problem, or another error that ended the check.
    pub async fn run(&self) -> Result<(), OpenError> {
        let found = quick_check(&self.file).await;
        self.is_whole.store(found.is_ok(), Ordering::Relaxed);
        if let Err(OpenError::Corrupt { problem, .. }) = &found {
            // Without the file, the next start after a crash checks the database as well.
            let _ = fs::write(beside(&self.file, DAMAGED), problem);
        }
        found
    }
}

/// Notes that a server has the database open.
pub(super) fn mark_open(file: &Path) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(beside(file, OPEN))?.sync_all()?;
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Notes that the server has closed the database, unless a check is due still.
pub(super) fn mark_closed(file: &Path, check: Option<&Check>) {
    if check.is_none_or(|check| check.is_whole.load(Ordering::Relaxed)) {
        // With the file, the next start checks the database once more than it has to.
        let _ = fs::remove_file(beside(file, OPEN));
    }
}

/// Refuses a database in which damage was found.
///
/// # Errors
/// [`OpenError::Corrupt`]
pub(super) fn refuse_damaged(file: &Path) -> Result<(), OpenError> {
    match fs::read_to_string(beside(file, DAMAGED)) {
        Ok(problem) => Err(OpenError::Corrupt { file: file.to_owned(), problem }),
        Err(_) => Ok(()),
    }
}

/// Checks a database in which damage was found, before it is opened. A new database is not damaged.
///
/// # Errors
/// As [`Check::run`].
pub(super) async fn again_if_damaged(file: &Path) -> Result<(), OpenError> {
    let note = beside(file, DAMAGED);
    if note.exists() {
        if is_there(file) {
            quick_check(file).await?;
        }
        fs::remove_file(&note).map_err(|error| OpenError::io(file, error))?;
    }
    Ok(())
}

async fn quick_check(file: &Path) -> Result<(), OpenError> {
    let bad = |error| OpenError::of(file, error);
    let mut connection = reading(file).connect().await.map_err(bad)?;
    lower_priority(&mut connection).await.map_err(bad)?;
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(bad)?;
    connection.close().await.map_err(bad)?;
    if found == "ok" {
        Ok(())
    } else {
        // SQLite tells of a problem in several lines.
        Err(OpenError::Corrupt { file: file.to_owned(), problem: found.replace('\n', " ") })
    }
}

/// Gives the connection's thread the lowest priority. Each connection has a thread of its own, on which
/// SQLite calls the progress handler; on Linux each thread has its own priority.
async fn lower_priority(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    #[cfg(target_os = "linux")]
    connection.lock_handle().await?.set_progress_handler(1, || {
        // The lower priority only keeps the check from delaying requests.
        let _ = rustix::process::setpriority_process(None, NICE);
        true
    });
    #[cfg(not(target_os = "linux"))]
    let _ = connection;
    Ok(())
}
