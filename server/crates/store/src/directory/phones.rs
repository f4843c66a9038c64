//! The list of phones.

use engine::{DirectoryPage, DirectoryQuery, ListedPhone, PhoneFilter, UserId, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::list::{List, plain};
use crate::{
    rows::{self, get},
    words::Value,
};

const PHONES: List = List {
    table: "phones",
    columns: "name, model, description, address, extension_mobility, lines,
              (SELECT json_array(user, user_cluster) FROM logins WHERE ended_ms IS NULL
                  AND phone_key = listed.key AND phone_cluster = '') AS user",
    key: rows::phone_key,
    has_model: true,
    has_description: true,
};

const LOGGED_IN: &str = "EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NULL
    AND phone_key = listed.key AND phone_cluster = '')";
/// An index serves each half. The last user stays known after the retention of the history.
const NEVER_USED: &str = "NOT EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NULL
        AND phone_key = listed.key AND phone_cluster = '')
    AND NOT EXISTS (SELECT 1 FROM logins WHERE ended_ms IS NOT NULL
        AND phone_key = listed.key AND phone_cluster = '')
    AND last_user IS NULL";
/// The query inside does not depend on the row, so SQLite runs it once.
const OTHER_MODEL: &str = "key IN (SELECT l.phone_key FROM logins l JOIN device_profiles p ON p.name = l.profile
    WHERE l.ended_ms IS NULL AND l.phone_cluster = '' AND l.user_cluster = '' AND p.model <> l.model)";

fn term(filter: PhoneFilter, _parameter: usize) -> (String, Option<Value>) {
    plain(match filter {
        PhoneFilter::LoggedIn => LOGGED_IN,
        PhoneFilter::NeverUsed => NEVER_USED,
        PhoneFilter::Off => "NOT extension_mobility",
        PhoneFilter::NoAddress => "coalesce(address, '') = ''",
        PhoneFilter::OtherModel => OTHER_MODEL,
    })
}

pub(super) async fn list(
    tx: &mut SqliteConnection,
    query: &DirectoryQuery<PhoneFilter>,
) -> Result<DirectoryPage<ListedPhone>, StoreError> {
    let (found, matching) = PHONES.page(tx, query, term).await?;
    Ok(DirectoryPage { rows: found.iter().map(phone).collect::<Result<_, _>>()?, matching })
}

fn phone(row: &SqliteRow) -> Result<ListedPhone, StoreError> {
    let user: Option<String> = get(row, "user")?;
    let user: Option<(String, String)> = user.as_deref().map(rows::json).transpose()?;
    Ok(ListedPhone {
        name: get(row, "name")?,
        model: get(row, "model")?,
        description: get(row, "description")?,
        address: get(row, "address")?,
        extension_mobility: get(row, "extension_mobility")?,
        lines: rows::json(&get::<String>(row, "lines")?)?,
        user: user.map(|(id, cluster)| UserId { cluster, id }),
    })
}
