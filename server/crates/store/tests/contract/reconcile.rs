//! Clusters ask each other which of their stays are over, and tolerate a silent peer.

use engine::{Actor, LoginId, StayRole, Stays, UtcMillis};
use terms::EndCause;

use super::{
    Database, Node,
    fixture::{behavior, done, filled, log_in, open},
    stay_fixture::{
        ask_home, farewell, farewells, go, home_login, intend, open_to_others, stay, visit,
    },
};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn stays(numbers: &[u64]) -> Vec<LoginId> {
    numbers.iter().map(|number| stay(*number)).collect()
}

/// This cluster's answer to a peer with the role `sender_is` in the stays: the stays that are over.
async fn answer(node: &Node, peer: &str, sender_is: StayRole, numbers: &[u64]) -> Vec<LoginId> {
    let stays = Stays { sender_is, logins: stays(numbers) };
    engine::answer_stays(&**node, peer.to_owned(), stays).await.unwrap()
}

/// Applies busan's answer that the stays in `over` are over; this cluster has the role `role` in the
/// stays `asked`. The number of ended logins.
async fn end(node: &Node, role: StayRole, asked: &[u64], over: &[u64], now_ms: i64) -> u32 {
    let asked = Stays { sender_is: role, logins: stays(asked) };
    let (peer, over, now) = ("busan".to_owned(), stays(over), UtcMillis(now_ms));
    engine::end_stays(&**node, peer, asked, over, now).await.unwrap()
}

pub async fn the_visiting_cluster_answers_which_stays_are_over(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    visit(&node, 0, 1, "kim", "SEP1", None).await;
    done(intend(&node, 0, 2, "lee", "SEP2").await);
    done(go(&node, 0, 3, "john", "FAR1").await);
    assert_eq!(answer(&node, "busan", StayRole::Home, &[4, 3, 2, 1]).await, stays(&[4, 3]));
    assert_eq!(
        answer(&node, "seoul", StayRole::Home, &[1, 2]).await,
        stays(&[1, 2]),
        "not seoul's"
    );
    assert_eq!(answer(&node, "busan", StayRole::Home, &[]).await, []);
}

pub async fn the_home_cluster_answers_which_stays_are_over(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    visit(&node, 0, 1, "kim", "SEP1", None).await;
    done(intend(&node, 0, 2, "lee", "SEP2").await);
    done(go(&node, 0, 3, "john", "FAR1").await);
    assert_eq!(answer(&node, "busan", StayRole::Visiting, &[1, 2, 3, 4]).await, stays(&[1, 2, 4]));
    assert_eq!(answer(&node, "seoul", StayRole::Visiting, &[3]).await, stays(&[3]), "not seoul's");
}

pub async fn only_stays_that_the_peer_reports_as_over_end(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    for (number, phone) in [(1, "SEP1"), (2, "SEP2"), (3, "SEP3")] {
        visit(&node, 0, number, "kim", phone, None).await;
    }
    behavior(&node, "Multiple Logins Allowed").await;
    done(go(&node, 0, 4, "john", "FAR1").await);
    done(go(&node, 0, 5, "john", "FAR2").await);
    done(ask_home(&node, 0, "seoul", home_login(6, "john", "FAR1")).await);
    done(log_in(&node, 0, "john", "SEP4").await);
    // Busan was not asked about 3, is not the home cluster of 4, and has no stay 9.
    assert_eq!(end(&node, StayRole::Visiting, &[1, 2, 4], &[1, 3, 4, 9], 7).await, 1);
    assert_eq!(node.stays("busan", StayRole::Visiting, None, 9).await.unwrap(), stays(&[2, 3]));
    assert_eq!(end(&node, StayRole::Home, &[2, 4, 5, 6], &[2, 5, 6], 7).await, 1);
    assert_eq!(node.stays("busan", StayRole::Home, None, 9).await.unwrap(), stays(&[4]));
    assert_eq!(node.stays("seoul", StayRole::Home, None, 9).await.unwrap(), stays(&[6]));
    assert_eq!(farewells(&node).await, [], "the peer has reported the ends itself");
    let ended = node.ended_on_phone("SEP1", 9).await.unwrap();
    assert_eq!((ended[0].cause, &ended[0].by), (EndCause::Remote, &Actor::cluster("busan")));
    assert_eq!(answer(&node, "busan", StayRole::Visiting, &[4, 5]).await, stays(&[5]));
    assert_eq!(end(&node, StayRole::Home, &[5], &[5], 8).await, 0, "a stay ends once");
}

pub async fn stays_are_walked_in_the_order_of_their_identities(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    for (number, phone) in [(8, "SEP1"), (2, "SEP2"), (5, "SEP3")] {
        visit(&node, 0, number, "kim", phone, None).await;
    }
    let page = async |after: Option<u64>, limit| {
        node.stays("busan", StayRole::Visiting, after.map(stay), limit).await.unwrap()
    };
    assert_eq!(page(None, 2).await, stays(&[2, 5]));
    assert_eq!(page(Some(5), 2).await, stays(&[8]));
    assert_eq!(
        page(Some(3), 2).await,
        stays(&[5, 8]),
        "a page begins after a stay that has ended in the meantime"
    );
    assert_eq!(page(Some(8), 2).await, []);
}

