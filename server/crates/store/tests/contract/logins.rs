//! Logging in and out.

use engine::{
    Actor, ConfigurationChange, EndedLogin, EventKind, HistoryQuery, LimitSource, ListQuery,
    LoginOrder, LoginRequest, LogoutRequest, PhoneEntry, ProfileRight, RequestedDuration, UserId,
    UtcMillis, ports::LogoutAttempt,
};
use terms::{EndCause, LoginFilter};

use super::{
    Database,
    fixture::{
        actor, apply, attempt, behavior, done, filled, log_in, log_out, open, refused, request,
    },
};

pub async fn a_login_begins_and_ends_once(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let login = done(log_in(&node, 1_000, "john", "SEP1").await).login;
    assert_eq!((login.user.id.as_str(), login.profile.as_str()), ("john", "john-1"));
    let ended = done(log_out(&node, 2_000, "SEP1").await);
    assert_eq!((ended.id, ended.cause), (login.id, EndCause::Logout));
    assert_eq!(refused(&log_out(&node, 3_000, "SEP1").await), 19);
    let (_, phones) = node.phones(&["SEP1".to_owned()]).await.unwrap();
    let phone = phones[0].clone().unwrap();
    assert_eq!((phone.user, phone.last_user), (None, Some(UserId::own("john"))));
    let events = node.events_after(0, 100).await.unwrap().events;
    let ends = events
        .iter()
        .filter(|event| matches!(&event.kind, EventKind::LoggedOut(ended) if ended.id == login.id));
    assert_eq!(ends.count(), 1);
}

/// The end may have an earlier time: the clock was set back, or a request waited longer than a later
/// one.
pub async fn a_login_never_ends_before_its_beginning(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Auto Logout").await;
    done(log_in(&node, 5_000, "john", "SEP1").await);
    let ended = done(log_in(&node, 4_000, "john", "SEP2").await).ended;
    assert_eq!((ended[0].from, ended[0].ended), (UtcMillis(5_000), UtcMillis(5_000)));
    let ended = done(log_out(&node, 3_000, "SEP2").await);
    assert_eq!((ended.from, ended.ended), (UtcMillis(4_000), UtcMillis(4_000)));
    let query = HistoryQuery { limit: 10, ..HistoryQuery::default() };
    let rows = node.history(&query).await.unwrap().rows;
    assert!(rows.len() == 2 && rows.iter().all(|row| row.ended == row.from), "{rows:?}");
}

pub async fn phones_are_found_in_the_order_asked(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 0, "john", "SEP2").await);
    let version = node.version().await.unwrap();
    let asked = ["SEP2", "SEPNONE", "SEP1", "SEP2"].map(str::to_owned);
    let (at, phones) = node.phones(&asked).await.unwrap();
    assert_eq!(at, version);
    let found: Vec<_> = phones
        .iter()
        .map(|phone| {
            phone.as_ref().map(|phone| {
                (phone.name.as_str(), phone.user.as_ref().map(|user| user.id.as_str()))
            })
        })
        .collect();
    let second = Some(("SEP2", Some("john")));
    assert_eq!(found, [second, None, Some(("SEP1", None)), second]);
    assert_eq!(node.phones(&[]).await.unwrap(), (version, Vec::new()));
}

pub async fn refusals_come_in_their_order(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let code = async |user: &str, phone: &str| refused(&log_in(&node, 0, user, phone).await);
    assert_eq!(code("nobody", "SEPNONE").await, 11);
    assert_eq!(code("nobody", "SEPOFF").await, 22);
    assert_eq!(code("nobody", "SEP1").await, 23);
    assert_eq!(code("bare", "SEP1").await, 12);
    done(log_in(&node, 0, "john", "SEP1").await);
    let mut other_profile = request("john", "SEP1");
    other_profile.profile = Some("jane-1".to_owned());
    assert_eq!(refused(&attempt(&node, 0, other_profile).await), 12);
    assert_eq!(code("john", "SEP1").await, 18);
    assert_eq!(code("Jane", "SEP1").await, 18);
    assert_eq!(code("john", "SEP2").await, 25);
    assert_eq!(refused(&log_out(&node, 0, "SEPNONE").await), 11);
    assert_eq!(refused(&log_out(&node, 0, "SEPOFF").await), 5);
    assert_eq!(refused(&log_out(&node, 0, "SEP2").await), 19);
}

