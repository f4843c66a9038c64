//! Users of other clusters at phones of this cluster.

use engine::{
    Actor, ConfigurationCause, ConfigurationChange, Intent, Line, LogoutRequest, PhoneEntry,
    StayEnd, UserEntry, UtcMillis, emcc::visiting::Outcome, ports::LogoutAttempt,
};
use terms::{EndCause, LoginType};

use super::{
    Database, Node,
    fixture::{apply, behavior, done, filled, log_in, log_out, open, refused},
    stay_fixture::{
        change_users, entry, farewell, farewells, from_home, intend, of, settle, stay, visit,
    },
};

const SECOND: i64 = 1_000;
const DUE: i64 = Intent::HOLD_MS;

/// The home cluster reports that a stay is over.
async fn called_back(node: &Node, home: &str, end: StayEnd) -> Option<EndCause> {
    let ended = engine::visiting_log_out(&**node, home.to_owned(), end, UtcMillis(5 * SECOND));
    ended.await.unwrap().map(|ended| ended.cause)
}

pub async fn a_held_phone_refuses_log_ins_until_the_intent_is_due(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let intent = done(intend(&node, 0, 1, "kim", "sep1").await);
    assert_eq!((intent.phone.as_str(), intent.expires), ("SEP1", UtcMillis(DUE)));
    assert_eq!(node.next_intent().await.unwrap(), Some(UtcMillis(DUE)));
    for now in [0, DUE - 1] {
        assert_eq!(refused(&log_in(&node, now, "john", "SEP1").await), 18);
        assert_eq!(refused(&intend(&node, now, 2, "lee", "SEP1").await), 18);
    }
    assert_eq!(refused(&log_out(&node, 0, "SEP1").await), 19, "no user is logged in yet");
    assert_eq!(farewells(&node).await, []);
    done(log_in(&node, DUE, "john", "SEP1").await);
    assert_eq!(farewells(&node).await, [farewell(true, 1, "SEP1", None)]);
    assert_eq!(node.next_intent().await.unwrap(), None);
    // The answer comes too late: john has the phone, and the home cluster gets another farewell.
    let begun = settle(&node, DUE, intent, Outcome::Admitted, Some(from_home("kim", None))).await;
    assert_eq!((begun, farewells(&node).await.len()), (None, 2));
    assert_eq!(open(&node).await, [("SEP1".to_owned(), "john".to_owned())]);
}

pub async fn a_due_intent_is_given_up_by_another_intent_or_the_timer(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(intend(&node, 0, 1, "kim", "SEP1").await);
    done(intend(&node, DUE, 2, "lee", "SEP1").await);
    assert_eq!(farewells(&node).await, [farewell(true, 1, "SEP1", None)]);
    done(intend(&node, DUE, 3, "han", "SEP2").await);
    let give_up = async |due| {
        engine::give_up_intents(&*node, UtcMillis(due), UtcMillis(due), 10).await.unwrap()
    };
    assert_eq!((give_up(2 * DUE - 1).await, give_up(2 * DUE).await), (0, 2));
    let told = [(1, "SEP1"), (2, "SEP1"), (3, "SEP2")];
    assert_eq!(
        farewells(&node).await,
        told.map(|(number, phone)| farewell(true, number, phone, None))
    );
    assert_eq!((node.next_intent().await.unwrap(), give_up(i64::MAX).await), (None, 0));
}

pub async fn a_visit_begins_only_if_the_home_cluster_admits_the_user(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    for (number, outcome, home, told) in [
        (1, Outcome::Refused, None, 0),
        (2, Outcome::Lost, None, 1),
        // The home cluster has logged the user in, but the phone's configuration is lost.
        (3, Outcome::Admitted, None, 1),
        (4, Outcome::Refused, Some(from_home("kim", None)), 0),
    ] {
        let before = farewells(&node).await.len();
        let intent = done(intend(&node, 0, number, "kim", "SEP1").await);
        assert_eq!(settle(&node, 0, intent, outcome, home).await, None, "{outcome:?}");
        let after = farewells(&node).await;
        assert_eq!(after.len() - before, told, "{outcome:?}");
        assert!(after[before..].iter().all(|one| *one == farewell(true, number, "SEP1", None)));
        assert_eq!(node.next_intent().await.unwrap(), None, "{outcome:?}");
    }
    assert_eq!(open(&node).await, []);
    assert_eq!(visit(&node, 0, 5, "kim", "SEP1", None).await.user, of("busan", "kim"));
}

