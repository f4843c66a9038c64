//! How connections to the database are opened.

use std::{path::Path, time::Duration};

use sqlx::sqlite::SqliteConnectOptions;

/// How long a connection waits for another process that holds the database's lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Options of a connection that reads the database in `file`, and can't write.
pub(crate) fn reading(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY_TIMEOUT)
}