pub async fn a_client_with_the_proxy_right_may_name_any_existing_profile(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let attempt = async |user: &str, profile: &str, profile_right| {
        let profile = Some(profile.to_owned());
        attempt(&node, 0, LoginRequest { profile, profile_right, ..request(user, "SEP1") }).await
    };
    // A user without a profile gets a profile too; the login has the profile's name.
    for (user, profile) in [("john", "jane-1"), ("bare", "john-2"), ("Jane", "jane-1")] {
        let admitted = done(attempt(user, profile, ProfileRight::Any).await);
        assert_eq!(
            (admitted.login.user.id.as_str(), admitted.login.profile.as_str()),
            (user, profile)
        );
        assert_eq!(done(log_out(&node, 1, "SEP1").await).profile, profile);
    }
    assert_eq!(refused(&attempt("john", "none", ProfileRight::Any).await), 12);
    for (user, profile) in [("john", "jane-1"), ("bare", "john-2"), ("john", "none")] {
        assert_eq!(refused(&attempt(user, profile, ProfileRight::Own).await), 12);
    }
    let admitted = done(attempt("john", "john-2", ProfileRight::Own).await);
    assert_eq!(admitted.login.profile, "john-2");
}

pub async fn a_request_from_an_address_concerns_only_the_phone_of_that_address(
    database: &impl Database,
) {
    let node = database.node().await;
    filled(&node).await;
    let phone = |name: &str, address: &str| {
        let (name, address) = (name.to_owned(), Some(address.to_owned()));
        PhoneEntry { name, address, ..PhoneEntry::default() }
    };
    let phones = vec![phone("SEP1", "192.0.2.1"), phone("SEP2", "::ffff:192.0.2.2")];
    let change = ConfigurationChange { phones, ..ConfigurationChange::default() };
    apply(&node, change).await.unwrap();
    let before = node.events_after(0, 0).await.unwrap().latest;
    let from = |address: &str| address.parse().ok();
    let log_in = async |phone: &str, address: &str| {
        attempt(&node, 0, LoginRequest { phone_address: from(address), ..request("john", phone) })
            .await
    };
    let log_out = async |phone: &str, address: &str| {
        let (phone, phone_address, actor) = (phone.to_owned(), from(address), actor());
        let request =
            LogoutRequest { phone, phone_address, only: None, actor, authenticated_at: None };
        engine::log_out(&*node, LogoutAttempt { now: UtcMillis(1), request }).await.unwrap()
    };
    // Another phone's address, a phone without an address, and an unknown phone. The rule on addresses
    // comes before every other rule.
    for (phone, address) in
        [("SEP1", "192.0.2.2"), ("SEP3", "192.0.2.1"), ("SEPNONE", "192.0.2.1"), ("SEPOFF", "::1")]
    {
        assert_eq!(refused(&log_in(phone, address).await), 28, "{phone}");
        assert_eq!(refused(&log_out(phone, address).await), 28, "{phone}");
    }
    assert_eq!(
        node.events_after(before, 1).await.unwrap().events,
        [],
        "the EM service records these refusals"
    );
    assert_eq!(refused(&log_out("SEP2", "192.0.2.2").await), 19);
    done(log_in("SEP1", "192.0.2.1").await);
    assert_eq!(refused(&log_out("SEP1", "192.0.2.2").await), 28);
    done(log_out("SEP1", "192.0.2.1").await);
}

pub async fn a_user_without_the_proxy_right_ends_only_the_own_login(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 0, "Jane", "SEP1").await);
    let only = async |user: &str, phone: &str| {
        let request = LogoutRequest {
            phone: phone.to_owned(),
            only: Some(user.to_owned()),
            actor: Actor::user(user, ""),
            phone_address: None,
            authenticated_at: None,
        };
        engine::log_out(&*node, LogoutAttempt { now: UtcMillis(1), request }).await.unwrap()
    };
    assert_eq!(refused(&only("john", "SEPNONE").await), 11);
    assert_eq!(refused(&only("john", "SEP2").await), 19);
    assert_eq!(refused(&only("john", "SEP1").await), 10);
    assert_eq!(open(&node).await.len(), 1);
    assert_eq!(done(only("jANE", "SEP1").await).cause, EndCause::Logout);
}

pub async fn auto_logout_ends_the_others_in_the_same_transaction(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(log_in(&node, 0, "john", "SEP2").await);
    behavior(&node, "Auto Logout").await;
    done(log_in(&node, 0, "Jane", "SEP4").await);
    // A taken phone refuses the login, and no login ends.
    assert_eq!(refused(&log_in(&node, 0, "john", "SEP4").await), 18);
    assert_eq!(open(&node).await.len(), 3);
    let before = node.events_after(0, 0).await.unwrap().latest;
    let admitted = done(log_in(&node, 0, "john", "SEP3").await);
    let ended: Vec<_> = admitted.ended.iter().map(|ended| ended.phone.name.as_str()).collect();
    assert_eq!(ended, ["SEP1", "SEP2"]);
    let john = ("SEP3".to_owned(), "john".to_owned());
    assert_eq!(open(&node).await, [john, ("SEP4".to_owned(), "Jane".to_owned())]);
    let kinds: Vec<_> =
        node.events_after(before, 10).await.unwrap().events.into_iter().map(|e| e.kind).collect();
    assert!(matches!(
        kinds[0],
        EventKind::LoggedOut(EndedLogin { cause: EndCause::AutoLogout, .. })
    ));
    assert!(matches!(
        kinds[1],
        EventKind::LoggedOut(EndedLogin { cause: EndCause::AutoLogout, .. })
    ));
    assert!(matches!(&kinds[2], EventKind::LoggedIn(login) if login.phone.name == "SEP3"));
    assert_eq!(kinds.len(), 3);
}

