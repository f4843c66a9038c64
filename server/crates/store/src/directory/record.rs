//! Records by their names, and what depends on records.

use engine::{InUse, StoredRecord, ports::StoreError};
use sqlx::SqliteConnection;
use terms::RecordKind;

use crate::{
    error,
    records::{self, Record},
    rows,
};

const LOGINS_OF_USERS: &str =
    "SELECT count(*) FROM json_each(?) keys JOIN logins ON ended_ms IS NULL
    AND user_key = keys.value AND user_cluster = ''";
const LOGINS_AT_PHONES: &str =
    "SELECT count(*) FROM json_each(?) keys JOIN logins ON ended_ms IS NULL
    AND phone_key = keys.value AND phone_cluster = ''";
const LOGINS_WITH_PROFILES: &str =
    "SELECT count(*) FROM logins WHERE ended_ms IS NULL AND user_cluster = ''
    AND profile IN (SELECT value FROM json_each(?))";
const USERS_WITH_PROFILES: &str = "SELECT count(*) FROM users
    WHERE EXISTS (SELECT 1 FROM json_each(users.profiles) AS has
        WHERE has.value IN (SELECT value FROM json_each(?)))";

pub(super) async fn read(
    tx: &mut SqliteConnection,
    kind: RecordKind,
    names: &[String],
) -> Result<Vec<StoredRecord>, StoreError> {
    match kind {
        RecordKind::Users => of_kind(tx, names, StoredRecord::User).await,
        RecordKind::Phones => of_kind(tx, names, StoredRecord::Phone).await,
        RecordKind::DeviceProfiles => of_kind(tx, names, StoredRecord::DeviceProfile).await,
        RecordKind::ApplicationUsers => of_kind(tx, names, StoredRecord::AppUser).await,
    }
}

async fn of_kind<T: Record>(
    tx: &mut SqliteConnection,
    names: &[String],
    record: fn(T) -> StoredRecord,
) -> Result<Vec<StoredRecord>, StoreError> {
    let rows = records::read(tx, names).await?;
    Ok(rows.into_iter().flatten().map(record).collect())
}

/// What depends on the records of these names. Names of device profiles have their stored spelling.
pub(super) async fn in_use(
    tx: &mut SqliteConnection,
    kind: RecordKind,
    names: &[String],
) -> Result<InUse, StoreError> {
    let keys = |key: fn(&str) -> String| names.iter().map(|name| key(name)).collect::<Vec<_>>();
    Ok(match kind {
        RecordKind::Users => {
            InUse { logins: count(tx, LOGINS_OF_USERS, &keys(rows::key)).await?, users: 0 }
        }
        RecordKind::Phones => {
            InUse { logins: count(tx, LOGINS_AT_PHONES, &keys(rows::phone_key)).await?, users: 0 }
        }
        RecordKind::DeviceProfiles => InUse {
            logins: count(tx, LOGINS_WITH_PROFILES, names).await?,
            users: count(tx, USERS_WITH_PROFILES, names).await?,
        },
        RecordKind::ApplicationUsers => InUse::default(),
    })
}

async fn count(
    tx: &mut SqliteConnection,
    sql: &'static str,
    of: &[String],
) -> Result<u64, StoreError> {
    let of = serde_json::to_string(of).map_err(error::bad_row)?;
    let counted = sqlx::query_scalar(sql).bind(of).fetch_one(tx).await.map_err(error::store)?;
    rows::count(counted)
}
