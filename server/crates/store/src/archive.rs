//! What an administrator looks back at, and what is forgotten in time.

use engine::{
    AuditPage, AuditQuery, AuditRow, DeviceProfile, EndedLogin, Event, HistoryPage, HistoryQuery,
    Line, Login, Phone, PhoneDetail, RefusalCounts, SpeedDial, Upkeep, UtcMillis, effective,
    ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use terms::{ActorKind, EndCause};

use crate::{
    error, reads,
    rows::{self, ENDED_COLUMNS, LOGIN_COLUMNS, get},
};

/// A condition on a text column `search`, a time column and a name column, all of them optional.
fn condition(find: &str, time: &str, name: Option<&str>) -> String {
    let mut sql = format!("{time} >= ?2 AND {time} < ?3");
    if !find.is_empty() {
        sql.push_str(" AND instr(search, ?1) > 0");
    }
    if let Some(name) = name {
        sql.push_str(" AND ");
        sql.push_str(name);
        sql.push_str(" = ?4");
    }
    sql
}

/// The moments between which rows are wanted.
fn between(since: Option<UtcMillis>, before: Option<UtcMillis>) -> (i64, i64) {
    (since.map_or(i64::MIN, |since| since.0), before.map_or(i64::MAX, |before| before.0))
}

pub(crate) async fn history(
    pool: &SqlitePool,
    query: &HistoryQuery,
) -> Result<HistoryPage, StoreError> {
    let cause = query.cause.map(EndCause::name);
    let condition = condition(&query.find, "ended_ms", cause.map(|_| "cause"));
    let (since, before) = between(query.since, query.before);
    let mut tx = pool.begin().await.map_err(error::store)?;
    // ended_ms is named, so that the index of ended logins serves.
    let sql = format!("SELECT count(*) FROM logins WHERE ended_ms IS NOT NULL AND {condition}");
    let matching: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(&query.find)
        .bind(since)
        .bind(before)
        .bind(cause)
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let matching = rows::count(matching)?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(HistoryPage { rows: Vec::new(), matching });
    }
    // The page is found in the index; only its own rows are fetched.
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM logins WHERE rowid IN (
             SELECT rowid FROM logins WHERE ended_ms IS NOT NULL AND {condition}
              ORDER BY ended_ms DESC, rowid DESC LIMIT ?5 OFFSET ?6)
          ORDER BY ended_ms DESC, rowid DESC"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(&query.find)
        .bind(since)
        .bind(before)
        .bind(cause)
        .bind(query.limit)
        .bind(query.offset)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    Ok(HistoryPage { rows: found.iter().map(rows::ended).collect::<Result<_, _>>()?, matching })
}

pub(crate) async fn ended_on_phone(
    pool: &SqlitePool,
    phone: &str,
    limit: u32,
) -> Result<Vec<EndedLogin>, StoreError> {
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM logins WHERE ended_ms IS NOT NULL AND phone = ?
          ORDER BY ended_ms DESC, rowid DESC LIMIT ?"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(phone)
        .bind(limit)
        .fetch_all(pool)
        .await
        .map_err(error::store)?;
    found.iter().map(rows::ended).collect()
}

pub(crate) async fn audit(pool: &SqlitePool, query: &AuditQuery) -> Result<AuditPage, StoreError> {
    let kind = query.by.map(ActorKind::name);
    let condition = condition(&query.find, "at_ms", kind.map(|_| "actor_kind"));
    let (since, before) = between(query.since, query.before);
    let mut tx = pool.begin().await.map_err(error::store)?;
    let sql = format!("SELECT count(*) FROM audit WHERE {condition}");
    let matching: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(&query.find)
        .bind(since)
        .bind(before)
        .bind(kind)
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let matching = rows::count(matching)?;
    if matching <= u64::from(query.offset) {
        return Ok(AuditPage { rows: Vec::new(), matching });
    }
    let sql = format!(
        "SELECT at_ms, actor_kind, actor, address, action, subject, detail FROM audit
          WHERE number IN (SELECT number FROM audit WHERE {condition}
                            ORDER BY at_ms DESC, number DESC LIMIT ?5 OFFSET ?6)
          ORDER BY at_ms DESC, number DESC"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(&query.find)
        .bind(since)
        .bind(before)
        .bind(kind)
        .bind(query.limit)
        .bind(query.offset)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    Ok(AuditPage { rows: found.iter().map(audit_row).collect::<Result<_, _>>()?, matching })
}

fn audit_row(row: &SqliteRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        at: UtcMillis(get(row, "at_ms")?),
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        action: get(row, "action")?,
        subject: get(row, "subject")?,
        detail: get(row, "detail")?,
    })
}

/// Refusals are counted up to this many: past it the exact number says nothing more.
const MAX_COUNTED: u32 = 100_000;

