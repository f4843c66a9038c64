//! Reading stored rows back.

use std::any::type_name;

use engine::{Actor, EndedLogin, Login, LoginId, PhoneId, UserId, UtcMillis, ports::StoreError};
use serde::{Deserialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};
use terms::Named;
use uuid::Uuid;

use crate::error;

pub(crate) use terms::{key, phone_key};

/// A column of a row.
pub(crate) fn get<'r, T>(row: &'r SqliteRow, column: &str) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(column).map_err(error::store)
}

/// The member of a closed set with this stored name.
pub(crate) fn named<T: Named>(name: &str) -> Result<T, StoreError> {
    let unknown = || StoreError::BadRow(format!("{name:?} is no {}", type_name::<T>()));
    T::stored(name).ok_or_else(unknown)
}

/// The columns that [`login`] reads.
pub(crate) const LOGIN_COLUMNS: &str = "id, user, user_cluster, phone, phone_cluster, model, description, \
     profile, type, from_ms, until_ms, began_by_kind, began_by, began_by_address";

/// An open login from a row of [`LOGIN_COLUMNS`].
pub(crate) fn login(row: &SqliteRow) -> Result<Login, StoreError> {
    Ok(Login {
        id: login_id(&get::<String>(row, "id")?)?,
        user: user(row)?,
        phone: phone(row)?,
        model: get(row, "model")?,
        description: get(row, "description")?,
        profile: get(row, "profile")?,
        login_type: named(&get::<String>(row, "type")?)?,
        from: UtcMillis(get(row, "from_ms")?),
        until: get::<Option<i64>>(row, "until_ms")?.map(UtcMillis),
        by: actor(row, "began_by_kind", "began_by", "began_by_address")?,
    })
}

/// The columns that [`ended`] reads.
pub(crate) const ENDED_COLUMNS: &str = "id, user, user_cluster, phone, phone_cluster, model, description, \
     profile, type, from_ms, until_ms, began_by_kind, began_by, began_by_address, ended_ms, cause, ended_by_kind, ended_by, ended_by_address, reason";

/// An ended login from a row of [`ENDED_COLUMNS`].
pub(crate) fn ended(row: &SqliteRow) -> Result<EndedLogin, StoreError> {
    Ok(EndedLogin {
        id: login_id(&get::<String>(row, "id")?)?,
        user: user(row)?,
        phone: phone(row)?,
        model: get(row, "model")?,
        description: get(row, "description")?,
        profile: get(row, "profile")?,
        login_type: named(&get::<String>(row, "type")?)?,
        from: UtcMillis(get(row, "from_ms")?),
        until: get::<Option<i64>>(row, "until_ms")?.map(UtcMillis),
        began_by: actor(row, "began_by_kind", "began_by", "began_by_address")?,
        ended: UtcMillis(get(row, "ended_ms")?),
        cause: named(&get::<String>(row, "cause")?)?,
        by: actor(row, "ended_by_kind", "ended_by", "ended_by_address")?,
        reason: get(row, "reason")?,
    })
}

/// The user of a login.
fn user(row: &SqliteRow) -> Result<UserId, StoreError> {
    Ok(UserId { cluster: get(row, "user_cluster")?, id: get(row, "user")? })
}

/// A user from the columns of the cluster and the id; `None` if there is no id.
pub(crate) fn user_if_any(
    row: &SqliteRow,
    cluster: &str,
    id: &str,
) -> Result<Option<UserId>, StoreError> {
    let Some(id) = get(row, id)? else { return Ok(None) };
    Ok(Some(UserId { cluster: get(row, cluster)?, id }))
}

/// The phone of a login.
fn phone(row: &SqliteRow) -> Result<PhoneId, StoreError> {
    Ok(PhoneId { cluster: get(row, "phone_cluster")?, name: get(row, "phone")? })
}

/// An actor from the columns that hold its kind, name and address.
pub(crate) fn actor(
    row: &SqliteRow,
    kind: &str,
    name: &str,
    address: &str,
) -> Result<Actor, StoreError> {
    Ok(Actor {
        kind: named(&get::<String>(row, kind)?)?,
        name: get(row, name)?,
        address: get(row, address)?,
    })
}

pub(crate) fn login_id(text: &str) -> Result<LoginId, StoreError> {
    text.parse::<Uuid>().map(LoginId).map_err(error::bad_row)
}

/// SQL that puts the columns of an open login `l` into one JSON value for [`OpenRow`].
macro_rules! open_login_json {
    () => {
        "json_object('id', l.id, 'user', l.user, 'user_cluster', l.user_cluster, 'phone', l.phone,
                     'phone_cluster', l.phone_cluster, 'model', l.model, 'description', l.description,
                     'profile', l.profile, 'type', l.type, 'from', l.from_ms, 'until', l.until_ms,
                     'by_kind', l.began_by_kind, 'by', l.began_by, 'by_address', l.began_by_address)"
    };
}
pub(crate) use open_login_json;

/// An open login as JSON.
/// A login that can't be decoded fails the request that needs it, not all requests of the same read.
#[derive(Deserialize)]
pub(crate) struct OpenRow {
    id: String,
    pub(crate) user: String,
    user_cluster: String,
    pub(crate) phone: String,
    phone_cluster: String,
    model: String,
    description: String,
    profile: String,
    #[serde(rename = "type")]
    login_type: String,
    from: i64,
    until: Option<i64>,
    by_kind: String,
    by: String,
    by_address: String,
}

impl TryFrom<OpenRow> for Login {
    type Error = StoreError;

    fn try_from(row: OpenRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: login_id(&row.id)?,
            user: UserId { cluster: row.user_cluster, id: row.user },
            phone: PhoneId { cluster: row.phone_cluster, name: row.phone },
            model: row.model,
            description: row.description,
            profile: row.profile,
            login_type: named(&row.login_type)?,
            from: UtcMillis(row.from),
            until: row.until.map(UtcMillis),
            by: Actor { kind: named(&row.by_kind)?, name: row.by, address: row.by_address },
        })
    }
}

/// A JSON value from a text column.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(error::bad_row)
}

/// A number of the database as unsigned.
pub(crate) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(error::bad_row)
}
