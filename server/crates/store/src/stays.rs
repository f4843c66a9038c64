//! Stays, and the farewells that this cluster owes to the clusters that share the stays.

use std::collections::BTreeMap;

use async_trait::async_trait;
use engine::{
    Farewell, HomeConfiguration, LoginId, OpenCounts, PostedFarewell, StayRole, UtcMillis,
    ports::{StayStore, StoreError},
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use crate::{
    SqliteStore, error,
    rows::{self, get, named},
};

#[async_trait]
impl StayStore for SqliteStore {
    async fn farewells(
        &self,
        to: Option<&str>,
        after: u64,
        limit: u32,
    ) -> Result<(Vec<PostedFarewell>, u64), StoreError> {
        let mut tx = self.readers.begin().await.map_err(error::store)?;
        let (count, found) = match to {
            Some(_) => (
                "SELECT count(*) FROM farewells WHERE recipient = ?1",
                "SELECT number, recipient, to_home, login, phone, cause, posted_ms FROM farewells
                  WHERE recipient = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            ),
            None => (
                "SELECT count(*) FROM farewells WHERE ?1 IS NULL",
                "SELECT number, recipient, to_home, login, phone, cause, posted_ms FROM farewells
                  WHERE ?1 IS NULL AND number > ?2 ORDER BY number LIMIT ?3",
            ),
        };
        let count: i64 =
            sqlx::query_scalar(count).bind(to).fetch_one(&mut *tx).await.map_err(error::store)?;
        let found = sqlx::query(found)
            .bind(to)
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(limit)
            .fetch_all(&mut *tx)
            .await
            .map_err(error::store)?;
        let posted = found.iter().map(posted).collect::<Result<_, _>>()?;
        Ok((posted, rows::count(count)?))
    }

    async fn stays(
        &self,
        peer: &str,
        role: StayRole,
        after: Option<LoginId>,
        limit: u32,
    ) -> Result<Vec<LoginId>, StoreError> {
        let sql = match role {
            StayRole::Home => {
                "SELECT id FROM logins WHERE ended_ms IS NULL AND type = 'elsewhere'
                    AND phone_cluster = ? AND id > ? ORDER BY id LIMIT ?"
            }
            StayRole::Visiting => {
                "SELECT id FROM logins WHERE ended_ms IS NULL AND type = 'visiting'
                    AND user_cluster = ? AND id > ? ORDER BY id LIMIT ?"
            }
        };
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(peer)
            .bind(after.map_or_else(String::new, |id| id.0.to_string()))
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(error::store)?;
        ids.iter().map(|id| rows::login_id(id)).collect()
    }

    async fn stay_counts(&self) -> Result<BTreeMap<String, OpenCounts>, StoreError> {
        let found: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT user_cluster, count(*), 0 FROM logins
              WHERE ended_ms IS NULL AND type = 'visiting' GROUP BY user_cluster
             UNION ALL
             SELECT phone_cluster, 0, count(*) FROM logins
              WHERE ended_ms IS NULL AND type = 'elsewhere' GROUP BY phone_cluster",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(error::store)?;
        let mut counts: BTreeMap<String, OpenCounts> = BTreeMap::new();
        for (cluster, visiting, elsewhere) in found {
            let of_cluster = counts.entry(cluster).or_default();
            of_cluster.visiting += rows::count(visiting)?;
            of_cluster.elsewhere += rows::count(elsewhere)?;
        }
        Ok(counts)
    }

    async fn has_emcc_users(&self) -> Result<bool, StoreError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE emcc AND enabled)")
            .fetch_one(&self.readers)
            .await
            .map_err(error::store)
    }

    async fn next_intent(&self) -> Result<Option<UtcMillis>, StoreError> {
        let next: Option<i64> = sqlx::query_scalar("SELECT min(expires_ms) FROM intents")
            .fetch_one(&self.readers)
            .await
            .map_err(error::store)?;
        Ok(next.map(UtcMillis))
    }

    async fn visit(&self, login: LoginId) -> Result<Option<HomeConfiguration>, StoreError> {
        visit(&mut *self.readers.acquire().await.map_err(error::store)?, login).await
    }
}

/// The configuration of a visit's phone.
pub(crate) async fn visit(
    connection: &mut SqliteConnection,
    login: LoginId,
) -> Result<Option<HomeConfiguration>, StoreError> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT configuration FROM visits WHERE login = ?")
            .bind(login.0.to_string())
            .fetch_optional(connection)
            .await
            .map_err(error::store)?;
    found.as_deref().map(rows::json).transpose()
}

fn posted(row: &SqliteRow) -> Result<PostedFarewell, StoreError> {
    let cause: Option<String> = get(row, "cause")?;
    Ok(PostedFarewell {
        number: rows::count(get(row, "number")?)?,
        posted: UtcMillis(get(row, "posted_ms")?),
        farewell: Farewell {
            to: get(row, "recipient")?,
            to_home: get(row, "to_home")?,
            login: rows::login_id(&get::<String>(row, "login")?)?,
            phone: get(row, "phone")?,
            cause: cause.map(|cause| named(&cause)).transpose()?,
        },
    })
}