pub(crate) async fn refusals_since(
    pool: &SqlitePool,
    since: UtcMillis,
) -> Result<RefusalCounts, StoreError> {
    let counts: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT code, count(*) FROM (
             SELECT body ->> 'code' AS code FROM events
              WHERE body ->> 'event' = 'refused' AND at_ms > ? LIMIT ?)
          GROUP BY code ORDER BY 2 DESC, 1",
    )
    .bind(since.0)
    .bind(MAX_COUNTED)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    counts
        .into_iter()
        .map(|(code, count)| {
            Ok((u16::try_from(code).map_err(error::bad_row)?, rows::count(count)?))
        })
        .collect()
}

pub(crate) async fn last_events(pool: &SqlitePool, limit: u32) -> Result<Vec<Event>, StoreError> {
    let found = sqlx::query(
        "SELECT number, at_ms, body FROM events WHERE body ->> 'event' <> 'configuration_changed'
          ORDER BY number DESC LIMIT ?",
    )
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    found.iter().map(reads::event).collect()
}

pub(crate) async fn phone_detail(
    pool: &SqlitePool,
    name: &str,
) -> Result<Option<PhoneDetail>, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let row = sqlx::query(
        "SELECT name, model, description, extension_mobility, address, lines, speed_dials, last_user
           FROM phones WHERE name = ?",
    )
    .bind(name)
    .fetch_optional(&mut *tx)
    .await
    .map_err(error::store)?;
    let Some(row) = row else { return Ok(None) };
    let (lines, speed_dials) = lines_and_dials(&row)?;
    let phone = Phone {
        name: get(&row, "name")?,
        model: get(&row, "model")?,
        description: get(&row, "description")?,
        extension_mobility: get(&row, "extension_mobility")?,
        address: get(&row, "address")?,
        lines,
        speed_dials,
        last_user: get(&row, "last_user")?,
    };
    let login = open_login(&mut tx, name).await?;
    let profile = match &login {
        Some(login) => device_profile(&mut tx, &login.profile).await?,
        None => None,
    };
    let as_of: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM events")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let effective = effective(&phone, login.as_ref(), profile.as_ref());
    Ok(Some(PhoneDetail { phone, login, effective, as_of: rows::count(as_of)? }))
}

async fn open_login(
    connection: &mut SqliteConnection,
    phone: &str,
) -> Result<Option<Login>, StoreError> {
    let sql = format!("SELECT {LOGIN_COLUMNS} FROM logins WHERE ended_ms IS NULL AND phone = ?");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(phone)
        .fetch_optional(connection)
        .await
        .map_err(error::store)?;
    row.as_ref().map(rows::login).transpose()
}

async fn device_profile(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<DeviceProfile>, StoreError> {
    let sql = "SELECT name, model, lines, speed_dials FROM device_profiles WHERE name = ?";
    let row = sqlx::query(sql).bind(name).fetch_optional(connection).await.map_err(error::store)?;
    let Some(row) = row else { return Ok(None) };
    let (lines, speed_dials) = lines_and_dials(&row)?;
    let (name, model) = (get(&row, "name")?, get(&row, "model")?);
    Ok(Some(DeviceProfile { name, model, lines, speed_dials }))
}

fn lines_and_dials(row: &SqliteRow) -> Result<(Vec<Line>, Vec<SpeedDial>), StoreError> {
    let (lines, dials): (String, String) = (get(row, "lines")?, get(row, "speed_dials")?);
    Ok((rows::json(&lines)?, rows::json(&dials)?))
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Forgets at most `limit` rows of each kind; says how many it forgot.
pub(crate) async fn forget(
    tx: &mut SqliteConnection,
    upkeep: Upkeep,
    now: UtcMillis,
    limit: u32,
) -> Result<u64, StoreError> {
    let statements = [
        (
            "DELETE FROM logins WHERE rowid IN (SELECT rowid FROM logins
              WHERE ended_ms IS NOT NULL AND ended_ms < ? LIMIT ?)",
            upkeep.history_days,
        ),
        (
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at_ms < ? LIMIT ?)",
            upkeep.audit_days,
        ),
        (
            "DELETE FROM events WHERE number IN (SELECT number FROM events WHERE at_ms < ? LIMIT ?)",
            upkeep.event_days,
        ),
        (
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs
              WHERE made_ms < ? AND state <> 'running' LIMIT ?)",
            upkeep.audit_days,
        ),
    ];
    let mut forgotten = 0;
    for (sql, days) in statements {
        let deleted = sqlx::query(sql)
            .bind(now.0 - i64::from(days) * DAY_MS)
            .bind(limit)
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
        forgotten += deleted.rows_affected();
    }
    Ok(forgotten)
}
