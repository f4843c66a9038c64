//! The inspection of an existing database before it is opened: which program made it, and whether it is up
//! to date. The inspection takes the same time whatever the database's size.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use terms::{Release, ReleaseError};

use super::{OpenError, PROGRAM};
use crate::migrations::MIGRATIONS;

/// Looks into an existing file through a connection with these options; returns whether the database has
/// all migrations of this program.
pub(super) async fn look(file: &Path, options: SqliteConnectOptions) -> Result<bool, OpenError> {
    let bad = |error| OpenError::of(file, error);
    let mut connection = options.connect().await.map_err(bad)?;
    // A crash before the first migration was committed leaves a database without tables.
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await
        .map_err(bad)?;
    let ours: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('configuration', '_sqlx_migrations')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(bad)?;
    if tables > 0 && ours == 0 {
        return Err(OpenError::Foreign(file.to_owned()));
    }
    let mut is_up_to_date = false;
    if ours == 2 {
        let minimum: String = sqlx::query_scalar("SELECT minimum_program FROM configuration")
            .fetch_one(&mut connection)
            .await
            .map_err(bad)?;
        let is_older = older_than(PROGRAM, &minimum).map_err(|error| OpenError::Corrupt {
            file: file.to_owned(),
            problem: error.to_string(),
        })?;
        if is_older {
            return Err(OpenError::NeedsNewer { file: file.to_owned(), minimum, program: PROGRAM });
        }
        let done: Vec<i64> =
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
                .fetch_all(&mut connection)
                .await
                .map_err(bad)?;
        is_up_to_date = MIGRATIONS.iter().all(|(version, ..)| done.contains(version));
    }
    connection.close().await.map_err(bad)?;
    Ok(is_up_to_date)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_compare_by_number() {
        assert_eq!(older_than("0.9.1", "0.10.0"), Ok(true));
        assert_eq!(older_than("1.0.0", "0.10.0"), Ok(false));
        assert_eq!(older_than("0.1.0", "0.1.9"), Ok(false));
        assert_eq!(older_than("0.1.0", "new"), Err(ReleaseError));
    }
}
