//! What a migration does that SQL can't.

mod kinds;
mod names;
#[cfg(test)]
mod names_test;

use engine::ports::StoreError;
use sqlx::{SqliteConnection, migrate::MigrateError};

/// The migration with a step in Rust.
pub(crate) const NAMES: i64 = 4;

/// Does the step that comes before migration [`NAMES`], unless that was applied.
pub(crate) async fn before_names(tx: &mut SqliteConnection) -> Result<(), MigrateError> {
    if are_named(tx).await? {
        return Ok(());
    }
    names::prepare(tx).await.map_err(|error: StoreError| MigrateError::Source(error.into()))
}

/// Whether migration [`NAMES`] was applied.
pub(crate) async fn are_named(connection: &mut SqliteConnection) -> Result<bool, MigrateError> {
    let applied: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE version = ? AND success")
            .bind(NAMES)
            .fetch_one(connection)
            .await?;
    Ok(applied > 0)
}
