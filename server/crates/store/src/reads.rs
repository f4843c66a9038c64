//! Queries, each answered from one snapshot.

use engine::{
    ActiveLoginPage, AppUser, Credentials, ListQuery, Login, LoginOrder, OpenCounts, PhoneStatus,
    Pins, UserCredential, UserNumber, UserStatus, UtcMillis, Version,
    ports::{Pulse, StoreError},
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use terms::{ClockTime, LoginCondition, LoginType};

use crate::{
    error,
    rows::{self, LOGIN_COLUMNS, get},
    words::{bind_values, login_terms},
};

pub(crate) async fn version(connection: &mut SqliteConnection) -> Result<Version, StoreError> {
    let version: i64 = sqlx::query_scalar("SELECT version FROM configuration")
        .fetch_one(connection)
        .await
        .map_err(error::store)?;
    Ok(Version(rows::count(version)?))
}

pub(crate) async fn pulse(pool: &SqlitePool) -> Result<Pulse, StoreError> {
    let (version, farewell): (i64, i64) = sqlx::query_as(
        "SELECT version, (SELECT coalesce(max(number), 0) FROM farewells) FROM configuration",
    )
    .fetch_one(pool)
    .await
    .map_err(error::store)?;
    Ok(Pulse { version: Version(rows::count(version)?), farewell: rows::count(farewell)? })
}

pub(crate) async fn next_due(pool: &SqlitePool) -> Result<Option<UtcMillis>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT min(until_ms) FROM logins WHERE ended_ms IS NULL AND until_ms IS NOT NULL",
    )
    .fetch_one(pool)
    .await
    .map_err(error::store)?;
    Ok(due.map(UtcMillis))
}

pub(crate) async fn credentials(
    pool: &SqlitePool,
    id: &str,
) -> Result<(Version, Credentials), StoreError> {
    let row = sqlx::query(
        "SELECT c.version, a.id AS app_user, a.password_hash, a.proxy, u.id, u.pin_hash, u.enabled,
                u.pin_must_change
           FROM configuration c
           LEFT JOIN app_users a ON a.key = ?1
           LEFT JOIN users u ON u.key = ?1",
    )
    .bind(rows::key(id))
    .fetch_one(pool)
    .await
    .map_err(error::store)?;
    let version = Version(rows::count(get(&row, "version")?)?);
    let app_user = match get(&row, "app_user")? {
        Some(id) => Some(AppUser {
            id,
            password_hash: get(&row, "password_hash")?,
            proxy: get(&row, "proxy")?,
        }),
        None => None,
    };
    let user = match get(&row, "id")? {
        Some(id) => Some(UserCredential {
            id,
            pin_hash: get(&row, "pin_hash")?,
            enabled: get(&row, "enabled")?,
            must_change: get(&row, "pin_must_change")?,
        }),
        None => None,
    };
    Ok((version, Credentials { app_user, user }))
}

pub(crate) async fn pins(pool: &SqlitePool, user: &str) -> Result<Option<Pins>, StoreError> {
    let row = sqlx::query(
        "SELECT pin_hash, pin_history, primary_extension, self_service_id FROM users WHERE key = ?",
    )
    .bind(rows::key(user))
    .fetch_optional(pool)
    .await
    .map_err(error::store)?;
    let pins = |row: SqliteRow| {
        Ok(Pins {
            hash: get(&row, "pin_hash")?,
            history: rows::json(&get::<String>(&row, "pin_history")?)?,
            primary_extension: get(&row, "primary_extension")?,
            self_service_id: get(&row, "self_service_id")?,
        })
    };
    row.map(pins).transpose()
}

