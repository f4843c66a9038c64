//! The configuration in force: what rules requests.

use engine::{Configuration, Upkeep, Version, ports::StoreError};
use sqlx::SqliteConnection;
use terms::ServiceParameters;

use crate::{
    error,
    rows::{self, get},
};

/// Reads what rules requests, in the transaction of `connection`.
pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Configuration, StoreError> {
    let row = sqlx::query(
        "SELECT version, release, history_days, audit_days, event_days, log_outs_per_second
           FROM configuration",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(error::store)?;
    let version = Version(rows::count(get(&row, "version")?)?);
    let release = get::<String>(&row, "release")?.parse().map_err(error::bad_row)?;
    let upkeep = Upkeep {
        history_days: get(&row, "history_days")?,
        audit_days: get(&row, "audit_days")?,
        event_days: get(&row, "event_days")?,
        log_outs_per_second: get(&row, "log_outs_per_second")?,
    };
    let values: Vec<(String, String)> =
        sqlx::query_as("SELECT name, value FROM service_parameters")
            .fetch_all(connection)
            .await
            .map_err(error::store)?;
    let mut parameters = ServiceParameters::default();
    // One of a newer program stays as it is stored, and its default rules here.
    let passed_over = values
        .into_iter()
        .filter_map(|(name, value)| parameters.set(&name, &value).err().map(|_| name));
    let passed_over = passed_over.collect();
    Ok(Configuration { version, release, parameters, upkeep, passed_over })
}
