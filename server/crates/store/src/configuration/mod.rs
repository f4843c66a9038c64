//! The configuration: reading what rules requests, and applying changes.

mod entries;

use std::collections::BTreeMap;

use engine::{
    Actor, Configuration, ConfigurationChange, Difference, EventKind, UtcMillis, Version,
    ports::StoreError,
};
use sqlx::{Row, SqliteConnection};
use terms::{Parameter, ServiceParameters};

use crate::{error, notes::Notes, rows};

/// Reads what rules requests, in the transaction of `connection`.
pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Configuration, StoreError> {
    let row = sqlx::query("SELECT version, release FROM configuration")
        .fetch_one(&mut *connection)
        .await
        .map_err(error::store)?;
    let version = Version(rows::count(row.try_get(0).map_err(error::store)?)?);
    let release: String = row.try_get(1).map_err(error::store)?;
    let release = release.parse().map_err(error::bad_row)?;
    let values: Vec<(String, String)> =
        sqlx::query_as("SELECT name, value FROM service_parameters")
            .fetch_all(connection)
            .await
            .map_err(error::store)?;
    let mut parameters = ServiceParameters::default();
    for (name, value) in values {
        parameters.set(&name, &value).map_err(error::bad_row)?;
    }
    Ok(Configuration { version, release, parameters })
}

/// Applies a change; says what was different and whether to commit it.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    change: ConfigurationChange,
    actor: Actor,
    now: UtcMillis,
    dry_run: bool,
) -> Result<(Vec<Difference>, bool), StoreError> {
    let mut differences = Differences::default();
    let before = read(tx).await?;
    if let Some(release) = change.release {
        differences
            .compare("cluster", &[("release", before.release.to_string(), release.to_string())]);
        sqlx::query("UPDATE configuration SET release = ?")
            .bind(release.to_string())
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
    }
    parameters(tx, &mut differences, &before.parameters, &change.parameters).await?;
    // Profiles go before users, who name them.
    entries::app_users(tx, &mut differences, &change.app_users).await?;
    entries::profiles(tx, &mut differences, &change.profiles).await?;
    entries::users(tx, &mut differences, &change.users, &actor, now).await?;
    entries::phones(tx, &mut differences, &change.phones).await?;
    entries::remote_clusters(tx, &mut differences, &change.remote_clusters).await?;

    let differences = differences.0;
    if differences.is_empty() {
        return Ok((differences, false));
    }
    let version: i64 =
        sqlx::query_scalar("UPDATE configuration SET version = version + 1 RETURNING version")
            .fetch_one(&mut *tx)
            .await
            .map_err(error::store)?;
    let version = Version(rows::count(version)?);
    let mut notes = Notes::default();
    for difference in &differences {
        let Difference { what, field, from, to } = difference;
        let from = from.as_deref().unwrap_or("");
        notes.audit(now, &actor, "configure", format!("{what} {field}"), format!("{from} -> {to}"));
    }
    notes.event(now, &EventKind::ConfigurationChanged { version })?;
    notes.write(tx).await?;
    Ok((differences, !dry_run))
}

async fn parameters(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    before: &ServiceParameters,
    change: &BTreeMap<String, String>,
) -> Result<(), StoreError> {
    let mut after = before.clone();
    for (name, value) in change {
        let parameter =
            after.set(name, value).map_err(|error| StoreError::Invalid(error.to_string()))?;
        let old = before.value(parameter).to_owned();
        differences.compare("service parameter", &[(parameter.name(), old, value.clone())]);
        store_parameter(tx, parameter, value).await?;
    }
    Ok(())
}

async fn store_parameter(
    tx: &mut SqliteConnection,
    parameter: Parameter,
    value: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO service_parameters (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(parameter.name())
    .bind(value)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(())
}

/// What a change has found to be different so far.
#[derive(Default)]
pub(super) struct Differences(Vec<Difference>);

impl Differences {
    /// Compares named values, old and new.
    pub(super) fn compare(&mut self, what: &str, fields: &[(&'static str, String, String)]) {
        for (field, old, new) in fields {
            if old != new {
                self.0.push(Difference {
                    what: what.to_owned(),
                    field: (*field).to_owned(),
                    from: Some(old.clone()),
                    to: new.clone(),
                });
            }
        }
    }

    /// Notes something that was not there before.
    pub(super) fn added(&mut self, what: &str) {
        let (what, field) = (what.to_owned(), String::new());
        self.0.push(Difference { what, field, from: None, to: "added".to_owned() });
    }

    /// Notes that a secret was changed, without it.
    pub(super) fn secret(&mut self, what: &str, field: &str) {
        let (what, field) = (what.to_owned(), field.to_owned());
        self.0.push(Difference { what, field, from: None, to: "changed".to_owned() });
    }
}
