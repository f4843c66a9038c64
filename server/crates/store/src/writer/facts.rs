//! The facts for the rules on log-in and log-out requests: one statement reads them for many requests.

use std::sync::Arc;

use engine::{
    Facts, Intent, LoginId, PhoneFacts, UserFacts, UserId, UtcMillis, Version, ports::StoreError,
    transaction::Names,
};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use terms::{Release, ServiceParameters};

use crate::{
    error,
    rows::{self, OpenRow, open_login_json},
};

/// The identity of a user or phone: the owning cluster, and the key of the name there.
pub(super) type Key = (String, String);

/// The keys by which the facts of an operation are found.
#[derive(Clone, Default, Serialize)]
pub(super) struct Keys {
    pub(super) user: Option<Key>,
    pub(super) phone: Option<Key>,
    pub(super) profile: Option<String>,
    pub(super) stay: Option<LoginId>,
}

impl From<&Names> for Keys {
    fn from(names: &Names) -> Self {
        Self {
            user: names.user.as_ref().map(|user| (user.cluster.clone(), rows::key(&user.id))),
            phone: names
                .phone
                .as_ref()
                .map(|phone| (phone.cluster.clone(), rows::phone_key(&phone.name))),
            profile: names.profile.as_deref().map(rows::key),
            stay: names.stay,
        }
    }
}

/// SQL that reads facts; `?1` is a JSON array of [`Keys`].
/// The answer is one row, since each row costs a handover.
macro_rules! facts {
    () => {
        concat!(
            "WITH k AS MATERIALIZED (
         SELECT key, value ->> '$.user[0]' AS user_cluster, value ->> '$.user[1]' AS user,
                value ->> '$.phone[0]' AS phone_cluster, value ->> '$.phone[1]' AS phone,
                value ->> 'profile' AS profile, value ->> 'stay' AS stay
           FROM json_each(?1))
     SELECT (SELECT version FROM configuration),
            json_group_array(json_array(
                u.id, u.enabled, u.emcc, u.max_login_minutes, u.profiles,
                p.name, p.model, p.description, p.extension_mobility, p.address,
                d.name,
                json((SELECT json_group_array(",
            open_login_json!(),
            ")
                   FROM logins l WHERE l.ended_ms IS NULL AND l.user_key = k.user
                                   AND l.user_cluster = k.user_cluster)),
                json((SELECT ",
            open_login_json!(),
            "
                   FROM logins l WHERE l.ended_ms IS NULL AND l.phone_key = k.phone
                                   AND l.phone_cluster = k.phone_cluster)),
                json((SELECT json_array(i.id, i.phone, i.user_cluster, i.user, i.expires_ms)
                   FROM intents i WHERE i.phone_key = k.phone AND k.phone_cluster = '')),
                EXISTS (SELECT 1 FROM phones n WHERE n.key = k.phone AND k.phone_cluster <> ''),
                EXISTS (SELECT 1 FROM buried_stays b
                         WHERE b.visiting = k.phone_cluster AND b.login = k.stay)
                OR EXISTS (SELECT 1 FROM logins o WHERE o.id = k.stay
                            AND (o.ended_ms IS NOT NULL OR o.phone_key <> k.phone
                                 OR o.phone_cluster <> k.phone_cluster))
            ) ORDER BY k.key)
       FROM k
       LEFT JOIN users u ON u.key = k.user AND k.user_cluster = ''
       LEFT JOIN phones p ON p.key = k.phone AND k.phone_cluster = ''
       LEFT JOIN device_profiles d ON d.key = k.profile"
        )
    };
}

/// The facts of one request: the columns of `facts!` in their order.
#[derive(Deserialize)]
pub(super) struct Row {
    user: Option<String>,
    enabled: Option<u8>,
    emcc: Option<u8>,
    max_login_minutes: Option<u32>,
    profiles: Option<String>,
    phone: Option<String>,
    model: Option<String>,
    description: Option<String>,
    extension_mobility: Option<u8>,
    address: Option<String>,
    profile: Option<String>,
    of_user: Vec<OpenRow>,
    on_phone: Option<OpenRow>,
    intent: Option<IntentRow>,
    has_namesake: u8,
    is_over: u8,
}

/// An intent: its columns in the order of `facts!`.
#[derive(Deserialize)]
struct IntentRow(LoginId, String, String, String, i64);

impl From<IntentRow> for Intent {
    fn from(IntentRow(id, phone, cluster, user, expires): IntentRow) -> Self {
        Self { id, phone, user: UserId { cluster, id: user }, expires: UtcMillis(expires) }
    }
}

/// Reads the facts of each request, in the order of the requests, and the configuration's version.
/// With `begins`, the same statement begins the transaction, without an extra handover.
pub(super) async fn read(
    tx: &mut SqliteConnection,
    keys: &[Keys],
    begins: bool,
) -> Result<(Version, Vec<Row>), StoreError> {
    let keys = serde_json::to_string(keys).map_err(error::bad_row)?;
    let sql = if begins { concat!("BEGIN IMMEDIATE; ", facts!()) } else { facts!() };
    let (version, found): (i64, String) =
        sqlx::query_as(sql).bind(keys).fetch_one(tx).await.map_err(error::store)?;
    Ok((Version(rows::count(version)?), rows::json(&found)?))
}

impl Row {
    /// The facts of the request, under these parameters.
    pub(super) fn facts(
        self,
        version: Version,
        (parameters, release): (Arc<ServiceParameters>, Release),
    ) -> Result<Facts, StoreError> {
        let user = self.user.map(|id| {
            Ok(UserFacts {
                id,
                enabled: self.enabled == Some(1),
                emcc: self.emcc == Some(1),
                max_login_minutes: self.max_login_minutes,
                profiles: rows::json(self.profiles.as_deref().unwrap_or("[]"))?,
            })
        });
        Ok(Facts {
            version,
            parameters,
            release,
            user: user.transpose()?,
            phone: self.phone.map(|name| PhoneFacts {
                name,
                model: self.model.unwrap_or_default(),
                description: self.description.unwrap_or_default(),
                extension_mobility: self.extension_mobility == Some(1),
                address: self.address,
            }),
            profile: self.profile,
            open_of_user: self
                .of_user
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
            open_on_phone: self.on_phone.map(TryInto::try_into).transpose()?,
            intent_on_phone: self.intent.map(Into::into),
            has_namesake: self.has_namesake == 1,
            is_over: self.is_over == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;
    use crate::{Limits, SqliteStore};

    /// The number of rows that a login reads does not depend on the number of stored rows.
    #[tokio::test]
    async fn the_facts_of_a_login_are_found_by_key() {
        let folder = tempfile::tempdir().unwrap();
        let store =
            SqliteStore::open(&folder.path().join("s.db"), Limits::default()).await.unwrap();
        let plan: Vec<String> =
            sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", facts!())))
                .fetch_all(&store.readers)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get("detail"))
                .collect();
        // `k` holds the requests, and the table `configuration` has one row.
        let scans = plan.iter().filter(|step| step.starts_with("SCAN")).collect::<Vec<_>>();
        assert_eq!(
            scans,
            ["SCAN json_each VIRTUAL TABLE INDEX 1:", "SCAN k", "SCAN configuration"],
            "{plan:#?}"
        );
        for step in [
            "SEARCH u USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH p USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH d USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH l USING INDEX login_open_user (user_key=? AND user_cluster=?)",
            "SEARCH l USING INDEX login_open_phone (phone_key=? AND phone_cluster=?)",
        ] {
            assert!(plan.iter().any(|found| found == step), "{step}: {plan:#?}");
        }
    }
}
