//! Attempts: stored rows read back, and the number of source addresses stays within its bound.

use engine::{
    Actor, AuditQuery, UtcMillis,
    ports::{AttemptChanges, KnownSource, TallyKey, TallyRow},
};

use super::Database;

fn tally(name: &str, failures: u32) -> TallyRow {
    let key = TallyKey {
        scope: "name".to_owned(),
        kind: "user".to_owned(),
        name: name.to_owned(),
        ..TallyKey::default()
    };
    TallyRow { key, failures, secret: -7, wait_ms: 1_000, forget_ms: 2_000 }
}

fn source(name: &str, number: u32) -> KnownSource {
    let source = format!("192.0.2.{number}");
    KnownSource { kind: "user".to_owned(), name: name.to_owned(), source }
}

pub async fn tallies_are_read_back_as_stored_until_their_deletion(database: &impl Database) {
    let store = database.node().await;
    let save = async |tallies: Vec<TallyRow>, forgotten: Vec<TallyKey>, now: i64| {
        let changes = AttemptChanges { tallies, forgotten, ..AttemptChanges::default() };
        store.save_attempts(changes, UtcMillis(now)).await.unwrap();
        store.attempt_tallies().await.unwrap()
    };
    save(vec![tally("john", 1), tally("jane", 2)], Vec::new(), 1).await;
    let all = save(vec![tally("john", 3)], vec![tally("jane", 0).key], 5).await;
    assert_eq!(all, [(tally("john", 3), UtcMillis(5))]);
}

pub async fn the_sources_of_a_name_are_bounded_to_the_last_used_ones(database: &impl Database) {
    let store = database.node().await;
    for number in 0..40 {
        let sources = vec![source("john", number), source("jane", 0)];
        let changes = AttemptChanges { sources, ..AttemptChanges::default() };
        store.save_attempts(changes, UtcMillis(i64::from(number))).await.unwrap();
    }
    let known = async |name: &str, number| {
        store.known_source(&source(name, number)).await.unwrap().map(|at| at.0)
    };
    assert_eq!((known("john", 7).await, known("john", 8).await), (None, Some(8)));
    assert_eq!((known("john", 39).await, known("jane", 0).await), (Some(39), Some(39)));
    assert_eq!(store.forget_sources(UtcMillis(20), 5).await.unwrap(), 5);
    assert_eq!((known("john", 12).await, known("john", 13).await), (None, Some(13)));
    assert_eq!(store.forget_sources(UtcMillis(20), 500).await.unwrap(), 7);
    assert_eq!(store.forget_sources(UtcMillis(20), 500).await.unwrap(), 0);
}

pub async fn audit_rows_are_written_with_the_tallies(database: &impl Database) {
    let store = database.node().await;
    let audit =
        vec![(Actor::user("john", "192.0.2.1"), "lock_pin", "user john".into(), "5".into())];
    let changes = AttemptChanges { audit, ..AttemptChanges::default() };
    store.save_attempts(changes, UtcMillis(9)).await.unwrap();
    let query = AuditQuery { limit: 10, ..AuditQuery::default() };
    let rows = store.audit(&query).await.unwrap().rows;
    assert_eq!((rows[0].action.as_str(), rows[0].by.address.as_str()), ("lock_pin", "192.0.2.1"));
}
