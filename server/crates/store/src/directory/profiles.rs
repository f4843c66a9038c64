//! The list of device profiles.

use std::collections::HashMap;

use engine::{DirectoryPage, DirectoryQuery, ListedProfile, ProfileFilter, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::list::{List, plain};
use crate::{
    error,
    rows::{self, get},
    words::Value,
};

const PROFILES: List = List {
    table: "device_profiles",
    columns: "name, model, lines",
    key: rows::key,
    has_model: true,
    has_description: false,
};

/// The queries inside do not depend on the row, so SQLite runs each once.
const LOGGED_IN: &str =
    "name IN (SELECT profile FROM logins WHERE ended_ms IS NULL AND user_cluster = '')";
const UNUSED: &str = "name NOT IN (SELECT value FROM users, json_each(users.profiles))";

/// The number of users of each profile; `?1` is a JSON array of names.
const USERS_OF: &str =
    "SELECT value AS name, count(*) AS rows FROM users, json_each(users.profiles)
    WHERE value IN (SELECT value FROM json_each(?1)) GROUP BY value";
/// The number of open logins with each profile, likewise.
const OPEN_WITH: &str = "SELECT profile AS name, count(*) AS rows FROM logins
    WHERE ended_ms IS NULL AND user_cluster = '' AND profile IN (SELECT value FROM json_each(?1)) GROUP BY profile";

fn term(filter: ProfileFilter, _parameter: usize) -> (String, Option<Value>) {
    plain(match filter {
        ProfileFilter::LoggedIn => LOGGED_IN,
        ProfileFilter::Unused => UNUSED,
    })
}

pub(super) async fn list(
    tx: &mut SqliteConnection,
    query: &DirectoryQuery<ProfileFilter>,
) -> Result<DirectoryPage<ListedProfile>, StoreError> {
    let (found, matching) = PROFILES.page(tx, query, term).await?;
    let mut rows: Vec<_> = found.iter().map(profile).collect::<Result<_, _>>()?;
    let names: Vec<_> = rows.iter().map(|one| &one.name).collect();
    let names = serde_json::to_string(&names).map_err(error::bad_row)?;
    let users = counts(tx, USERS_OF, &names).await?;
    let open = counts(tx, OPEN_WITH, &names).await?;
    for row in &mut rows {
        row.users = users.get(&row.name).copied().unwrap_or_default();
        row.open = open.get(&row.name).copied().unwrap_or_default();
    }
    Ok(DirectoryPage { rows, matching })
}

async fn counts(
    tx: &mut SqliteConnection,
    sql: &'static str,
    names: &str,
) -> Result<HashMap<String, u64>, StoreError> {
    let found = sqlx::query(sql).bind(names).fetch_all(tx).await.map_err(error::store)?;
    let pair = |row: &SqliteRow| Ok((get(row, "name")?, rows::count(get(row, "rows")?)?));
    found.iter().map(pair).collect()
}

fn profile(row: &SqliteRow) -> Result<ListedProfile, StoreError> {
    let lines = rows::json(&get::<String>(row, "lines")?)?;
    Ok(ListedProfile {
        name: get(row, "name")?,
        model: get(row, "model")?,
        lines,
        users: 0,
        open: 0,
    })
}
