//! Why a database is not opened.

use std::{
    io,
    path::{Path, PathBuf},
};

use engine::ports::StoreError;
use sqlx::{error::DatabaseError, migrate::MigrateError};

use crate::error;

/// The primary codes (the low byte) `SQLITE_CORRUPT` and `SQLITE_NOTADB`.
const DAMAGED: [i32; 2] = [11, 26];

/// Why a database was not opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is damaged.
    #[error("{file}: the database is damaged: {problem}")]
    Corrupt {
        /// The file.
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
    /// The disk has no room for the database or for a file that SQLite needs beside it.
    #[error("{0}: the disk is full")]
    Full(PathBuf),
    /// Anything else.
    #[error("{file}: {problem}")]
    Failed {
        /// Which file.
        file: PathBuf,
        /// The message of the system or of SQLite.
        problem: String,
    },
}

impl OpenError {
    /// Maps an error that the database in `file` causes while it is opened.
    pub(super) fn of(file: &Path, error: sqlx::Error) -> Self {
        let file = file.to_owned();
        let code = error.as_database_error().and_then(DatabaseError::code);
        let code = code.and_then(|code| code.parse::<i32>().ok());
        if code.is_some_and(|code| DAMAGED.contains(&(code & 0xff))) {
            return Self::Corrupt { file, problem: error.to_string() };
        }
        match error::store(error) {
            StoreError::Full => Self::Full(file),
            // A value that no program writes.
            StoreError::BadRow(problem) => Self::Corrupt { file, problem },
            error => Self::Failed { file, problem: error.to_string() },
        }
    }

    /// Maps an error of a migration of the database in `file`.
    pub(super) fn migrating(file: &Path, error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                Self::of(file, error)
            }
            error => Self::Failed { file: file.to_owned(), problem: error.to_string() },
        }
    }

    /// Maps an error of the file system about `file`.
    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
    pub(super) fn io(file: &Path, error: io::Error) -> Self {
        let file = file.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull => Self::Full(file),
            _ => Self::Failed { file, problem: error.to_string() },
        }
    }
}
