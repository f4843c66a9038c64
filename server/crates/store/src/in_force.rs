//! The configuration in force, with the cluster's id: reading and writing its rows.

use engine::{
    Configuration, EmccSettings, LogOutRules, PinRules, Retention, Site, UtcMillis, Version,
    ports::StoreError,
};
use sqlx::SqliteConnection;
use terms::{Parameter, Release, ServiceParameters};

use crate::{
    error, records,
    rows::{self, get},
};

/// Reads the configuration in force, in the transaction of `connection`.
pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Configuration, StoreError> {
    let row = sqlx::query(
        "SELECT version, release, history_days, audit_days, event_days, refusal_days,
                log_outs_per_second, service_url, call_server, call_server_rpc, push_user,
                push_password, time_zone, log_out_at, log_out_since_ms, idle_minutes,
                pin_min_length, pin_history, pin_allows_trivial, emcc_active, emcc_enable_new
           FROM configuration",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(error::store)?;
    let version = Version(rows::count(get(&row, "version")?)?);
    let release = get::<String>(&row, "release")?.parse().map_err(error::bad_row)?;
    let retention = Retention {
        history_days: get(&row, "history_days")?,
        audit_days: get(&row, "audit_days")?,
        event_days: get(&row, "event_days")?,
        refusal_days: get(&row, "refusal_days")?,
        log_outs_per_second: get(&row, "log_outs_per_second")?,
    };
    let site = Site {
        service_url: get(&row, "service_url")?,
        call_server: get(&row, "call_server")?,
        call_server_rpc: get(&row, "call_server_rpc")?,
        push_user: get(&row, "push_user")?,
        push_password: get(&row, "push_password")?,
        time_zone: get(&row, "time_zone")?,
    };
    let log_out_rules = LogOutRules {
        at: get::<String>(&row, "log_out_at")?.parse().map_err(error::bad_row)?,
        at_since: UtcMillis(get(&row, "log_out_since_ms")?),
        idle_minutes: get(&row, "idle_minutes")?,
    };
    let pin_rules = PinRules {
        min_length: get(&row, "pin_min_length")?,
        history: get(&row, "pin_history")?,
        allows_trivial: get(&row, "pin_allows_trivial")?,
    };
    let emcc = EmccSettings {
        active: get(&row, "emcc_active")?,
        enable_new: get(&row, "emcc_enable_new")?,
    };
    let values: Vec<(String, String)> =
        sqlx::query_as("SELECT name, value FROM service_parameters")
            .fetch_all(&mut *connection)
            .await
            .map_err(error::store)?;
    let mut parameters = ServiceParameters::default();
    // A parameter or value of a newer program stays stored, and here the default is in force.
    let passed_over = values
        .into_iter()
        .filter_map(|(name, value)| parameters.set(&name, &value).err().map(|_| name));
    let passed_over = passed_over.collect();
    let remote_clusters = records::all(connection).await?;
    Ok(Configuration {
        version,
        release,
        parameters,
        retention,
        log_out_rules,
        pin_rules,
        emcc,
        site,
        remote_clusters,
        passed_over,
    })
}

/// Moves the configuration to its next version.
pub(crate) async fn move_on(tx: &mut SqliteConnection) -> Result<Version, StoreError> {
    let version: i64 =
        sqlx::query_scalar("UPDATE configuration SET version = version + 1 RETURNING version")
            .fetch_one(tx)
            .await
            .map_err(error::store)?;
    Ok(Version(rows::count(version)?))
}

/// Writes the cluster's release.
pub(crate) async fn set_release(
    tx: &mut SqliteConnection,
    release: Release,
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE configuration SET release = ?").bind(release.to_string());
    query.execute(tx).await.map(drop).map_err(error::store)
}

/// Writes the retention times and the rate of log-outs.
pub(crate) async fn set_retention(
    tx: &mut SqliteConnection,
    retention: Retention,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE configuration SET history_days = ?, audit_days = ?, event_days = ?,
                refusal_days = ?, log_outs_per_second = ?",
    )
    .bind(retention.history_days)
    .bind(retention.audit_days)
    .bind(retention.event_days)
    .bind(retention.refusal_days)
    .bind(retention.log_outs_per_second)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}

/// Writes when the cluster logs users out by itself.
pub(crate) async fn set_log_out_rules(
    tx: &mut SqliteConnection,
    rules: LogOutRules,
) -> Result<(), StoreError> {
    let sql = "UPDATE configuration SET log_out_at = ?, log_out_since_ms = ?, idle_minutes = ?";
    sqlx::query(sql)
        .bind(rules.at.to_string())
        .bind(rules.at_since.0)
        .bind(rules.idle_minutes)
        .execute(tx)
        .await
        .map(drop)
        .map_err(error::store)
}

/// Writes the rules for PINs that users choose.
pub(crate) async fn set_pin_rules(
    tx: &mut SqliteConnection,
    rules: PinRules,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE configuration SET pin_min_length = ?, pin_history = ?, pin_allows_trivial = ?",
    )
    .bind(rules.min_length)
    .bind(rules.history)
    .bind(rules.allows_trivial)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}

/// Writes the settings of EMCC that hold for all remote clusters.
pub(crate) async fn set_emcc(
    tx: &mut SqliteConnection,
    settings: EmccSettings,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE configuration SET emcc_active = ?, emcc_enable_new = ?")
        .bind(settings.active)
        .bind(settings.enable_new)
        .execute(tx)
        .await
        .map(drop)
        .map_err(error::store)
}

/// Reads the moment up to which times of the day have logged users out.
pub(crate) async fn clock_until(tx: &mut SqliteConnection) -> Result<UtcMillis, StoreError> {
    let query = sqlx::query_scalar("SELECT clock_until_ms FROM configuration");
    query.fetch_one(tx).await.map(UtcMillis).map_err(error::store)
}

/// Writes that moment.
pub(crate) async fn set_clock_until(
    tx: &mut SqliteConnection,
    until: UtcMillis,
) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE configuration SET clock_until_ms = ?").bind(until.0);
    query.execute(tx).await.map(drop).map_err(error::store)
}

/// Writes the site's settings for phones.
pub(crate) async fn set_site(tx: &mut SqliteConnection, site: &Site) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE configuration SET service_url = ?, call_server = ?, call_server_rpc = ?,
                push_user = ?, push_password = ?, time_zone = ?",
    )
    .bind(&site.service_url)
    .bind(&site.call_server)
    .bind(&site.call_server_rpc)
    .bind(&site.push_user)
    .bind(&site.push_password)
    .bind(&site.time_zone)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}

/// Writes the value of a service parameter.
pub(crate) async fn set_parameter(
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
    .map(drop)
    .map_err(error::store)
}

/// Reads the cluster's id; empty before its first start.
pub(crate) async fn cluster_id(tx: &mut SqliteConnection) -> Result<String, StoreError> {
    let query = sqlx::query_scalar("SELECT cluster_id FROM configuration");
    query.fetch_one(tx).await.map_err(error::store)
}

/// Writes the cluster's id.
pub(crate) async fn set_cluster_id(tx: &mut SqliteConnection, id: &str) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE configuration SET cluster_id = ?").bind(id);
    query.execute(tx).await.map(drop).map_err(error::store)
}