pub async fn due_logins_end_before_those_that_auto_logout_ends(database: &impl Database) {
    let node = &database.node().await;
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    done(log_in(node, 1, "john", "SEP1").await);
    let mut short = request("john", "SEP2");
    short.duration = RequestedDuration::Minutes(1);
    done(attempt(node, 2, short).await);
    behavior(node, "Auto Logout").await;
    let ended = done(log_in(node, 120_000, "john", "SEP3").await).ended;
    let ended: Vec<_> = ended.iter().map(|one| (&*one.phone.name, one.cause)).collect();
    assert_eq!(ended, [("SEP2", EndCause::Expired), ("SEP1", EndCause::AutoLogout)]);
}

pub async fn logins_expire_on_time_and_others_stay_open(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let mut short = request("john", "SEP1");
    short.duration = RequestedDuration::Minutes(1);
    let admitted = done(attempt(&node, 0, short).await);
    assert_eq!(admitted.limit_source, LimitSource::Request);
    assert_eq!(admitted.login.until, Some(UtcMillis(60_000)));
    done(log_in(&node, 0, "Jane", "SEP2").await);
    assert_eq!(node.next_due().await.unwrap(), Some(UtcMillis(60_000)));
    assert_eq!(engine::end_due(&*node, UtcMillis(59_999), 10).await.unwrap(), 0);
    assert_eq!(engine::end_due(&*node, UtcMillis(60_000), 10).await.unwrap(), 1);
    assert_eq!(engine::end_due(&*node, UtcMillis(60_000), 10).await.unwrap(), 0);
    assert_eq!(node.next_due().await.unwrap(), None);
    assert_eq!(open(&node).await, [("SEP2".to_owned(), "Jane".to_owned())]);
    // A due login that is not yet swept blocks no new login.
    let mut short = request("john", "SEP3");
    short.duration = RequestedDuration::Minutes(1);
    done(attempt(&node, 100_000, short).await);
    let admitted = done(log_in(&node, 160_000, "john", "SEP3").await);
    let ended = |one: &EndedLogin| (one.phone.name.clone(), one.cause);
    let expired = ("SEP3".to_owned(), EndCause::Expired);
    assert_eq!(admitted.ended.iter().map(ended).collect::<Vec<_>>(), [expired]);
    assert_eq!(open(&node).await.len(), 2);
    // The history has the cause, and the system as the actor.
    let history = HistoryQuery { limit: 10, ..HistoryQuery::default() };
    let rows = node.history(&history).await.unwrap().rows;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.cause == EndCause::Expired && row.by == Actor::SYSTEM));
}

pub async fn users_are_found_without_case_and_answered_as_stored(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let login = done(log_in(&node, 0, "JANE", "SEP1").await).login;
    assert_eq!(login.user.id, "Jane");
    let (_, users) = node.users(&["jAnE".to_owned(), "nobody".to_owned()]).await.unwrap();
    let jane = users[0].clone().unwrap();
    assert_eq!((jane.id.as_str(), jane.phones.as_slice()), ("Jane", &["SEP1".to_owned()][..]));
    assert_eq!(users[1], None);
}

pub async fn pages_have_exact_totals_and_find_any_name(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    for (number, now) in (1..=7).zip(0..) {
        done(log_in(&node, now, "john", &format!("SEP{number}")).await);
    }
    done(log_in(&node, 100, "Jane", "SEP8").await);
    let page = async |find: &str, order, offset| {
        let filter = LoginFilter::new(find, None).at(0);
        node.active_logins(&ListQuery { filter, order, offset, limit: 3 }).await.unwrap()
    };
    let first = page("", LoginOrder::Newest, 0).await;
    assert_eq!((first.matching, first.open.all(), first.rows.len()), (8, 8, 3));
    assert_eq!(first.rows[0].user.id, "Jane");
    let last = page("", LoginOrder::Newest, 6).await;
    assert_eq!(
        last.rows.iter().map(|row| row.phone.name.as_str()).collect::<Vec<_>>(),
        ["SEP2", "SEP1"]
    );
    let john = page("JOHN", LoginOrder::Phone, 3).await;
    assert_eq!((john.matching, john.open.all(), john.rows[0].phone.name.as_str()), (7, 8, "SEP4"));
    assert_eq!(page("jane-1", LoginOrder::User, 0).await.matching, 1);
    assert_eq!(page("%", LoginOrder::Oldest, 0).await.matching, 0);
}
