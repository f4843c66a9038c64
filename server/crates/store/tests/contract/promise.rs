//! The promise of Multiple Login Behavior, on any number of nodes.
//! Under Not Allowed, no login is admitted while its user has another open login. Under Auto Logout, an
//! admitted login is its user's only open login.

use engine::{Admitted, ports::Outcome};
use futures::future::join_all;

use super::{
    Database, Node,
    fixture::{behavior, done, filled, log_in, log_out, open, refused},
    nodes,
};

const ROUNDS: i64 = 25;

/// john logs in at nine phones at once, over every node.
async fn at_once(nodes: &[Node], now_ms: i64) -> Vec<Outcome<Admitted>> {
    join_all((1..=9).map(|number| {
        let node = nodes[number % nodes.len()].clone();
        async move {
            let attempt = tokio::spawn(async move {
                log_in(&node, now_ms, "john", &format!("SEP{number}")).await
            });
            attempt.await.unwrap()
        }
    }))
    .await
}

async fn empty(node: &Node, now_ms: i64) {
    for (phone, _) in open(node).await {
        done(log_out(node, now_ms, &phone).await);
    }
}

pub async fn not_allowed_holds_against_many_nodes_at_once(database: &impl Database) {
    let nodes = nodes(database, 3).await;
    filled(&nodes[0]).await;
    for round in 0..ROUNDS {
        let outcomes = at_once(&nodes, round).await;
        let admitted = outcomes.iter().filter(|one| matches!(one, Outcome::Done(_))).count();
        let refused = outcomes
            .iter()
            .filter(|one| matches!(one, Outcome::Refused(terms::ErrorCode::LoggedInElsewhere)));
        assert_eq!((admitted, refused.count()), (1, 8), "{outcomes:?}");
        assert_eq!(open(&nodes[0]).await.len(), 1);
        empty(&nodes[0], round).await;
    }
}

pub async fn auto_logout_leaves_one_login_against_many_nodes_at_once(database: &impl Database) {
    let nodes = nodes(database, 3).await;
    filled(&nodes[0]).await;
    behavior(&nodes[0], "Auto Logout").await;
    for round in 0..ROUNDS {
        let outcomes = at_once(&nodes, round).await;
        assert!(outcomes.iter().all(|one| matches!(one, Outcome::Done(_))), "{outcomes:?}");
        assert_eq!(open(&nodes[1]).await.len(), 1);
        empty(&nodes[0], round).await;
    }
}

pub async fn one_phone_takes_one_of_many_concurrent_log_ins(database: &impl Database) {
    let nodes = nodes(database, 3).await;
    filled(&nodes[0]).await;
    behavior(&nodes[0], "Multiple Logins Allowed").await;
    for round in 0..ROUNDS {
        let outcomes = join_all((0..6).map(|index| {
            let node = nodes[index % nodes.len()].clone();
            let user = if index % 2 == 0 { "john" } else { "Jane" };
            tokio::spawn(async move { log_in(&node, round, user, "SEP1").await })
        }))
        .await;
        let admitted = outcomes.iter().filter(|one| matches!(one, Ok(Outcome::Done(_)))).count();
        assert_eq!(admitted, 1);
        empty(&nodes[0], round).await;
    }
}

pub async fn a_change_of_behavior_holds_at_the_next_request(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    filled(&nodes[0]).await;
    done(log_in(&nodes[0], 0, "john", "SEP1").await);
    for _ in 0..10 {
        // One node changes the parameter, and the other node applies it.
        behavior(&nodes[1], "Multiple Logins Not Allowed").await;
        assert_eq!(refused(&log_in(&nodes[0], 0, "john", "SEP2").await), 25);
        behavior(&nodes[1], "Multiple Logins Allowed").await;
        done(log_in(&nodes[0], 0, "john", "SEP2").await);
        done(log_out(&nodes[0], 0, "SEP2").await);
    }
}
