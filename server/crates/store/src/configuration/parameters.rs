//! Service parameters: changing them, and the history of their changes.

use engine::{
    Actor, Configuration, EventKind, Impact, ParameterChange, ParameterConflict, ParameterSave,
    ParametersSaved, Scope, UtcMillis, ports::StoreError,
};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use terms::{
    Parameter, Release, ServiceParameters,
    saving::{self, Typed},
};

use super::{Differences, move_on};
use crate::{
    error,
    in_force::read,
    notes::Notes,
    rows::{self, get},
    writer::jobs,
};

/// Sets exactly these values, with their history.
pub(super) async fn set(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    (before, release): (&ServiceParameters, Release),
    change: Typed,
    actor: &Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let mut after = before.clone();
    for (parameter, value) in change {
        after
            .set(parameter.name(), &value)
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        let old = before.value(parameter);
        if old == value {
            continue;
        }
        differences.compare(
            "service parameter",
            &[(parameter.name_at(release), old.to_owned(), value.clone())],
        );
        sqlx::query(
            "INSERT INTO service_parameters (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(parameter.name())
        .bind(&value)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
        sqlx::query(
            "INSERT INTO parameter_changes
                (at_ms, actor_kind, actor, address, parameter, old_value, new_value)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(now.0)
        .bind(actor.kind.name())
        .bind(&actor.name)
        .bind(&actor.address)
        .bind(parameter.name())
        .bind(old)
        .bind(&value)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

/// Saves parameters unless one of them is not as it was seen.
pub(crate) async fn save(
    tx: &mut SqliteConnection,
    changes: Vec<ParameterSave>,
    actor: Actor,
    now: UtcMillis,
) -> Result<(ParametersSaved, bool), StoreError> {
    let Configuration { parameters: before, release, .. } = read(tx).await?;
    let mut conflicts = Vec::new();
    for change in &changes {
        let current = before.value(change.parameter);
        if saving::is_conflict(&change.seen, &change.value, current) {
            let last = last_change(tx, change.parameter).await?;
            let (parameter, current) = (change.parameter, current.to_owned());
            conflicts.push(ParameterConflict { parameter, current, changed: last });
        }
    }
    if !conflicts.is_empty() {
        return Ok((ParametersSaved::Conflict(conflicts), false));
    }
    let values = changes.into_iter().map(|change| (change.parameter, change.value)).collect();
    let mut differences = Differences::default();
    set(tx, &mut differences, (&before, release), values, &actor, now).await?;
    let differences = differences.0;
    if differences.is_empty() {
        return Ok((ParametersSaved::Saved(differences), false));
    }
    let version = move_on(tx).await?;
    let mut notes = Notes::default();
    super::note(&mut notes, &differences, &actor, now);
    notes.event(now, &EventKind::ConfigurationChanged { version })?;
    notes.write(tx).await?;
    Ok((ParametersSaved::Saved(differences), true))
}

const COLUMNS: &str = "number, at_ms, actor_kind, actor, address, parameter, old_value, new_value";

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
    })
}

async fn last_change(
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

/// What a change would mean for the open logins.
pub(crate) async fn impact(
    pool: &SqlitePool,
    limit_minutes: u32,
    now: UtcMillis,
) -> Result<Impact, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let several = sqlx::query(
        "SELECT min(user) AS user, count(*) AS logins FROM logins WHERE ended_ms IS NULL
          GROUP BY user_key HAVING count(*) > 1 ORDER BY 2 DESC, 1",
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    let several = several
        .iter()
        .map(|row| Ok((get(row, "user")?, rows::count(row.try_get(1).map_err(error::store)?)?)))
        .collect::<Result<Vec<(String, u64)>, StoreError>>()?;
    let mut impact = Impact {
        several_users: several.len() as u64,
        extra_logins: several.iter().map(|(_, logins)| logins - 1).sum(),
        several: several.into_iter().take(Impact::NAMED as usize).collect(),
        ..Impact::default()
    };
    if limit_minutes > 0 {
        let scope = Scope::PastLimit { minutes: limit_minutes };
        impact.past_logins = jobs::open_in(&mut tx, &scope, now).await?;
        let past: Vec<(String, String)> = sqlx::query_as(
            "SELECT user, phone FROM logins WHERE ended_ms IS NULL AND limit_source = 'system'
                AND from_ms <= ? - ? * 60000 ORDER BY from_ms LIMIT ?",
        )
        .bind(now.0)
        .bind(limit_minutes)
        .bind(Impact::NAMED)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
        impact.past = past;
    }
    Ok(impact)
}
