//! The list of users.

use engine::{DirectoryPage, DirectoryQuery, ListedUser, PhoneId, UserFilter, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::list::{List, plain};
use crate::{
    error,
    rows::{self, get},
    words::Value,
};

const USERS: List = List {
    table: "users",
    columns: "id, enabled, emcc, pin_must_change, max_login_minutes, profiles, primary_extension, self_service_id,
              (SELECT count(*) FROM logins WHERE ended_ms IS NULL AND user_key = listed.key
                  AND user_cluster = '') AS open,
              (SELECT json_array(phone, phone_cluster) FROM logins WHERE ended_ms IS NULL
                  AND user_key = listed.key AND user_cluster = '' ORDER BY from_ms DESC LIMIT 1) AS phone",
    key: rows::key,
    has_model: false,
    has_description: false,
};

const LOGGED_IN: &str = "EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NULL
    AND user_key = listed.key AND user_cluster = '')";
/// An index serves each half. A phone keeps its last user longer than the history keeps the login.
const NO_KNOWN_LOGIN: &str = "NOT EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NULL
        AND user_key = listed.key AND user_cluster = '')
    AND NOT EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NOT NULL
        AND user_key = listed.key AND user_cluster = '')
    AND id NOT IN (SELECT last_user FROM phones WHERE last_user IS NOT NULL AND last_user_cluster = '')";

fn term(filter: UserFilter, parameter: usize) -> (String, Option<Value>) {
    match filter {
        UserFilter::LoggedIn => plain(LOGGED_IN),
        UserFilter::NoKnownLogin => plain(NO_KNOWN_LOGIN),
        UserFilter::NoProfile => plain("profiles = '[]'"),
        UserFilter::Disabled => plain("NOT enabled"),
        UserFilter::PinMustChange => plain("pin_must_change"),
        UserFilter::Emcc => plain("emcc"),
        UserFilter::HasProfile(profile) => {
            let condition = format!(
                "EXISTS (SELECT 1 FROM json_each(listed.profiles) WHERE value = ?{parameter})"
            );
            (condition, Some(Value::Text(profile)))
        }
        UserFilter::Named(ids) => {
            let keys: Vec<_> = ids.iter().map(|id| rows::key(id)).collect();
            let keys = serde_json::to_string(&keys).unwrap_or_default();
            let condition = format!("key IN (SELECT value FROM json_each(?{parameter}))");
            (condition, Some(Value::Text(keys)))
        }
    }
}

pub(super) async fn list(
    tx: &mut SqliteConnection,
    query: &DirectoryQuery<UserFilter>,
) -> Result<DirectoryPage<ListedUser>, StoreError> {
    let (found, matching) = USERS.page(tx, query, term).await?;
    Ok(DirectoryPage { rows: found.iter().map(user).collect::<Result<_, _>>()?, matching })
}

fn user(row: &SqliteRow) -> Result<ListedUser, StoreError> {
    let phone: Option<String> = get(row, "phone")?;
    let phone: Option<(String, String)> = phone.as_deref().map(rows::json).transpose()?;
    Ok(ListedUser {
        id: get(row, "id")?,
        enabled: get(row, "enabled")?,
        emcc: get(row, "emcc")?,
        pin_must_change: get(row, "pin_must_change")?,
        max_login_minutes: get(row, "max_login_minutes")?,
        profiles: serde_json::from_str(&get::<String>(row, "profiles")?).map_err(error::bad_row)?,
        primary_extension: get(row, "primary_extension")?,
        self_service_id: get(row, "self_service_id")?,
        open: rows::count(get(row, "open")?)?,
        phone: phone.map(|(name, cluster)| PhoneId { cluster, name }),
    })
}
