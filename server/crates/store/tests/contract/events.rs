//! Events: numbered without gaps, in the order in which they can be read.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use engine::{EndedLogin, EventKind, ListQuery};

use super::{
    Database,
    fixture::{behavior, done, filled, log_in, log_out, open},
    nodes,
};

const LOGINS: i64 = 120;

pub async fn no_reader_sees_a_number_before_a_lower_one(database: &impl Database) {
    let nodes = nodes(database, 4).await;
    filled(&nodes[0]).await;
    behavior(&nodes[0], "Multiple Logins Allowed").await;
    let writing = Arc::new(AtomicBool::new(true));
    let reader = nodes[3].clone();
    let still = Arc::clone(&writing);
    let reading = tokio::spawn(async move {
        let mut seen = 0;
        loop {
            let more = still.load(Ordering::SeqCst);
            let page = reader.events_after(seen, 50).await.unwrap();
            assert!(!page.gap);
            for event in &page.events {
                assert_eq!(event.number, seen + 1, "a number was skipped");
                seen = event.number;
            }
            if !more && page.events.is_empty() {
                return seen;
            }
            tokio::task::yield_now().await;
        }
    });
    let writers: Vec<_> = (1..=3)
        .map(|number: usize| {
            let node = nodes[number - 1].clone();
            tokio::spawn(async move {
                for now in 0..LOGINS {
                    done(log_in(&node, now, "john", &format!("SEP{number}")).await);
                    done(log_out(&node, now, &format!("SEP{number}")).await);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    writing.store(false, Ordering::SeqCst);
    let seen = reading.await.unwrap();
    assert_eq!(seen, nodes[0].events_after(0, 0).await.unwrap().latest);
    assert!(seen >= 3 * 2 * LOGINS.unsigned_abs());
}

pub async fn a_snapshot_and_the_events_after_it_miss_nothing(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    filled(&nodes[0]).await;
    behavior(&nodes[0], "Multiple Logins Allowed").await;
    let node = nodes[1].clone();
    let writer = tokio::spawn(async move {
        for now in 0..LOGINS {
            let phone = format!("SEP{}", now % 9 + 1);
            if now / 9 % 2 == 0 {
                done(log_in(&node, now, "john", &phone).await);
            } else {
                done(log_out(&node, now, &phone).await);
            }
        }
    });
    let mut snapshots = Vec::new();
    while !writer.is_finished() {
        let query = ListQuery { limit: 100, ..ListQuery::default() };
        snapshots.push(nodes[0].active_logins(&query).await.unwrap());
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
    let now = open(&nodes[0]).await;
    for snapshot in snapshots {
        let mut rows: Vec<_> =
            snapshot.rows.into_iter().map(|row| (row.id, row.phone.name, row.user.id)).collect();
        let page = nodes[0].events_after(snapshot.as_of, 10_000).await.unwrap();
        for event in page.events {
            match event.kind {
                EventKind::LoggedIn(login) => {
                    assert!(
                        !rows.iter().any(|(id, ..)| *id == login.id),
                        "the login is in the rows twice"
                    );
                    rows.push((login.id, login.phone.name, login.user.id));
                }
                EventKind::LoggedOut(EndedLogin { id, .. }) => {
                    let before = rows.len();
                    rows.retain(|(row, ..)| *row != id);
                    assert_eq!(rows.len() + 1, before, "the ended login is not in the rows");
                }
                _ => {}
            }
        }
        let mut rows: Vec<_> = rows.into_iter().map(|(_, phone, user)| (phone, user)).collect();
        rows.sort();
        assert_eq!(rows, now);
    }
}