pub(crate) async fn phones(
    pool: &SqlitePool,
    names: &[String],
) -> Result<(Version, Vec<Option<PhoneStatus>>), StoreError> {
    // One statement reads one snapshot.
    let keys: Vec<String> = names.iter().map(|name| rows::phone_key(name)).collect();
    let asked = serde_json::to_string(&keys).map_err(error::bad_row)?;
    let rows = sqlx::query(
        "SELECT c.version, n.key AS asked, p.name, p.last_user, p.last_user_cluster, l.user,
                l.user_cluster, p.address, p.model
           FROM configuration c
           LEFT JOIN json_each(?) n
           LEFT JOIN phones p ON p.key = n.value
           LEFT JOIN logins l ON l.phone_key = p.key AND l.phone_cluster = '' AND l.ended_ms IS NULL
          ORDER BY n.key",
    )
    .bind(asked)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    let version = version_of(&rows)?;
    let mut phones = Vec::with_capacity(names.len());
    for row in &rows {
        // Without names, the query returns one row, for the version.
        let Some(_) = get::<Option<i64>>(row, "asked")? else { continue };
        phones.push(match get(row, "name")? {
            Some(name) => Some(PhoneStatus {
                name,
                last_user: rows::user_if_any(row, "last_user_cluster", "last_user")?,
                user: rows::user_if_any(row, "user_cluster", "user")?,
                address: get(row, "address")?,
                model: get(row, "model")?,
            }),
            None => None,
        });
    }
    Ok((version, phones))
}

pub(crate) async fn users(
    pool: &SqlitePool,
    ids: &[String],
) -> Result<(Version, Vec<Option<UserStatus>>), StoreError> {
    // One statement reads one snapshot, and a query can name thousands of users.
    let keys: Vec<String> = ids.iter().map(|id| rows::key(id)).collect();
    let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
    let rows = sqlx::query(
        "SELECT c.version, n.key AS asked, u.id, u.profiles, (
                SELECT json_group_array(phone) FROM (
                    SELECT phone FROM logins WHERE ended_ms IS NULL AND user_key = u.key AND user_cluster = ''
                     ORDER BY from_ms, phone)) AS phones
           FROM configuration c
           LEFT JOIN json_each(?) n
           LEFT JOIN users u ON u.key = n.value
          ORDER BY n.key",
    )
    .bind(keys)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    let version = version_of(&rows)?;
    let mut users = Vec::with_capacity(ids.len());
    for row in &rows {
        // Without ids, the query returns one row, for the version.
        let Some(_) = get::<Option<i64>>(row, "asked")? else { continue };
        users.push(match get(row, "id")? {
            Some(id) => {
                let (phones, profiles): (String, String) =
                    (get(row, "phones")?, get(row, "profiles")?);
                let (phones, profiles) = (rows::json(&phones)?, rows::json(&profiles)?);
                Some(UserStatus { id, phones, profiles })
            }
            None => None,
        });
    }
    Ok((version, users))
}

pub(crate) async fn users_by(
    pool: &SqlitePool,
    number: &UserNumber,
) -> Result<Vec<String>, StoreError> {
    let (sql, number) = match number {
        UserNumber::PrimaryExtension(number) => {
            ("SELECT id FROM users WHERE primary_extension = ? AND ?1 <> '' LIMIT 2", number)
        }
        UserNumber::SelfServiceId(number) => {
            ("SELECT id FROM users WHERE self_service_id = ? AND ?1 <> '' LIMIT 2", number)
        }
    };
    sqlx::query_scalar(sql).bind(number).fetch_all(pool).await.map_err(error::store)
}

/// The version of the configuration, which every row has.
fn version_of(rows: &[SqliteRow]) -> Result<Version, StoreError> {
    let row = rows.first().ok_or_else(|| error::store(sqlx::Error::RowNotFound))?;
    Ok(Version(rows::count(get(row, "version")?)?))
}

/// The place of the filter's first value among the parameters of [`walk_logins`].
const FIRST_OF_WALK: usize = 4;

pub(crate) async fn walk_logins(
    pool: &SqlitePool,
    filter: &LoginCondition,
    from: Option<&Login>,
    limit: u32,
) -> Result<Vec<Login>, StoreError> {
    let (terms, values) = login_terms(filter, FIRST_OF_WALK);
    let mut terms = [vec!["ended_ms IS NULL".to_owned()], terms].concat();
    if from.is_some() {
        terms.push("(from_ms, id) < (?2, ?3)".to_owned());
    }
    let condition = terms.join(" AND ");
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins WHERE {condition} ORDER BY from_ms DESC, id DESC LIMIT ?1"
    );
    let asked = sqlx::query(AssertSqlSafe(sql))
        .bind(limit)
        .bind(from.map(|login| login.from.0))
        .bind(from.map(|login| login.id.0.to_string()));
    let asked = bind_values!(asked, &values);
    let rows = asked.fetch_all(pool).await.map_err(error::store)?;
    rows.iter().map(rows::login).collect()
}

