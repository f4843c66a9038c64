//! The check of the whole database for damage. It reads every page, so it runs while the cluster
//! serves, and only after an unclean stop: power lost on a disk that reorders writes is the one way
//! in which SQLite's files come to harm without a fault of the disk itself.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{OpenError, beside, has_log};
use crate::connect::reading;

/// The ending of the file that remembers damage: while it exists, no database is opened unchecked.
const DAMAGED: &str = "-damaged";
/// The nice value of the check's thread: the lowest priority.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// A check that is due.
#[derive(Clone, Debug)]
pub struct Check {
    file: PathBuf,
}

impl Check {
    /// The check of the database in `file`, if the last process that had it open did not close it.
    /// SQLite removes the write-ahead log when the last connection is closed.
    pub(super) fn due(file: &Path) -> Option<Self> {
        has_log(file).then(|| Self { file: file.to_owned() })
    }

    /// Checks the database, at the lowest priority.
    /// Damage is remembered: the next start checks the database again before it serves.
    ///
    /// # Errors
    /// [`OpenError::Corrupt`] with the first problem, or another error that ended the check.
    pub async fn run(&self) -> Result<(), OpenError> {
        let found = quick_check(&self.file).await;
        if let Err(OpenError::Corrupt { problem, .. }) = &found {
            // Without the file, the next start after a crash checks the database as well.
            let _ = fs::write(beside(&self.file, DAMAGED), problem);
        }
        found
    }
}

/// Checks a database in which damage was found, before it is opened.
///
/// # Errors
/// As [`Check::run`].
pub(super) async fn again_if_damaged(file: &Path) -> Result<(), OpenError> {
    let note = beside(file, DAMAGED);
    if note.exists() {
        quick_check(file).await?;
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

/// Gives precedence to all other threads. Each connection has a thread of its own, on which SQLite
/// calls the progress handler; on Linux each thread has its own priority.
async fn lower_priority(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    #[cfg(target_os = "linux")]
    connection.lock_handle().await?.set_progress_handler(1, || {
        // Without the lower priority the check is as correct, and a little in the way.
        let _ = rustix::process::setpriority_process(None, NICE);
        true
    });
    #[cfg(not(target_os = "linux"))]
    let _ = connection;
    Ok(())
}
