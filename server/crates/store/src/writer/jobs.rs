//! Jobs that end many logins, and which logins are open in a scope.

use engine::{
    Job, JobId, JobState, Login, LoginId, OpenLogin, Scope, UtcMillis, ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};
use terms::{EndCause, LoginType};
use uuid::Uuid;

use crate::{
    error,
    rows::{self, LOGIN_COLUMNS, OpenRow, get, named, open_login_json},
};

/// A scope as a condition on an open login `l`, with what it compares: `?1` text, `?2` a moment, `?3`
/// the type. `?4` is the caller's.
struct Condition {
    sql: &'static str,
    text: String,
    moment: i64,
    login_type: Option<&'static str>,
}

impl Condition {
    fn of(scope: &Scope, now: UtcMillis) -> Result<Self, StoreError> {
        let nothing = Self { sql: "", text: String::new(), moment: 0, login_type: None };
        Ok(match scope {
            Scope::Selected { ids } => Self {
                sql: "l.id IN (SELECT value FROM json_each(?1))",
                text: serde_json::to_string(ids).map_err(error::bad_row)?,
                ..nothing
            },
            Scope::Matching { filter } => Self {
                sql: "instr(l.search, ?1) > 0 AND l.type = coalesce(?3, l.type)",
                text: filter.needle(),
                login_type: filter.login_type.map(LoginType::name),
                ..nothing
            },
            // The newest login of a user is the one after which there is none; the id breaks a tie.
            Scope::Extra => Self {
                sql: "EXISTS (SELECT 1 FROM logins n WHERE n.ended_ms IS NULL
                                 AND n.user_key = l.user_key
                                 AND (n.from_ms, n.id) > (l.from_ms, l.id))",
                ..nothing
            },
            Scope::PastLimit { minutes } => Self {
                sql: "l.limit_source = 'system' AND l.from_ms <= ?2",
                moment: now.0 - i64::from(*minutes) * 60_000,
                ..nothing
            },
        })
    }
}

/// How many logins are open in a scope.
pub(crate) async fn open_in(
    connection: &mut SqliteConnection,
    scope: &Scope,
    now: UtcMillis,
) -> Result<u64, StoreError> {
    let Condition { sql, text, moment, login_type } = Condition::of(scope, now)?;
    let sql = format!("SELECT count(*) FROM logins l WHERE l.ended_ms IS NULL AND {sql}");
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(text)
        .bind(moment)
        .bind(login_type)
        .fetch_one(connection)
        .await
        .map_err(error::store)?;
    rows::count(count)
}

/// The first of the logins that are open in a scope, by user.
pub(crate) async fn open_logins_in(
    connection: &mut SqliteConnection,
    scope: &Scope,
    now: UtcMillis,
    limit: usize,
) -> Result<Vec<Login>, StoreError> {
    let Condition { sql, text, moment, login_type } = Condition::of(scope, now)?;
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins l WHERE l.ended_ms IS NULL AND {sql}
          ORDER BY l.user_key, l.from_ms, l.id LIMIT ?4"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(text)
        .bind(moment)
        .bind(login_type)
        .bind(i64::try_from(limit).map_err(error::bad_row)?)
        .fetch_all(connection)
        .await
        .map_err(error::store)?;
    found.iter().map(rows::login).collect()
}

/// The identities of the logins that are open in a scope, the oldest first; of those that began until
/// `made`, if a job was made then.
pub(super) async fn ids_in(
    connection: &mut SqliteConnection,
    scope: &Scope,
    now: UtcMillis,
    made: Option<UtcMillis>,
) -> Result<Vec<LoginId>, StoreError> {
    let Condition { sql, text, moment, login_type } = Condition::of(scope, now)?;
    let sql = format!(
        "SELECT l.id FROM logins l WHERE l.ended_ms IS NULL AND {sql} AND l.from_ms <= ?4
          ORDER BY l.from_ms, l.id"
    );
    let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(text)
        .bind(moment)
        .bind(login_type)
        .bind(made.map_or(i64::MAX, |made| made.0))
        .fetch_all(connection)
        .await
        .map_err(error::store)?;
    ids.iter().map(|id| rows::login_id(id)).collect()
}

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

/// Writes down which logins a job ends, in their order.
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

/// Takes the next logins of a job that are open still, in the order of its list.
pub(super) async fn next(
    tx: &mut SqliteConnection,
    id: JobId,
    limit: u32,
) -> Result<Vec<OpenLogin>, StoreError> {
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

/// A job of a program that kept no lists gets its list at its next step: it ends what was open when it
/// was made.
async fn list_if_it_is_older(tx: &mut SqliteConnection, id: JobId) -> Result<(), StoreError> {
    let older: Option<(String, i64)> =
        sqlx::query_as("SELECT scope, made_ms FROM jobs WHERE id = ? AND position IS NULL")
            .bind(id.0.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(error::store)?;
    let Some((scope, made)) = older else { return Ok(()) };
    let (scope, made) = (rows::json::<Scope>(&scope)?, UtcMillis(made));
    let logins = ids_in(tx, &scope, made, Some(made)).await?;
    list(tx, id, &logins).await
}

const COLUMNS: &str = "id, made_ms, cause, reason, actor_kind, actor, address, total, ended, state";

fn read(row: &SqliteRow) -> Result<Job, StoreError> {
    let id: String = get(row, "id")?;
    Ok(Job {
        id: JobId(id.parse::<Uuid>().map_err(error::bad_row)?),
        cause: EndCause::stored(&get::<String>(row, "cause")?),
        reason: get(row, "reason")?,
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        made: UtcMillis(get(row, "made_ms")?),
        total: rows::count(get(row, "total")?)?,
        ended: rows::count(get(row, "ended")?)?,
        state: named!(JobState, get(row, "state")?)?,
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

/// Writes how a job stands. One that does not go on needs its list no more.
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
