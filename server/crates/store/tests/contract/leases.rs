//! Leases: one holder at a time.

use engine::UtcMillis;
use futures::future::join_all;

use super::{Database, nodes};

pub async fn one_holder_at_a_time(database: &impl Database) {
    let nodes = nodes(database, 3).await;
    let take = async |index: usize, holder: &str, now_ms: i64| {
        nodes[index].take_lease("sweep", holder, UtcMillis(now_ms), 1_000).await.unwrap()
    };
    let won = join_all([take(0, "a", 0), take(1, "b", 0), take(2, "c", 0)]).await;
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let index = won.iter().position(|won| *won).unwrap();
    let (holder, other) = (["a", "b", "c"][index], ["b", "c", "a"][index]);
    assert!(take(index, holder, 900).await, "the holder keeps it");
    assert!(!take(0, other, 1_899).await, "no other holder takes a lease before its end");
    assert!(take(0, other, 1_900).await, "a lease ends at its time");
    assert!(!take(index, holder, 1_900).await);
}
