//! Service parameters that older programs stored.

use engine::ports::ConfigurationStore;
use sqlx::{ConnectOptions, Connection};
use terms::Parameter;

use super::{MIGRATIONS, migrator};
use crate::{Limits, SqliteStore, open::writing};

const ENFORCE: &str = "Enforce Intra-cluster Maximum Login Time";
const LIMIT: &str = "Intra-cluster Maximum Login Time";

/// The limit and its effect after the update of a database with these rows.
async fn updated(rows: &[(&str, &str)]) -> (String, u32) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
    let before = MIGRATIONS.iter().position(|(version, ..)| *version == 19).unwrap();
    migrator(before).run(&mut connection).await.unwrap();
    for (name, value) in rows {
        let insert = sqlx::query("INSERT INTO service_parameters VALUES (?, ?)");
        insert.bind(name).bind(value).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
    let parameters = store.configuration().await.unwrap().parameters;
    let limit = parameters.value(Parameter::IntraMaximum).to_owned();
    (limit, parameters.intra_limit_minutes())
}

/// The default was 0, which is unlimited, and is 8:00 now.
#[tokio::test]
async fn an_update_changes_no_limit_in_force() {
    assert_eq!(updated(&[(ENFORCE, "True")]).await, ("0".into(), 0));
    assert_eq!(updated(&[(ENFORCE, "True"), (LIMIT, "2:00")]).await, ("2:00".into(), 120));
    assert_eq!(updated(&[(ENFORCE, "True"), (LIMIT, "8:00")]).await, ("8:00".into(), 480));
    assert_eq!(updated(&[(ENFORCE, "False")]).await, ("8:00".into(), 0));
    assert_eq!(updated(&[(LIMIT, "0")]).await, ("0".into(), 0));
    assert_eq!(updated(&[]).await, ("8:00".into(), 0), "as a new cluster");
}
