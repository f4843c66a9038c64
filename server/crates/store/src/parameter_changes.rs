//! The history of service parameters.

use engine::{Actor, ParameterChange, UtcMillis, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use terms::{Named, Parameter};

use crate::{
    error,
    rows::{self, get},
};

const COLUMNS: &str =
    "number, at_ms, actor_kind, actor, address, parameter, old_value, new_value, note";

fn change(row: &SqliteRow) -> Result<ParameterChange, StoreError> {
    let name: String = get(row, "parameter")?;
    Ok(ParameterChange {
        number: rows::count(get(row, "number")?)?,
        at: UtcMillis(get(row, "at_ms")?),
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        parameter: Parameter::from_name(&name)
            .ok_or_else(|| StoreError::BadRow(format!("{name:?} is no parameter")))?,
        from: get(row, "old_value")?,
        to: get(row, "new_value")?,
        note: get(row, "note")?,
    })
}

pub(crate) async fn history(
    pool: &SqlitePool,
    offset: u32,
    limit: u32,
) -> Result<(Vec<ParameterChange>, u64), StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM parameter_changes")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let sql =
        format!("SELECT {COLUMNS} FROM parameter_changes ORDER BY number DESC LIMIT ? OFFSET ?");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(limit)
        .bind(offset)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    Ok((found.iter().map(change).collect::<Result<_, _>>()?, rows::count(all)?))
}

/// The last change of each parameter that was ever changed.
pub(crate) async fn last_changes(pool: &SqlitePool) -> Result<Vec<ParameterChange>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parameter_changes
          WHERE number IN (SELECT max(number) FROM parameter_changes GROUP BY parameter)"
    );
    let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await.map_err(error::store)?;
    found.iter().map(change).collect()
}

pub(crate) async fn one_change(
    pool: &SqlitePool,
    number: u64,
) -> Result<Option<ParameterChange>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM parameter_changes WHERE number = ?");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(i64::try_from(number).unwrap_or(i64::MAX))
        .fetch_optional(pool)
        .await
        .map_err(error::store)?;
    row.as_ref().map(change).transpose()
}

/// Writes a change.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    at: UtcMillis,
    by: &Actor,
    parameter: Parameter,
    (from, to): (&str, &str),
    note: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO parameter_changes
            (at_ms, actor_kind, actor, address, parameter, old_value, new_value, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(at.0)
    .bind(by.kind.name())
    .bind(&by.name)
    .bind(&by.address)
    .bind(parameter.name())
    .bind(from)
    .bind(to)
    .bind(note)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}

/// The actor and the time of a parameter's last change.
pub(crate) async fn last_of(
    tx: &mut SqliteConnection,
    parameter: Parameter,
) -> Result<Option<(Actor, UtcMillis)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM parameter_changes WHERE parameter = ? ORDER BY number DESC LIMIT 1"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(parameter.name())
        .fetch_optional(tx)
        .await
        .map_err(error::store)?;
    row.as_ref().map(change).transpose().map(|change| change.map(|change| (change.by, change.at)))
}
