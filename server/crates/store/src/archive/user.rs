//! A user with all details.

use engine::{
    EndedLogin, Login, UserDetail, UserDetailLimits, UserId, UserProfile, UserSettings,
    ports::StoreError, user_of_other_cluster,
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};

use super::refusals::refusals_of_user;
use crate::{
    error,
    rows::{self, ENDED_COLUMNS, LOGIN_COLUMNS, get},
};

/// The users whose logins belong to a detail.
struct Meant {
    id: String,
    /// The cluster; `None` is every cluster.
    cluster: Option<String>,
}

impl Meant {
    /// The condition on the columns of a login; `?1` is the key, `?2` the cluster.
    /// With a cluster the index of a user's logins has their order, too.
    const fn condition(&self) -> &'static str {
        match self.cluster {
            Some(_) => "user_key = ?1 AND user_cluster = ?2",
            None => "user_key = ?1 AND ?2 IS NULL",
        }
    }

    async fn count(&self, tx: &mut SqliteConnection) -> Result<u64, StoreError> {
        let sql =
            format!("SELECT count(*) FROM logins WHERE ended_ms IS NULL AND {}", self.condition());
        let count = sqlx::query_scalar(AssertSqlSafe(sql));
        let count = count.bind(rows::key(&self.id)).bind(&self.cluster);
        rows::count(count.fetch_one(tx).await.map_err(error::store)?)
    }

    async fn open(&self, tx: &mut SqliteConnection, limit: u32) -> Result<Vec<Login>, StoreError> {
        let sql = format!(
            "SELECT {LOGIN_COLUMNS} FROM logins WHERE ended_ms IS NULL AND {}
              ORDER BY from_ms DESC, id DESC LIMIT ?3",
            self.condition()
        );
        let asked = sqlx::query(AssertSqlSafe(sql)).bind(rows::key(&self.id)).bind(&self.cluster);
        let found = asked.bind(limit).fetch_all(tx).await.map_err(error::store)?;
        found.iter().map(rows::login).collect()
    }

    async fn ended(
        &self,
        tx: &mut SqliteConnection,
        limit: u32,
    ) -> Result<Vec<EndedLogin>, StoreError> {
        let sql = format!(
            "SELECT {ENDED_COLUMNS} FROM logins WHERE ended_ms IS NOT NULL AND {}
              ORDER BY ended_ms DESC, rowid DESC LIMIT ?3",
            self.condition()
        );
        let asked = sqlx::query(AssertSqlSafe(sql)).bind(rows::key(&self.id)).bind(&self.cluster);
        let found = asked.bind(limit).fetch_all(tx).await.map_err(error::store)?;
        found.iter().map(rows::ended).collect()
    }
}

pub(crate) async fn user_detail(
    pool: &SqlitePool,
    name: &str,
    limits: UserDetailLimits,
) -> Result<Option<UserDetail>, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let own = settings(&mut tx, name).await?;
    let (meant, own_settings) = match own {
        Some((id, settings)) => (Meant { id, cluster: Some(String::new()) }, Some(settings)),
        None => match user_of_other_cluster(name) {
            Some(UserId { cluster, id }) => (Meant { id, cluster: Some(cluster) }, None),
            None => (Meant { id: name.to_owned(), cluster: None }, None),
        },
    };
    let open = meant.count(&mut tx).await?;
    let logins = meant.open(&mut tx, limits.open).await?;
    let ended = meant.ended(&mut tx, limits.ended).await?;
    let has_logins = open > 0 || !ended.is_empty();
    let is_meant_by_id = match &meant.cluster {
        Some(cluster) if !cluster.is_empty() => settings(&mut tx, &meant.id).await?.is_none(),
        _ => true,
    };
    // A refusal has the id of its request, without a cluster. Without a login by which the user is known, the refusals
    // of the id may be those of another user.
    let refusals =
        if is_meant_by_id && (has_logins || meant.cluster.as_deref().is_none_or(str::is_empty)) {
            refusals_of_user(&mut tx, &meant.id, limits.refusals).await?
        } else {
            Vec::new()
        };
    let as_of: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM events")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    if own_settings.is_none() && !has_logins && refusals.is_empty() {
        return Ok(None);
    }
    // Without settings, the latest login has the spelling.
    let of_login = logins.first().map(|login| &login.user).or(ended.first().map(|one| &one.user));
    let id = match of_login {
        Some(user) if own_settings.is_none() => user.id.clone(),
        _ => meant.id,
    };
    let user = UserId { cluster: meant.cluster.unwrap_or_default(), id };
    let as_of = rows::count(as_of)?;
    Ok(Some(UserDetail {
        user,
        settings: own_settings,
        is_meant_by_id,
        logins,
        open,
        ended,
        refusals,
        as_of,
    }))
}

/// The id and the settings of a user of this cluster.
async fn settings(
    tx: &mut SqliteConnection,
    id: &str,
) -> Result<Option<(String, UserSettings)>, StoreError> {
    let row = sqlx::query(
        "SELECT id, enabled, emcc, max_login_minutes, profiles FROM users WHERE key = ?",
    )
    .bind(rows::key(id))
    .fetch_optional(&mut *tx)
    .await
    .map_err(error::store)?;
    let Some(row) = row else { return Ok(None) };
    let names: Vec<String> = rows::json(&get::<String>(&row, "profiles")?)?;
    let models = models(tx, &names).await?;
    let profiles = names.into_iter().zip(models).map(|(name, model)| UserProfile { name, model });
    let settings = UserSettings {
        enabled: get(&row, "enabled")?,
        emcc: get(&row, "emcc")?,
        max_login_minutes: get(&row, "max_login_minutes")?,
        profiles: profiles.collect(),
    };
    Ok(Some((get(&row, "id")?, settings)))
}

/// The models of device profiles, in the order of their names.
async fn models(
    tx: &mut SqliteConnection,
    names: &[String],
) -> Result<Vec<Option<String>>, StoreError> {
    let keys: Vec<_> = names.iter().map(|name| rows::key(name)).collect();
    let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
    sqlx::query_scalar(
        "SELECT (SELECT model FROM device_profiles WHERE key = keys.value)
           FROM json_each(?) keys ORDER BY keys.key",
    )
    .bind(keys)
    .fetch_all(tx)
    .await
    .map_err(error::store)
}