pub async fn a_visit_shows_the_home_clusters_configuration_until_its_end(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let own = vec![Line { dn: "1001".to_owned(), label: "Lobby".to_owned() }];
    let phone =
        PhoneEntry { name: "SEP1".to_owned(), lines: Some(own.clone()), ..PhoneEntry::default() };
    let change = ConfigurationChange { phones: vec![phone], ..ConfigurationChange::default() };
    apply(&node, change).await.unwrap();
    let begun = visit(&node, SECOND, 1, "kim", "SEP1", None).await;
    assert_eq!((begun.login_type, begun.profile.as_str()), (LoginType::Visiting, "far-1"));
    let home = from_home("kim", None);
    assert_eq!(node.visit(stay(1)).await.unwrap(), Some(home.clone()));
    let shown = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(shown.login, Some(begun));
    assert_eq!(shown.effective.lines, home.profile.lines);
    assert_eq!(shown.effective.call_server, Some(home.call_server));
    assert_eq!(shown.effective.why, ConfigurationCause::Profile);
    done(log_out(&node, 2 * SECOND, "SEP1").await);
    let shown = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!((shown.login, shown.effective.lines), (None, own));
    assert_eq!((shown.effective.call_server, shown.effective.why), (None, ConfigurationCause::Own));
    assert_eq!(shown.phone.last_user, Some(of("busan", "kim")));
    assert_eq!(node.visit(stay(1)).await.unwrap(), None);
    assert_eq!(farewells(&node).await, [farewell(true, 1, "SEP1", Some(EndCause::Logout))]);
}

pub async fn the_home_cluster_ends_only_the_named_stay(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let end = |number: Option<u64>, phone: &str| StayEnd {
        login: number.map(stay),
        phone: phone.to_owned(),
        cause: None,
    };
    visit(&node, 0, 1, "kim", "SEP1", None).await;
    visit(&node, 0, 2, "lee", "SEP2", None).await;
    done(log_in(&node, 0, "john", "SEP3").await);
    for (home, end) in [
        ("seoul", end(Some(1), "SEP1")),
        ("seoul", end(None, "SEP1")),
        ("busan", end(Some(2), "SEP1")),
        ("busan", end(None, "SEP3")),
        ("busan", end(None, "SEP4")),
    ] {
        assert_eq!(called_back(&node, home, end).await, None);
    }
    assert_eq!(open(&node).await.len(), 3);
    let expired = StayEnd { cause: Some(EndCause::Expired), ..end(Some(1), "sep1") };
    assert_eq!(called_back(&node, "busan", expired).await, Some(EndCause::Expired));
    assert_eq!(called_back(&node, "busan", end(None, "SEP2")).await, Some(EndCause::Remote));
    assert_eq!(open(&node).await, [("SEP3".to_owned(), "john".to_owned())]);
    assert_eq!(node.visit(stay(1)).await.unwrap(), None);
    assert_eq!(farewells(&node).await, [], "the home cluster ended the stays itself");
    // A visit that has not begun yet does not begin.
    let intent = done(intend(&node, 0, 5, "kim", "SEP1").await);
    assert_eq!(called_back(&node, "busan", end(None, "SEP1")).await, None);
    assert!(
        node.next_intent().await.unwrap().is_some(),
        "a farewell without a number means the stay before"
    );
    assert_eq!(called_back(&node, "busan", end(Some(5), "SEP1")).await, None);
    assert_eq!(node.next_intent().await.unwrap(), None);
    assert_eq!(
        settle(&node, 0, intent, Outcome::Admitted, Some(from_home("kim", None))).await,
        None
    );
}

pub async fn a_visitor_follows_the_rules_of_the_home_cluster(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Not Allowed").await;
    visit(&node, 0, 1, "john", "SEP1", None).await;
    visit(&node, 0, 2, "JOHN", "SEP2", None).await;
    done(log_in(&node, 0, "john", "SEP3").await);
    assert_eq!(refused(&log_in(&node, 0, "john", "SEP4").await), 25);
    behavior(&node, "Auto Logout").await;
    assert_eq!(done(log_in(&node, 0, "john", "SEP4").await).ended.len(), 1);
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    assert_eq!(users[0].as_ref().unwrap().phones, ["SEP4"]);
    // The own user john may log out himself alone, and the visitor john is a different user.
    let request = LogoutRequest {
        phone: "SEP1".to_owned(),
        phone_address: None,
        only: Some("john".to_owned()),
        actor: Actor::user("john", "10.0.0.1"),
        authenticated_at: None,
    };
    let attempt = LogoutAttempt { now: UtcMillis(0), request };
    assert_eq!(refused(&engine::log_out(&*node, attempt).await.unwrap()), 10);
    let disabled = UserEntry { enabled: Some(false), ..entry("john") };
    change_users(&node, vec![disabled]).await;
    let left = [("SEP1", "john"), ("SEP2", "JOHN")];
    assert_eq!(open(&node).await, left.map(|(phone, user)| (phone.to_owned(), user.to_owned())));
    assert_eq!(farewells(&node).await, []);
}
