//! Queries on phones and device profiles, with all their details.

use engine::{
    DeviceProfile, FoundPhone, Line, Login, Phone, PhoneDetail, SipAccount, SpeedDial, UtcMillis,
    WithAccounts, effective, effective_visit, ports::StoreError,
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use crate::{
    error,
    rows::{self, LOGIN_COLUMNS, get},
    stays,
};

pub(crate) async fn phone_detail(
    pool: &SqlitePool,
    name: &str,
) -> Result<Option<PhoneDetail>, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let row = sqlx::query(
        "SELECT name, model, description, extension_mobility, address, lines, speed_dials, sip,
                log_out_at, log_out_since_ms, idle_minutes, last_user, last_user_cluster
           FROM phones WHERE key = ?",
    )
    .bind(rows::phone_key(name))
    .fetch_optional(&mut *tx)
    .await
    .map_err(error::store)?;
    let Some(row) = row else { return Ok(None) };
    let Keys { lines, speed_dials, sip } = keys(&row)?;
    let phone = Phone {
        name: get(&row, "name")?,
        model: get(&row, "model")?,
        description: get(&row, "description")?,
        extension_mobility: get(&row, "extension_mobility")?,
        address: get(&row, "address")?,
        lines,
        speed_dials,
        sip,
        log_out_at: get::<Option<String>>(&row, "log_out_at")?
            .map(|at| at.parse().map_err(error::bad_row))
            .transpose()?,
        log_out_since: UtcMillis(get(&row, "log_out_since_ms")?),
        idle_minutes: get(&row, "idle_minutes")?,
        last_user: rows::user_if_any(&row, "last_user_cluster", "last_user")?,
    };
    let login = open_login(&mut tx, name).await?;
    let (mut profile, mut home) = (None, None);
    match &login {
        Some(login) if login.user.cluster.is_empty() => {
            profile = device_profile(&mut tx, &login.profile).await?;
        }
        // The profile of a visiting user comes from the home cluster, even if a local profile has its name.
        Some(login) => home = stays::visit(&mut tx, login.id).await?,
        None => {}
    }
    let as_of: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM events")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let effective = match &home {
        Some(home) => effective_visit(&phone, home),
        None => effective(&phone, login.as_ref(), profile.as_ref()),
    };
    Ok(Some(PhoneDetail { phone, login, effective, as_of: rows::count(as_of)? }))
}

pub(crate) async fn profile(
    pool: &SqlitePool,
    name: &str,
) -> Result<Option<DeviceProfile>, StoreError> {
    let mut connection = pool.acquire().await.map_err(error::store)?;
    device_profile(&mut connection, name).await
}

pub(crate) async fn with_accounts(pool: &SqlitePool) -> Result<Vec<WithAccounts>, StoreError> {
    let rows = sqlx::query(
        "SELECT 0 AS kind, key, name, lines, speed_dials, sip FROM phones WHERE sip <> '[]'
         UNION ALL
         SELECT 1, key, name, lines, speed_dials, sip FROM device_profiles WHERE sip <> '[]'
         ORDER BY kind, key",
    )
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    let one = |row: &SqliteRow| {
        let Keys { lines, sip, .. } = keys(row)?;
        Ok(WithAccounts { name: get(row, "name")?, lines, sip })
    };
    rows.iter().map(one).collect()
}

pub(crate) async fn find_phones(
    pool: &SqlitePool,
    find: &str,
    limit: u32,
) -> Result<(Vec<FoundPhone>, u64), StoreError> {
    const FOUND: &str = "FROM phones WHERE ?1 = ''
        OR instr(lower(name || ' ' || model || ' ' || description), lower(?1)) > 0";
    let mut tx = pool.begin().await.map_err(error::store)?;
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) {FOUND}")))
        .bind(find)
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let sql = format!("SELECT name, model, description {FOUND} ORDER BY key LIMIT ?2");
    let rows = sqlx::query_as::<_, (String, String, String)>(AssertSqlSafe(sql))
        .bind(find)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    let phone = |(name, model, description)| FoundPhone { name, model, description };
    Ok((rows.into_iter().map(phone).collect(), rows::count(count)?))
}

async fn open_login(
    connection: &mut SqliteConnection,
    phone: &str,
) -> Result<Option<Login>, StoreError> {
    let sql = format!(
        "SELECT {LOGIN_COLUMNS} FROM logins WHERE ended_ms IS NULL AND phone_key = ?
            AND phone_cluster = ''"
    );
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
    let sql = "SELECT name, model, lines, speed_dials, sip FROM device_profiles WHERE key = ?";
    let row = sqlx::query(sql)
        .bind(rows::key(name))
        .fetch_optional(connection)
        .await
        .map_err(error::store)?;
    let Some(row) = row else { return Ok(None) };
    let Keys { lines, speed_dials, sip } = keys(&row)?;
    let (name, model) = (get(&row, "name")?, get(&row, "model")?);
    Ok(Some(DeviceProfile { name, model, lines, speed_dials, sip }))
}

/// The lines, speed dials and SIP accounts of a phone or device profile.
struct Keys {
    lines: Vec<Line>,
    speed_dials: Vec<SpeedDial>,
    sip: Vec<SipAccount>,
}

fn keys(row: &SqliteRow) -> Result<Keys, StoreError> {
    let text = |column| get::<String>(row, column);
    Ok(Keys {
        lines: rows::json(&text("lines")?)?,
        speed_dials: rows::json(&text("speed_dials")?)?,
        sip: rows::json(&text("sip")?)?,
    })
}
