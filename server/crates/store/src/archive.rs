//! What an administrator looks back at, and what is forgotten in time.

use engine::{
    AuditPage, AuditQuery, AuditRow, Cursor, DeviceProfile, EndedLogin, Event, HistoryPage,
    HistoryQuery, Line, Login, Phone, PhoneDetail, RefusalCounts, SpeedDial, Upkeep, UtcMillis,
    effective, ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use terms::{ActorKind, EndCause};

use crate::{
    error, reads,
    rows::{self, ENDED_COLUMNS, LOGIN_COLUMNS, get},
};

/// A table that is read from its latest row to its earliest, and the index that serves it: of the
/// time, the kind and `search`.
struct Table {
    name: &'static str,
    columns: &'static str,
    time: &'static str,
    kind: &'static str,
}

const ENDED: Table =
    Table { name: "logins", columns: ENDED_COLUMNS, time: "ended_ms", kind: "cause" };
const AUDIT: Table = Table {
    name: "audit",
    columns: "at_ms, actor_kind, actor, address, action, subject, detail",
    time: "at_ms",
    kind: "actor_kind",
};

/// Which rows of a table.
struct Wanted<'q> {
    find: &'q str,
    kind: Option<&'static str>,
    since: i64,
    before: i64,
    from: Option<Cursor>,
}

impl<'q> Wanted<'q> {
    fn history(query: &'q HistoryQuery, from: Option<Cursor>) -> Self {
        let kind = query.cause.map(EndCause::name);
        Self::new(&query.find, kind, query.since, query.before, from)
    }

    fn audit(query: &'q AuditQuery, from: Option<Cursor>) -> Self {
        let kind = query.by.map(ActorKind::name);
        Self::new(&query.find, kind, query.since, query.before, from)
    }

    fn new(
        find: &'q str,
        kind: Option<&'static str>,
        since: Option<UtcMillis>,
        before: Option<UtcMillis>,
        from: Option<Cursor>,
    ) -> Self {
        let before = before.map_or(i64::MAX, |before| before.0);
        Self {
            find,
            kind,
            since: since.map_or(i64::MIN, |since| since.0),
            // So that a walk reads no more of the index than what is left of it.
            before: from.map_or(before, |from| before.min(from.at.0.saturating_add(1))),
            from,
        }
    }
}

impl Table {
    fn condition(&self, wanted: &Wanted<'_>) -> String {
        let Self { time, kind, .. } = self;
        // The first term lets the index of ended logins serve.
        let mut terms = vec![format!("{time} IS NOT NULL AND {time} >= ?2 AND {time} < ?3")];
        if !wanted.find.is_empty() {
            terms.push("instr(search, ?1) > 0".to_owned());
        }
        if wanted.kind.is_some() {
            terms.push(format!("{kind} = ?4"));
        }
        if wanted.from.is_some() {
            terms.push(format!("({time} < ?5 OR rowid < ?6)"));
        }
        terms.join(" AND ")
    }

    async fn count(
        &self,
        connection: &mut SqliteConnection,
        wanted: &Wanted<'_>,
    ) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", self.name, self.condition(wanted));
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(wanted.find)
            .bind(wanted.since)
            .bind(wanted.before)
            .bind(wanted.kind)
            .fetch_one(connection)
            .await
            .map_err(error::store)?;
        rows::count(count)
    }

    async fn rows(
        &self,
        connection: &mut SqliteConnection,
        wanted: &Wanted<'_>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let Self { name, columns, time, .. } = self;
        let condition = self.condition(wanted);
        // They are found in the index; only these are fetched.
        let sql = format!(
            "SELECT rowid AS cursor, {columns} FROM {name} WHERE rowid IN (
                 SELECT rowid FROM {name} WHERE {condition}
                  ORDER BY {time} DESC, rowid DESC LIMIT ?7 OFFSET ?8)
              ORDER BY {time} DESC, rowid DESC"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(wanted.find)
            .bind(wanted.since)
            .bind(wanted.before)
            .bind(wanted.kind)
            .bind(wanted.from.map(|from| from.at.0))
            .bind(wanted.from.map(|from| from.number))
            .bind(limit)
            .bind(offset)
            .fetch_all(connection)
            .await
            .map_err(error::store)
    }

    fn cursor(&self, row: &SqliteRow) -> Result<Cursor, StoreError> {
        Ok(Cursor { at: UtcMillis(get(row, self.time)?), number: get(row, "cursor")? })
    }
}

