//! Reading stored rows back.

use engine::{Login, LoginId, UtcMillis, decide::OpenLogin, ports::StoreError};
use serde::{Deserialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;

use crate::error;

/// The form in which user ids and administrators' names are compared.
pub(crate) fn key(name: &str) -> String {
    terms::LoginFilter::fold(name)
}

/// The columns that [`login`] reads.
pub(crate) const LOGIN_COLUMNS: &str = "id, user, phone, model, profile, from_ms, until_ms";

/// An open login from a row of [`LOGIN_COLUMNS`].
pub(crate) fn login(row: &SqliteRow) -> Result<Login, StoreError> {
    let id: String = row.try_get("id").map_err(error::store)?;
    Ok(Login {
        id: login_id(&id)?,
        user: row.try_get("user").map_err(error::store)?,
        phone: row.try_get("phone").map_err(error::store)?,
        model: row.try_get("model").map_err(error::store)?,
        profile: row.try_get("profile").map_err(error::store)?,
        from: UtcMillis(row.try_get("from_ms").map_err(error::store)?),
        until: row.try_get::<Option<i64>, _>("until_ms").map_err(error::store)?.map(UtcMillis),
    })
}

fn login_id(text: &str) -> Result<LoginId, StoreError> {
    text.parse::<Uuid>().map(LoginId).map_err(error::bad_row)
}

/// SQL that puts the columns of an open login `l` into one JSON value for [`OpenRow`].
macro_rules! open_login_json {
    () => {
        "json_object('id', l.id, 'user', l.user, 'phone', l.phone, 'profile', l.profile,
                     'until', l.until_ms)"
    };
}
pub(crate) use open_login_json;

/// An open login as JSON.
#[derive(Deserialize)]
pub(crate) struct OpenRow {
    id: Uuid,
    user: String,
    phone: String,
    profile: String,
    until: Option<i64>,
}

impl From<OpenRow> for OpenLogin {
    fn from(row: OpenRow) -> Self {
        Self {
            id: LoginId(row.id),
            user: row.user,
            phone: row.phone,
            profile: row.profile,
            until: row.until.map(UtcMillis),
        }
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
