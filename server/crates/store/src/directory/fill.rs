//! The searched texts of rows that an earlier program has written.

use engine::{AppUser, DeviceProfile, Phone, User, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::{
    error,
    records::{self, Record},
};

/// Rows that are read at a time.
const AT_A_TIME: usize = 2_000;

/// Writes the searched texts that are missing. Only the program can fold a text.
pub(crate) async fn fill(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    fill_table::<AppUser>(connection, "app_users", "id").await?;
    fill_table::<DeviceProfile>(connection, "device_profiles", "name").await?;
    fill_table::<User>(connection, "users", "id").await?;
    fill_table::<Phone>(connection, "phones", "name").await
}

async fn fill_table<T: Record>(
    connection: &mut SqliteConnection,
    table: &str,
    name: &str,
) -> Result<(), StoreError> {
    let missing = format!("SELECT {name} FROM {table} WHERE search = ''");
    let names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(missing))
        .fetch_all(&mut *connection)
        .await
        .map_err(error::store)?;
    for names in names.chunks(AT_A_TIME) {
        let rows = readable::<T>(connection, names).await;
        let texts = rows.iter().map(|row| (T::key(row.name()), row.searched()));
        let texts: Vec<_> = texts.collect();
        let texts = serde_json::to_string(&texts).map_err(error::bad_row)?;
        let sql = format!(
            "UPDATE {table} SET search = text.value ->> 1 FROM json_each(?) AS text WHERE {table}.key = text.value ->> 0"
        );
        let written = sqlx::query(AssertSqlSafe(sql)).bind(texts).execute(&mut *connection).await;
        written.map_err(error::store)?;
    }
    Ok(())
}

/// The rows of `names` that can be read. A row that can't be read fails the requests that need it, and not the start.
async fn readable<T: Record>(connection: &mut SqliteConnection, names: &[String]) -> Vec<T> {
    if let Ok(rows) = records::read::<T>(connection, names).await {
        return rows.into_iter().flatten().collect();
    }
    let mut readable = Vec::new();
    for name in names {
        let row = records::read::<T>(connection, std::slice::from_ref(name)).await;
        readable.extend(row.into_iter().flatten().flatten());
    }
    readable
}
