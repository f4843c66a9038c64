//! The list of application users.

use engine::{AppUserFilter, DirectoryPage, DirectoryQuery, ListedAppUser, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::list::{List, plain};
use crate::{
    rows::{self, get},
    words::Value,
};

const APP_USERS: List = List {
    table: "app_users",
    columns: "id, proxy",
    key: rows::key,
    has_model: false,
    has_description: false,
};

fn term(filter: AppUserFilter, _parameter: usize) -> (String, Option<Value>) {
    plain(match filter {
        AppUserFilter::Proxy => "proxy",
        AppUserFilter::NoProxy => "NOT proxy",
    })
}

pub(super) async fn list(
    tx: &mut SqliteConnection,
    query: &DirectoryQuery<AppUserFilter>,
) -> Result<DirectoryPage<ListedAppUser>, StoreError> {
    let (found, matching) = APP_USERS.page(tx, query, term).await?;
    Ok(DirectoryPage { rows: found.iter().map(app_user).collect::<Result<_, _>>()?, matching })
}

fn app_user(row: &SqliteRow) -> Result<ListedAppUser, StoreError> {
    Ok(ListedAppUser { id: get(row, "id")?, proxy: get(row, "proxy")? })
}
