//! Mapping of SQLite's errors to the port's errors.

use engine::ports::StoreError;

/// `SQLITE_FULL`, and `SQLITE_IOERR_SHMSIZE`: no disk space for the index of the write-ahead log.
const NO_ROOM: [&str; 2] = ["13", "4874"];
/// `SQLITE_INTERRUPT`: a search took too long.
const INTERRUPTED: &str = "9";
/// `SQLITE_BUSY`: another process kept the write lock for longer than the busy timeout.
const LOCKED: [&str; 3] = ["5", "261", "517"];

/// Maps an error of the database.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn store(error: sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match code.as_deref() {
        Some(code) if NO_ROOM.contains(&code) => StoreError::Full,
        Some(code) if LOCKED.contains(&code) || code == INTERRUPTED => StoreError::Busy,
        _ => match error {
            // Every connection of the pool stayed in use until the acquire timeout.
            sqlx::Error::PoolTimedOut => StoreError::Busy,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StoreError::BadRow(error.to_string())
            }
            _ => StoreError::Failed(error.to_string()),
        },
    }
}

/// The error for a stored value that can't be decoded.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn bad_row(error: impl ToString) -> StoreError {
    StoreError::BadRow(error.to_string())
}
