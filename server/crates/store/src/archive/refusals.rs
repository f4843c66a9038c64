//! The list of refusals.

use engine::{Cursor, RefusalPage, RefusalQuery, RefusalRow, UtcMillis, ports::StoreError};
use sqlx::{
    AssertSqlSafe, Sqlite, SqliteConnection, SqlitePool, query::Query, sqlite::SqliteArguments,
    sqlite::SqliteRow,
};
use terms::ErrorCode;

use crate::{
    error, refusals,
    rows::{self, get},
    words::with_texts,
};

/// The place of the first word among the parameters of [`condition`].
const FIRST_WORD: usize = 5;

/// The condition of a query. `?1` is the code, `?2` the end, exclusive, `?3` the start, `?4` the latest minute; then
/// come the words.
fn condition(query: &RefusalQuery) -> String {
    // The minutes let SQLite use the primary key: the refusals of a row are of its minute.
    let mut terms = vec!["minute <= ?4 AND first_ms < ?2".to_owned()];
    if query.since.is_some() {
        terms.push("minute >= ?3 / 60000 AND last_ms >= ?3".to_owned());
    }
    if query.code.is_some() {
        terms.push("code = ?1".to_owned());
    }
    with_texts(terms, &query.find, FIRST_WORD)
}

type Asked<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Binds the parameters of [`condition`]; a walk goes on with the minutes before `from`.
fn bound<'q>(asked: Asked<'q>, query: &'q RefusalQuery, from: Option<Cursor>) -> Asked<'q> {
    let before = query.before.map_or(i64::MAX, |before| before.0);
    let latest = minute(UtcMillis(before.saturating_sub(1)));
    let latest = from.map_or(latest, |from| latest.min(minute(from.at) - 1));
    let since = query.since.map_or(i64::MIN, |since| since.0);
    let asked = asked.bind(query.code).bind(before).bind(since).bind(latest);
    query.find.iter().fold(asked, |asked, text| asked.bind(&text.text))
}

const fn minute(at: UtcMillis) -> i64 {
    at.0.div_euclid(60_000)
}

/// A page of refusals.
pub(crate) async fn refusals(
    pool: &SqlitePool,
    query: &RefusalQuery,
) -> Result<RefusalPage, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let sql = format!("SELECT count(*) AS matching FROM refusals WHERE {}", condition(query));
    let asked = bound(sqlx::query(AssertSqlSafe(sql)), query, None);
    let counted = asked.fetch_one(&mut *tx).await.map_err(error::store)?;
    let matching = rows::count(get(&counted, "matching")?)?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(RefusalPage { rows: Vec::new(), matching });
    }
    let place = FIRST_WORD + query.find.len();
    let rows = format!(
        "SELECT * FROM refusals WHERE {} {ORDER} LIMIT ?{place} OFFSET ?{}",
        condition(query),
        place + 1
    );
    let sql = with_logins(&rows);
    let asked = bound(sqlx::query(AssertSqlSafe(sql)), query, None);
    let asked = asked.bind(query.limit).bind(query.offset);
    let found = asked.fetch_all(&mut *tx).await.map_err(error::store)?;
    Ok(RefusalPage { rows: found.iter().map(refusal_row).collect::<Result<_, _>>()?, matching })
}

/// Refusals from a cursor on, in whole minutes: at least `query.limit`, unless there are fewer. The rows of a minute
/// change while refusals are counted, so a walk reads each minute at once.
pub(crate) async fn walk_refusals(
    pool: &SqlitePool,
    query: &RefusalQuery,
    from: Option<Cursor>,
) -> Result<Vec<(Cursor, RefusalRow)>, StoreError> {
    let condition = condition(query);
    let rows = format!(
        "SELECT * FROM refusals WHERE {condition} AND minute >= (
             SELECT min(minute) FROM (
                 SELECT minute FROM refusals WHERE {condition} ORDER BY minute DESC LIMIT ?{}))",
        FIRST_WORD + query.find.len()
    );
    let asked = with_logins(&rows);
    let asked = bound(sqlx::query(AssertSqlSafe(asked)), query, from).bind(query.limit);
    let found = asked.fetch_all(pool).await.map_err(error::store)?;
    let walked = found.iter().map(|row| {
        let at = UtcMillis(get::<i64>(row, "minute")?.saturating_mul(60_000));
        Ok((Cursor { at, number: 0 }, refusal_row(row)?))
    });
    walked.collect()
}

/// The latest refusals that name a user, whatever the spelling.
pub(super) async fn refusals_of_user(
    connection: &mut SqliteConnection,
    id: &str,
    limit: u32,
) -> Result<Vec<RefusalRow>, StoreError> {
    let rows =
        format!("SELECT * FROM refusals WHERE user_key = ?1 AND user_key <> '' {ORDER} LIMIT ?2");
    let asked = sqlx::query(AssertSqlSafe(with_logins(&rows))).bind(rows::key(id)).bind(limit);
    let found = asked.fetch_all(connection).await.map_err(error::store)?;
    found.iter().map(refusal_row).collect()
}

/// The order of the rows.
const ORDER: &str =
    "ORDER BY minute DESC, last_ms DESC, code, user, phone, by_kind, by_name, by_address";

/// SQL that reads rows of refusals, each with the login that was in its way: the login at the phone, or the login of
/// the user at another phone.
fn with_logins(rows: &str) -> String {
    // An open login, or else the first that ended after the refusal: each has an index of its own.
    let held_by = |name: &str, cluster: &str, key: &str, key_cluster: &str| {
        let login = format!(
            "SELECT l.{name} || iif(l.{cluster} = '', '', ' (' || l.{cluster} || ')') FROM logins l
              WHERE l.{key} = r.{key} AND l.{key_cluster} = '' AND l.from_ms <= r.last_ms"
        );
        format!(
            "coalesce(({login} AND l.ended_ms IS NULL ORDER BY l.from_ms DESC LIMIT 1),
                      ({login} AND l.ended_ms IS NOT NULL AND l.ended_ms >= r.first_ms
                        ORDER BY l.ended_ms LIMIT 1))"
        )
    };
    format!(
        "SELECT r.*, CASE r.code WHEN {} THEN {} WHEN {} THEN {} END AS held_by FROM ({rows}) r {ORDER}",
        ErrorCode::DeviceTaken.number(),
        held_by("user", "user_cluster", "phone_key", "phone_cluster"),
        ErrorCode::LoggedInElsewhere.number(),
        held_by("phone", "phone_cluster", "user_key", "user_cluster"),
    )
}

fn refusal_row(row: &SqliteRow) -> Result<RefusalRow, StoreError> {
    Ok(RefusalRow { refusal: refusals::read(row)?, held_by: get(row, "held_by")? })
}
