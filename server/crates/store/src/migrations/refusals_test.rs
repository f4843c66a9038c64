//! Refusals that older programs stored as events.

use engine::{Refusal, RefusalQuery, ports::Archive};
use sqlx::{ConnectOptions, Connection};
use terms::ActorKind;

use super::migrator;
use crate::{Limits, SqliteStore, open::writing};

/// The number of migrations of a program that stored refusals as events alone.
const BEFORE: usize = 7;

#[tokio::test]
async fn refusals_that_were_events_have_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
    migrator(BEFORE).run(&mut connection).await.unwrap();
    let refused = r#""event":"refused","user":"john","phone":"SEP2","code":25,
                     "by":{"kind":"application_user","name":"emproxy","address":"192.0.2.1"}"#;
    for (at, body) in [
        (60_001, format!("{{{refused}}}")),
        (60_009, format!("{{{refused},\"times\":4}}")),
        (120_000, format!("{{{refused},\"times\":2}}")),
        (120_001, r#"{"event":"refused","code":1,"times":3}"#.to_owned()),
        (120_002, r#"{"event":"roaming","code":7}"#.to_owned()),
        (120_003, r#"{"event":"refused","code":"of tomorrow"}"#.to_owned()),
    ] {
        let insert = sqlx::query("INSERT INTO events (at_ms, body) VALUES (?, ?)").bind(at);
        insert.bind(body).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
    let all = RefusalQuery { limit: 9, ..RefusalQuery::default() };
    let rows = store.refusals(&all).await.unwrap().rows;
    let rows = rows.iter().map(|row| {
        let Refusal { code, phone, by, first, last, times, .. } = &row.refusal;
        (*code, phone.as_str(), by.kind, first.0, last.0, *times)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            (1, "", ActorKind::Other, 120_001, 120_001, 3),
            (25, "SEP2", ActorKind::ApplicationUser, 120_000, 120_000, 2),
            (25, "SEP2", ActorKind::ApplicationUser, 60_001, 60_009, 5),
        ]
    );
}
