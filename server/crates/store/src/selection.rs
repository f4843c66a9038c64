//! Selected open logins: their number, their identities, and the users with several logins.

use engine::{
    LimitSource, LogOutTime, Login, LoginId, Selection, SeveralLogins, UserId, ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection};
use terms::Named;

use crate::{
    error,
    rows::{self, LOGIN_COLUMNS, get},
    words::{Value, bind_values, login_terms},
};

/// A selection as a condition on an open login `l`, with the values of its parameters.
/// `?7` is a limit.
struct Condition {
    sql: String,
    /// `?1`: identities, a JSON array.
    ids: String,
    /// `?2`
    limit_source: Option<&'static str>,
    /// `?3`
    began_until: Option<i64>,
    /// `?4` to `?6`: the time of the day, when the clock reached it, and the latest begin by a clock that is right.
    log_out_at: Option<LogOutTime>,
    /// From [`FIRST_VALUE`] on: the values of the filter.
    values: Vec<Value>,
}

/// The place of the filter's first value among the parameters.
const FIRST_VALUE: usize = 8;

/// Binds the values of the condition's parameters.
macro_rules! bind {
    ($query:expr, $condition:expr, $limit:expr) => {
        bind_values!(
            $query
                .bind($condition.ids)
                .bind($condition.limit_source)
                .bind($condition.began_until)
                .bind($condition.log_out_at.map(|reached| reached.time.to_string()))
                .bind($condition.log_out_at.map(|reached| reached.at.0))
                .bind($condition.log_out_at.map(|reached| reached.latest.0))
                .bind($limit),
            &$condition.values
        )
    };
}

impl Condition {
    fn of(selection: &Selection) -> Result<Self, StoreError> {
        let Selection {
            ids,
            filter,
            limit_source,
            began_until,
            own_user,
            own_phone,
            log_out_at,
            is_followed,
        } = selection;
        let (terms, values) = login_terms(filter, FIRST_VALUE);
        let parts = [
            (ids.is_some(), "l.id IN (SELECT value FROM json_each(?1))"),
            (limit_source.is_some(), "l.limit_source = ?2"),
            (began_until.is_some(), "l.from_ms <= ?3"),
            (*own_user, "l.user_cluster = ''"),
            (*own_phone, "l.phone_cluster = ''"),
            (
                log_out_at.is_some(),
                "(l.from_ms < ?5 OR l.from_ms > ?6) AND EXISTS (
                    SELECT 1 FROM configuration c LEFT JOIN phones p ON p.key = l.phone_key
                     WHERE coalesce(p.log_out_at, c.log_out_at) = ?4
                       AND coalesce(p.log_out_since_ms, 0) < ?5
                       AND (p.log_out_at IS NOT NULL OR c.log_out_since_ms < ?5))",
            ),
            (
                *is_followed && *own_phone,
                "EXISTS (SELECT 1 FROM logins n WHERE n.ended_ms IS NULL AND n.phone_cluster = ''
                            AND n.user_key = l.user_key AND n.user_cluster = l.user_cluster
                            AND (n.from_ms, n.id) > (l.from_ms, l.id))",
            ),
            (
                *is_followed && !*own_phone,
                "EXISTS (SELECT 1 FROM logins n WHERE n.ended_ms IS NULL
                            AND n.user_key = l.user_key AND n.user_cluster = l.user_cluster
                            AND (n.from_ms, n.id) > (l.from_ms, l.id))",
            ),
        ];
        let parts = parts.iter().filter(|(holds, _)| *holds).map(|(_, sql)| *sql);
        let sql = ["l.ended_ms IS NULL"].into_iter().chain(parts);
        let sql = sql.chain(terms.iter().map(String::as_str)).collect::<Vec<_>>();
        Ok(Self {
            sql: sql.join(" AND "),
            ids: serde_json::to_string(ids).map_err(error::bad_row)?,
            values,
            limit_source: limit_source.map(LimitSource::name),
            began_until: began_until.map(|until| until.0),
            log_out_at: *log_out_at,
        })
    }
}

/// How many open logins are selected.
pub(crate) async fn count(
    connection: &mut SqliteConnection,
    selection: &Selection,
) -> Result<u64, StoreError> {
    let condition = Condition::of(selection)?;
    let sql = format!("SELECT count(*) FROM logins l WHERE {}", condition.sql);
    let query = bind!(sqlx::query_scalar(AssertSqlSafe(sql)), condition, 0);
    rows::count(query.fetch_one(connection).await.map_err(error::store)?)
}

/// The first of the selected open logins, by user.
pub(crate) async fn first(
    connection: &mut SqliteConnection,
    selection: &Selection,
    limit: u32,
) -> Result<Vec<Login>, StoreError> {
    let condition = Condition::of(selection)?;
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins l WHERE {}
          ORDER BY l.user_key, l.user_cluster, l.from_ms, l.id LIMIT ?7",
        condition.sql
    );
    let query = bind!(sqlx::query(AssertSqlSafe(sql)), condition, limit);
    let found = query.fetch_all(connection).await.map_err(error::store)?;
    found.iter().map(rows::login).collect()
}

/// The identities of the selected open logins, the oldest first.
pub(crate) async fn ids(
    connection: &mut SqliteConnection,
    selection: &Selection,
) -> Result<Vec<LoginId>, StoreError> {
    let condition = Condition::of(selection)?;
    let sql = format!("SELECT l.id FROM logins l WHERE {} ORDER BY l.from_ms, l.id", condition.sql);
    let query = bind!(sqlx::query_scalar(AssertSqlSafe(sql)), condition, 0);
    let ids: Vec<String> = query.fetch_all(connection).await.map_err(error::store)?;
    ids.iter().map(|id| rows::login_id(id)).collect()
}

/// Users of this cluster with more than one open login, those with the most logins first.
/// With `own_phones`, only logins at phones of this cluster count.
pub(crate) async fn several(
    connection: &mut SqliteConnection,
    limit: u32,
    own_phones: bool,
) -> Result<SeveralLogins, StoreError> {
    let found = sqlx::query(
        "SELECT min(user) AS user, count(*) AS logins FROM logins
          WHERE ended_ms IS NULL AND user_cluster = '' AND (phone_cluster = '' OR NOT ?) GROUP BY user_key HAVING count(*) > 1
          ORDER BY logins DESC, user",
    )
    .bind(own_phones)
    .fetch_all(connection)
    .await
    .map_err(error::store)?;
    let mut several = SeveralLogins::default();
    for row in &found {
        let logins = rows::count(get(row, "logins")?)?;
        several.users += 1;
        several.extra += logins - 1;
        if several.users <= u64::from(limit) {
            several.named.push((UserId::own(get::<String>(row, "user")?), logins));
        }
    }
    Ok(several)
}