/// The time at which the login on a phone ends by itself.
async fn until(node: &Node, phone: &str) -> Option<i64> {
    let login = node.phone_detail(phone).await.unwrap().unwrap().login;
    login.unwrap().until.map(|until| until.0)
}

pub async fn a_visit_without_limit_ends_after_seven_days_unless_confirmed(
    database: &impl Database,
) {
    let node = database.node().await;
    filled(&node).await;
    visit(&node, 0, 1, "kim", "SEP1", None).await;
    visit(&node, 0, 2, "lee", "SEP2", None).await;
    assert_eq!(until(&node, "SEP1").await, Some(7 * DAY));
    // A confirmation is written at most once an hour.
    for (now, expected) in [(HOUR, 0), (HOUR + 1, HOUR + 1), (2 * HOUR, HOUR + 1), (DAY, DAY)] {
        assert_eq!(end(&node, StayRole::Visiting, &[1], &[], now).await, 0);
        assert_eq!(until(&node, "SEP1").await, Some(7 * DAY + expected), "{now}");
    }
    assert_eq!(
        until(&node, "SEP2").await,
        Some(7 * DAY),
        "no peer has asked about the visit at SEP2"
    );
    assert_eq!(engine::end_due(&*node, UtcMillis(7 * DAY - 1), 9).await, Ok(0));
    assert_eq!(engine::end_due(&*node, UtcMillis(7 * DAY), 9).await, Ok(1));
    assert_eq!(open(&node).await, [("SEP1".to_owned(), "kim".to_owned())]);
    assert_eq!(farewells(&node).await, [farewell(true, 2, "SEP2", Some(EndCause::Expired))]);
}

pub async fn a_visit_with_a_limit_at_home_ends_soon_after_its_time(database: &impl Database) {
    const SECOND: i64 = 1_000;
    let node = database.node().await;
    filled(&node).await;
    visit(&node, 0, 1, "kim", "SEP1", Some(60)).await;
    visit(&node, 0, 2, "lee", "SEP2", Some(0)).await;
    visit(&node, 0, 3, "han", "SEP3", Some(u64::MAX)).await;
    assert_eq!(until(&node, "SEP1").await, Some(90 * SECOND));
    assert_eq!(until(&node, "SEP2").await, Some(30 * SECOND));
    visit(&node, 0, 4, "park", "SEP4", Some(10 * 24 * 60 * 60)).await;
    assert_eq!(until(&node, "SEP3").await, Some(7 * DAY));
    assert_eq!(until(&node, "SEP4").await, Some(7 * DAY));
    // A confirmation gives all the time that the home cluster has given, and no more.
    for (now, third, fourth) in
        [(DAY, 8 * DAY, 8 * DAY), (6 * DAY, 13 * DAY, 10 * DAY + 30 * SECOND)]
    {
        assert_eq!(end(&node, StayRole::Visiting, &[1, 2, 3, 4], &[], now).await, 0);
        assert_eq!(until(&node, "SEP1").await, Some(90 * SECOND));
        assert_eq!(until(&node, "SEP3").await, Some(third));
        assert_eq!(until(&node, "SEP4").await, Some(fourth));
    }
}

pub async fn farewells_are_kept_for_each_cluster_until_acknowledged(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    behavior(&node, "Auto Logout").await;
    done(go(&node, 0, 1, "john", "FAR1").await);
    done(ask_home(&node, 1, "seoul", home_login(2, "john", "FAR1")).await);
    done(go(&node, 2, 3, "john", "FAR1").await);
    done(log_in(&node, 3, "john", "SEP1").await);
    let told = async |to: Option<&str>, limit| {
        let (posted, count) = node.farewells(to, 0, limit).await.unwrap();
        let numbers = posted.iter().map(|one| one.number).collect::<Vec<_>>();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        let told = posted.iter().map(|one| (one.farewell.login, one.posted.0));
        (told.collect::<Vec<_>>(), count, numbers)
    };
    let (all, count, numbers) = told(None, 9).await;
    assert_eq!((all, count), (vec![(stay(1), 1), (stay(2), 2), (stay(3), 3)], 3));
    let (of_busan, count, _) = told(Some("busan"), 1).await;
    assert_eq!((of_busan, count), (vec![(stay(1), 1)], 2), "the first of two farewells");
    let (behind, count) = node.farewells(Some("busan"), numbers[0], 9).await.unwrap();
    assert_eq!(
        (behind.len(), behind[0].number, count),
        (1, numbers[2], 2),
        "the farewells after the first"
    );
    engine::acknowledged(&*node, numbers[0]).await.unwrap();
    engine::acknowledged(&*node, numbers[0]).await.unwrap();
    let (of_busan, count, _) = told(Some("busan"), 9).await;
    assert_eq!((of_busan, count), (vec![(stay(3), 3)], 1));
    assert_eq!((told(Some("seoul"), 9).await.1, told(Some("ulsan"), 9).await.1), (1, 0));
}
