//! The migrations, and their steps that SQL can't do.

mod kinds;
mod names;
#[cfg(test)]
mod names_test;
#[cfg(test)]
mod parameters_test;
#[cfg(test)]
mod refusals_test;

use engine::ports::StoreError;
use sqlx::{
    Connection, SqliteConnection,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// All migrations: number, name, SQL.
pub(crate) const MIGRATIONS: [(i64, &str, &str); 20] = [
    (1, "ground", include_str!("../../../../../migrations/sqlite/0001_ground.sql")),
    (2, "console", include_str!("../../../../../migrations/sqlite/0002_console.sql")),
    (3, "audit_address", include_str!("../../../../../migrations/sqlite/0003_audit_address.sql")),
    (4, "names", include_str!("../../../../../migrations/sqlite/0004_names.sql")),
    (5, "attempts", include_str!("../../../../../migrations/sqlite/0005_attempts.sql")),
    (6, "job_logins", include_str!("../../../../../migrations/sqlite/0006_job_logins.sql")),
    (7, "cluster_id", include_str!("../../../../../migrations/sqlite/0007_cluster_id.sql")),
    (8, "refusals", include_str!("../../../../../migrations/sqlite/0008_refusals.sql")),
    (9, "identity", include_str!("../../../../../migrations/sqlite/0009_identity.sql")),
    (10, "phones", include_str!("../../../../../migrations/sqlite/0010_phones.sql")),
    (11, "stays", include_str!("../../../../../migrations/sqlite/0011_stays.sql")),
    (12, "log_out_rules", include_str!("../../../../../migrations/sqlite/0012_log_out_rules.sql")),
    (13, "pins", include_str!("../../../../../migrations/sqlite/0013_pins.sql")),
    (14, "emcc_settings", include_str!("../../../../../migrations/sqlite/0014_emcc_settings.sql")),
    (
        15,
        "refusals_found",
        include_str!("../../../../../migrations/sqlite/0015_refusals_found.sql"),
    ),
    (16, "user_refusals", include_str!("../../../../../migrations/sqlite/0016_user_refusals.sql")),
    (17, "login_texts", include_str!("../../../../../migrations/sqlite/0017_login_texts.sql")),
    (18, "saved_views", include_str!("../../../../../migrations/sqlite/0018_saved_views.sql")),
    (
        19,
        "parameter_notes",
        include_str!("../../../../../migrations/sqlite/0019_parameter_notes.sql"),
    ),
    (20, "directory", include_str!("../../../../../migrations/sqlite/0020_directory.sql")),
];

/// The number of migrations before the migration with a step in Rust.
const BEFORE_NAMES: usize = 3;

/// The number of the migration with a step in Rust.
const NAMES: i64 = 4;

/// Runs the step before migration [`NAMES`], unless that migration was applied.
async fn before_names(tx: &mut SqliteConnection) -> Result<(), MigrateError> {
    if are_named(tx).await? {
        return Ok(());
    }
    names::prepare(tx).await.map_err(|error: StoreError| MigrateError::Source(error.into()))
}

/// Whether migration [`NAMES`] was applied.
async fn are_named(connection: &mut SqliteConnection) -> Result<bool, MigrateError> {
    let applied: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE version = ? AND success")
            .bind(NAMES)
            .fetch_one(connection)
            .await?;
    Ok(applied > 0)
}

/// Brings a database up to date.
pub(crate) async fn migrate(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    run_all(connection).await?;
    crate::directory::fill(connection).await.map_err(|error| MigrateError::Source(error.into()))
}

/// Runs the migrations that are not applied.
async fn run_all(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    migrator(BEFORE_NAMES).run(&mut *connection).await?;
    if are_named(connection).await? {
        return migrator(MIGRATIONS.len()).run(connection).await;
    }
    // The step and the SQL share a transaction: a crash within it leaves the database as it was.
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    before_names(&mut tx).await?;
    migrator(MIGRATIONS.len()).run(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// The first `count` migrations.
pub(crate) fn migrator(count: usize) -> Migrator {
    let migrations = MIGRATIONS[..count]
        .iter()
        .map(|(version, name, sql)| {
            let sql = sqlx::SqlSafeStr::into_sql_str(*sql);
            Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    // The database may have migrations of a newer program that lets older programs open it.
    migrator.set_ignore_missing(true);
    migrator
}