pub(crate) async fn history(
    pool: &SqlitePool,
    query: &HistoryQuery,
) -> Result<HistoryPage, StoreError> {
    let wanted = Wanted::history(query, None);
    let mut tx = pool.begin().await.map_err(error::store)?;
    let matching = ENDED.count(&mut tx, &wanted).await?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(HistoryPage { rows: Vec::new(), matching });
    }
    let found = ENDED.rows(&mut tx, &wanted, query.limit, query.offset).await?;
    Ok(HistoryPage { rows: found.iter().map(rows::ended).collect::<Result<_, _>>()?, matching })
}

pub(crate) async fn walk_history(
    pool: &SqlitePool,
    query: &HistoryQuery,
    from: Option<Cursor>,
) -> Result<Vec<(Cursor, EndedLogin)>, StoreError> {
    let mut connection = pool.acquire().await.map_err(error::store)?;
    let wanted = Wanted::history(query, from);
    let found = ENDED.rows(&mut connection, &wanted, query.limit, 0).await?;
    found.iter().map(|row| Ok((ENDED.cursor(row)?, rows::ended(row)?))).collect()
}

pub(crate) async fn ended_on_phone(
    pool: &SqlitePool,
    phone: &str,
    limit: u32,
) -> Result<Vec<EndedLogin>, StoreError> {
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM logins WHERE ended_ms IS NOT NULL AND phone_key = ?
          ORDER BY ended_ms DESC, rowid DESC LIMIT ?"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(rows::phone_key(phone))
        .bind(limit)
        .fetch_all(pool)
        .await
        .map_err(error::store)?;
    found.iter().map(rows::ended).collect()
}

pub(crate) async fn audit(pool: &SqlitePool, query: &AuditQuery) -> Result<AuditPage, StoreError> {
    let wanted = Wanted::audit(query, None);
    let mut tx = pool.begin().await.map_err(error::store)?;
    let matching = AUDIT.count(&mut tx, &wanted).await?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(AuditPage { rows: Vec::new(), matching });
    }
    let found = AUDIT.rows(&mut tx, &wanted, query.limit, query.offset).await?;
    Ok(AuditPage { rows: found.iter().map(audit_row).collect::<Result<_, _>>()?, matching })
}

pub(crate) async fn walk_audit(
    pool: &SqlitePool,
    query: &AuditQuery,
    from: Option<Cursor>,
) -> Result<Vec<(Cursor, AuditRow)>, StoreError> {
    let mut connection = pool.acquire().await.map_err(error::store)?;
    let wanted = Wanted::audit(query, from);
    let found = AUDIT.rows(&mut connection, &wanted, query.limit, 0).await?;
    found.iter().map(|row| Ok((AUDIT.cursor(row)?, audit_row(row)?))).collect()
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
    up_to: u64,
) -> Result<RefusalCounts, StoreError> {
    let counts: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT code, sum(times) FROM (
             SELECT body ->> 'code' AS code, coalesce(body ->> 'times', 1) AS times FROM events
              WHERE body ->> 'event' = 'refused' AND at_ms > ? AND number <= ? LIMIT ?)
          GROUP BY code ORDER BY 2 DESC, 1",
    )
    .bind(since.0)
    .bind(i64::try_from(up_to).unwrap_or(i64::MAX))
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
           FROM phones WHERE key = ?",
    )
    .bind(rows::phone_key(name))
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
    let sql =
        format!("SELECT {LOGIN_COLUMNS} FROM logins WHERE ended_ms IS NULL AND phone_key = ?");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(rows::phone_key(phone))
        .fetch_optional(connection)
        .await
        .map_err(error::store)?;
    row.as_ref().map(rows::login).transpose()
}

async fn device_profile(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<DeviceProfile>, StoreError> {
    let sql = "SELECT name, model, lines, speed_dials FROM device_profiles WHERE key = ?";
    let row = sqlx::query(sql)
        .bind(rows::key(name))
        .fetch_optional(connection)
        .await
        .map_err(error::store)?;
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
            "DELETE FROM refusals WHERE (minute, code, user, phone, by_kind, by_name, by_address) IN
                (SELECT minute, code, user, phone, by_kind, by_name, by_address FROM refusals
                  WHERE minute < ? / 60000 LIMIT ?)",
            upkeep.refusal_days,
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