/// The place of the filter's first value among the parameters of [`active_logins`].
const FIRST_VALUE: usize = 3;

pub(crate) async fn active_logins(
    pool: &SqlitePool,
    query: &ListQuery,
) -> Result<ActiveLoginPage, StoreError> {
    let order = match query.order {
        LoginOrder::Newest => "from_ms DESC, id DESC",
        LoginOrder::Oldest => "from_ms, id",
        LoginOrder::User => "user_key, user_cluster, from_ms DESC, id DESC",
        LoginOrder::UserDown => "user_key DESC, user_cluster DESC, from_ms DESC, id DESC",
        LoginOrder::Phone => "phone_key, phone_cluster",
        LoginOrder::PhoneDown => "phone_key DESC, phone_cluster DESC",
        LoginOrder::Until => "until_ms IS NULL, until_ms, id",
        LoginOrder::UntilDown => "until_ms IS NOT NULL, until_ms DESC, id DESC",
    };
    let (terms, values) = login_terms(&query.filter, FIRST_VALUE);
    let filter = [vec!["ended_ms IS NULL".to_owned()], terms].concat().join(" AND ");
    let mut tx = pool.begin().await.map_err(error::store)?;
    let as_of: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM events")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let open = open_counts(&mut tx).await?;
    let matching = if query.filter.is_everything() {
        open.all()
    } else {
        let sql = format!("SELECT count(*) FROM logins WHERE {filter}");
        let asked = sqlx::query_scalar(AssertSqlSafe(sql)).bind(0).bind(0);
        let asked = bind_values!(asked, &values);
        let matching: i64 = asked.fetch_one(&mut *tx).await.map_err(error::store)?;
        rows::count(matching)?
    };
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins WHERE {filter}
          ORDER BY {order} LIMIT ?1 OFFSET ?2"
    );
    let asked = sqlx::query(AssertSqlSafe(sql)).bind(query.limit).bind(query.offset);
    let asked = bind_values!(asked, &values);
    let rows = asked.fetch_all(&mut *tx).await.map_err(error::store)?;
    Ok(ActiveLoginPage {
        rows: rows.iter().map(rows::login).collect::<Result<_, _>>()?,
        matching,
        open,
        as_of: rows::count(as_of)?,
    })
}

/// How many logins of each type are open.
pub(crate) async fn open_counts(
    connection: &mut SqliteConnection,
) -> Result<OpenCounts, StoreError> {
    let counts: Vec<(String, i64)> =
        sqlx::query_as("SELECT type, count(*) FROM logins WHERE ended_ms IS NULL GROUP BY type")
            .fetch_all(connection)
            .await
            .map_err(error::store)?;
    let mut open = OpenCounts::default();
    for (name, count) in counts {
        let count = rows::count(count)?;
        match rows::named(&name)? {
            LoginType::Em => open.em = count,
            LoginType::Visiting => open.visiting = count,
            LoginType::Elsewhere => open.elsewhere = count,
            LoginType::Other => open.other += count,
        }
    }
    Ok(open)
}

/// The times of the day at which users are logged out at a phone.
pub(crate) async fn log_out_times(pool: &SqlitePool) -> Result<Vec<ClockTime>, StoreError> {
    let times: Vec<String> = sqlx::query_scalar(
        "SELECT log_out_at FROM phones WHERE log_out_at IS NOT NULL AND log_out_at <> 'never'
          UNION SELECT log_out_at FROM configuration WHERE log_out_at <> 'never'",
    )
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    times.iter().map(|time| time.parse().map_err(error::bad_row)).collect()
}
