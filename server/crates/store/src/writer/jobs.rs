//! Jobs that end many logins.

use engine::{Job, JobId, JobState, Login, LoginId, Scope, UtcMillis, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};
use terms::Named;
use uuid::Uuid;

use crate::{
    error,
    rows::{self, OpenRow, get, named, open_login_json},
    selection,
};

/// Writes a job with the logins that it ends.
pub(super) async fn insert(
    tx: &mut SqliteConnection,
    job: &Job,
    scope: &Scope,
    logins: &[LoginId],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO jobs (id, made_ms, scope, cause, reason, actor_kind, actor, address, total,
                           ended, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(job.id.0.to_string())
    .bind(job.made.0)
    .bind(serde_json::to_string(scope).map_err(error::bad_row)?)
    .bind(job.cause.name())
    .bind(&job.reason)
    .bind(job.by.kind.name())
    .bind(&job.by.name)
    .bind(&job.by.address)
    .bind(i64::try_from(job.total).map_err(error::bad_row)?)
    .bind(i64::try_from(job.ended).map_err(error::bad_row)?)
    .bind(job.state.name())
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    list(tx, job.id, logins).await
}

/// Writes the list of the logins that a job ends, in their order.
async fn list(tx: &mut SqliteConnection, id: JobId, logins: &[LoginId]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO job_logins (job, number, login)
         SELECT ?1, key + 1, value FROM json_each(?2) ORDER BY key",
    )
    .bind(id.0.to_string())
    .bind(serde_json::to_string(logins).map_err(error::bad_row)?)
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    sqlx::query("UPDATE jobs SET position = 0 WHERE id = ?")
        .bind(id.0.to_string())
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(())
}

/// Takes the next logins of a job that are still open, in the order of the job's list.
pub(super) async fn next(
    tx: &mut SqliteConnection,
    id: JobId,
    limit: u32,
) -> Result<Vec<Login>, StoreError> {
    list_if_it_is_older(tx, id).await?;
    let found: Vec<(i64, String)> = sqlx::query_as(concat!(
        "SELECT j.number, ",
        open_login_json!(),
        " FROM job_logins j JOIN logins l ON l.id = j.login
          WHERE j.job = ?1 AND l.ended_ms IS NULL
            AND j.number > (SELECT position FROM jobs WHERE id = ?1)
          ORDER BY j.number LIMIT ?2"
    ))
    .bind(id.0.to_string())
    .bind(limit)
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    if let Some((number, _)) = found.last() {
        sqlx::query("UPDATE jobs SET position = ? WHERE id = ?")
            .bind(number)
            .bind(id.0.to_string())
            .execute(tx)
            .await
            .map_err(error::store)?;
    }
    found.iter().map(|(_, row)| rows::json::<OpenRow>(row)?.try_into()).collect()
}

/// Writes the list of a job that an older program made without a list.
/// The list has the logins that were open when the job was made.
async fn list_if_it_is_older(tx: &mut SqliteConnection, id: JobId) -> Result<(), StoreError> {
    let older: Option<(String, i64)> =
        sqlx::query_as("SELECT scope, made_ms FROM jobs WHERE id = ? AND position IS NULL")
            .bind(id.0.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(error::store)?;
    let Some((scope, made)) = older else { return Ok(()) };
    let then = rows::json::<Scope>(&scope)?.selection_at(UtcMillis(made));
    let logins = selection::ids(tx, &then).await?;
    list(tx, id, &logins).await
}

const COLUMNS: &str = "id, made_ms, cause, reason, actor_kind, actor, address, total, ended, state";

fn read(row: &SqliteRow) -> Result<Job, StoreError> {
    let id: String = get(row, "id")?;
    Ok(Job {
        id: JobId(id.parse::<Uuid>().map_err(error::bad_row)?),
        cause: named(&get::<String>(row, "cause")?)?,
        reason: get(row, "reason")?,
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        made: UtcMillis(get(row, "made_ms")?),
        total: rows::count(get(row, "total")?)?,
        ended: rows::count(get(row, "ended")?)?,
        state: named(&get::<String>(row, "state")?)?,
    })
}

pub(crate) async fn find(
    connection: &mut SqliteConnection,
    id: JobId,
) -> Result<Option<Job>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.0.to_string())
        .fetch_optional(connection)
        .await
        .map_err(error::store)?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn running(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<Job>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM jobs WHERE state = 'running' ORDER BY made_ms LIMIT ?");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(limit)
        .fetch_all(connection)
        .await
        .map_err(error::store)?;
    rows.iter().map(read).collect()
}

/// Writes the progress and the state of a job, and deletes the list of a job that no longer runs.
pub(super) async fn update(tx: &mut SqliteConnection, job: &Job) -> Result<(), StoreError> {
    sqlx::query("UPDATE jobs SET ended = ?, state = ? WHERE id = ?")
        .bind(i64::try_from(job.ended).map_err(error::bad_row)?)
        .bind(job.state.name())
        .bind(job.id.0.to_string())
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    if job.state != JobState::Running {
        sqlx::query("DELETE FROM job_logins WHERE job = ?")
            .bind(job.id.0.to_string())
            .execute(tx)
            .await
            .map_err(error::store)?;
    }
    Ok(())
}
