//! Jobs that end many logins, step by step.

use engine::{
    Actor, Ending, Job, JobId, JobState, Login, NewJob, Scope, UtcMillis, ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};
use terms::{EndCause, LoginType};
use uuid::Uuid;

use super::sweep::end_all;
use crate::{
    error,
    notes::Notes,
    rows::{self, LOGIN_COLUMNS, get, named, open_login_json},
};

/// A scope as a condition on an open login `l`, with what it compares: `?1` text, `?2` a number,
/// `?3` the type. `?4` is the moment from which on logins are out of it, `?5` is the caller's.
struct Condition {
    sql: &'static str,
    text: String,
    number: i64,
    login_type: Option<&'static str>,
}

impl Condition {
    fn of(scope: &Scope) -> Result<Self, StoreError> {
        let nothing = Self { sql: "", text: String::new(), number: 0, login_type: None };
        Ok(match scope {
            Scope::Selected { ids } => Self {
                sql: "l.id IN (SELECT value FROM json_each(?1)) AND l.from_ms <= ?4",
                text: serde_json::to_string(ids).map_err(error::bad_row)?,
                ..nothing
            },
            Scope::Matching { filter } => Self {
                sql: "instr(l.search, ?1) > 0 AND l.type = coalesce(?3, l.type) AND l.from_ms <= ?4",
                text: filter.needle(),
                login_type: filter.login_type.map(LoginType::name),
                ..nothing
            },
            // The newest login of a user is the one after which there is none; the id breaks a tie.
            Scope::Extra => Self {
                sql: "l.from_ms <= ?4
                      AND EXISTS (SELECT 1 FROM logins n WHERE n.ended_ms IS NULL
                                     AND n.user_key = l.user_key
                                     AND (n.from_ms, n.id) > (l.from_ms, l.id))",
                ..nothing
            },
            Scope::PastLimit { minutes } => Self {
                sql: "l.limit_source = 'system' AND l.from_ms <= ?4 - ?2 * 60000",
                number: i64::from(*minutes),
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
    let Condition { sql, text, number, login_type } = Condition::of(scope)?;
    let sql = format!("SELECT count(*) FROM logins l WHERE l.ended_ms IS NULL AND {sql}");
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(text)
        .bind(number)
        .bind(login_type)
        .bind(now.0)
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
    let Condition { sql, text, number, login_type } = Condition::of(scope)?;
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins l WHERE l.ended_ms IS NULL AND {sql}
          ORDER BY l.user_key, l.from_ms, l.id LIMIT ?5"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(text)
        .bind(number)
        .bind(login_type)
        .bind(now.0)
        .bind(i64::try_from(limit).map_err(error::bad_row)?)
        .fetch_all(connection)
        .await
        .map_err(error::store)?;
    found.iter().map(rows::login).collect()
}

pub(crate) async fn make(
    tx: &mut SqliteConnection,
    job: NewJob,
    now: UtcMillis,
) -> Result<Job, StoreError> {
    let total = open_in(tx, &job.scope, now).await?;
    let NewJob { id, scope, cause, reason, by } = job;
    let made = Job { id, cause, reason, by, made: now, total, ended: 0, state: JobState::Running };
    sqlx::query(
        "INSERT INTO jobs (id, made_ms, scope, cause, reason, actor_kind, actor, address, total,
                           ended, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'running')",
    )
    .bind(id.0.to_string())
    .bind(now.0)
    .bind(serde_json::to_string(&scope).map_err(error::bad_row)?)
    .bind(cause.name())
    .bind(&made.reason)
    .bind(made.by.kind.name())
    .bind(&made.by.name)
    .bind(&made.by.address)
    .bind(i64::try_from(total).map_err(error::bad_row)?)
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    let mut notes = Notes::default();
    note(&mut notes, &made, "begin_log_outs", &made.by, now);
    notes.write(tx).await?;
    Ok(made)
}

fn note(notes: &mut Notes, job: &Job, action: &'static str, by: &Actor, now: UtcMillis) {
    let Job { total, ended, cause, reason, .. } = job;
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let detail = format!("{ended} of {total} ended, {}{because}", cause.name());
    notes.audit(now, by, action, format!("job {}", job.id.0), detail);
}

const COLUMNS: &str =
    "id, made_ms, scope, cause, reason, actor_kind, actor, address, total, ended, state";

fn read(row: &SqliteRow) -> Result<(Job, Scope), StoreError> {
    let id: String = get(row, "id")?;
    let scope: String = get(row, "scope")?;
    let job = Job {
        id: JobId(id.parse::<Uuid>().map_err(error::bad_row)?),
        cause: named!(EndCause, get(row, "cause")?)?,
        reason: get(row, "reason")?,
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        made: UtcMillis(get(row, "made_ms")?),
        total: rows::count(get(row, "total")?)?,
        ended: rows::count(get(row, "ended")?)?,
        state: named!(JobState, get(row, "state")?)?,
    };
    Ok((job, rows::json(&scope)?))
}

pub(crate) async fn find(
    connection: &mut SqliteConnection,
    id: JobId,
) -> Result<Option<(Job, Scope)>, StoreError> {
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
    rows.iter().map(|row| read(row).map(|(job, _)| job)).collect()
}

pub(crate) async fn step(
    tx: &mut SqliteConnection,
    id: JobId,
    now: UtcMillis,
    limit: u32,
) -> Result<Option<(Job, u32)>, StoreError> {
    let Some((mut job, scope)) = find(tx, id).await? else { return Ok(None) };
    if job.state != JobState::Running {
        return Ok(Some((job, 0)));
    }
    let Condition { sql, text, number, login_type } = Condition::of(&scope)?;
    let sql = format!(
        "SELECT {} FROM logins l WHERE l.ended_ms IS NULL AND {sql}
          ORDER BY l.from_ms LIMIT ?5",
        open_login_json!()
    );
    let open: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(text)
        .bind(number)
        .bind(login_type)
        .bind(job.made.0)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    let ending = Ending { cause: job.cause, by: &job.by, reason: &job.reason };
    let ended = end_all(tx, &open, ending, now).await?;
    job.ended += u64::from(ended);
    if ended < limit {
        job.state = JobState::Done;
        let mut notes = Notes::default();
        note(&mut notes, &job, "finish_log_outs", &job.by, now);
        notes.write(tx).await?;
    }
    update(tx, &job).await?;
    Ok(Some((job, ended)))
}

pub(crate) async fn cancel(
    tx: &mut SqliteConnection,
    id: JobId,
    actor: Actor,
    now: UtcMillis,
) -> Result<Option<Job>, StoreError> {
    let Some((mut job, _)) = find(tx, id).await? else { return Ok(None) };
    if job.state == JobState::Running {
        job.state = JobState::Cancelled;
        let mut notes = Notes::default();
        note(&mut notes, &job, "cancel_log_outs", &actor, now);
        notes.write(tx).await?;
        update(tx, &job).await?;
    }
    Ok(Some(job))
}

async fn update(tx: &mut SqliteConnection, job: &Job) -> Result<(), StoreError> {
    sqlx::query("UPDATE jobs SET ended = ?, state = ? WHERE id = ?")
        .bind(i64::try_from(job.ended).map_err(error::bad_row)?)
        .bind(job.state.name())
        .bind(job.id.0.to_string())
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(())
}
