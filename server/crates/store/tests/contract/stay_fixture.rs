//! Stays with the clusters busan and seoul.

use engine::{
    Actor, Admitted, ConfigurationChange, DeviceProfile, EndedLogin, Farewell, HomeConfiguration,
    HomeLogin, Intent, Line, Login, LoginId, StayEnd, UserEntry, UserId, UserSecret, UtcMillis,
    emcc::visiting, ports::Outcome,
};
use terms::EndCause;
use uuid::Uuid;

use super::{
    Node,
    fixture::{apply, done, filled},
};

/// The identity of a stay; a greater number is a later stay.
pub fn stay(number: u64) -> LoginId {
    LoginId(Uuid::from_u128(u128::from(number) << 64))
}

pub fn of(cluster: &str, id: &str) -> UserId {
    UserId { cluster: cluster.to_owned(), id: id.to_owned() }
}

/// The people of the fixture; john and Jane may log in at other clusters.
pub async fn open_to_others(node: &Node) {
    filled(node).await;
    let user = |id: &str| UserEntry { emcc: Some(true), ..entry(id) };
    change_users(node, vec![user("john"), user("Jane")]).await;
}

pub fn entry(id: &str) -> UserEntry {
    UserEntry { id: id.to_owned(), ..UserEntry::default() }
}

pub async fn change_users(node: &Node, users: Vec<UserEntry>) {
    apply(node, ConfigurationChange { users, ..ConfigurationChange::default() }).await.unwrap();
}

/// A user of busan wants to log in at a phone.
pub async fn intend(
    node: &Node,
    now_ms: i64,
    number: u64,
    user: &str,
    phone: &str,
) -> Outcome<Intent> {
    let (user, phone) = (of("busan", user), phone.to_owned());
    let outcome = engine::intend(&**node, stay(number), phone, user, UtcMillis(now_ms)).await;
    match outcome.unwrap() {
        Outcome::Done((intent, _)) => Outcome::Done(intent),
        Outcome::Refused(code) => Outcome::Refused(code),
        Outcome::ConfigurationMoved => Outcome::ConfigurationMoved,
    }
}

/// The home cluster's configuration of a user.
pub fn from_home(user: &str, seconds_left: Option<u64>) -> HomeConfiguration {
    HomeConfiguration {
        user: user.to_owned(),
        profile: DeviceProfile {
            name: "far-1".to_owned(),
            model: "Cisco 8861".to_owned(),
            lines: vec![Line { dn: "7001".to_owned(), label: "Far".to_owned() }],
            speed_dials: Vec::new(),
            sip: Vec::new(),
        },
        call_server: "192.0.2.50:5060".to_owned(),
        seconds_left,
    }
}

/// Settles an intent by the home cluster's answer.
pub async fn settle(
    node: &Node,
    now_ms: i64,
    intent: Intent,
    outcome: visiting::Outcome,
    configuration: Option<HomeConfiguration>,
) -> Option<Login> {
    let (by, now) = (Actor::phone(&intent.phone, "10.0.0.1"), UtcMillis(now_ms));
    engine::settle(&**node, intent, outcome, configuration, by, now).await.unwrap()
}

/// Logs a user of busan in at a phone.
pub async fn visit(
    node: &Node,
    now_ms: i64,
    number: u64,
    user: &str,
    phone: &str,
    seconds_left: Option<u64>,
) -> Login {
    let intent = done(intend(node, now_ms, number, user, phone).await);
    let (outcome, home) = (visiting::Outcome::Admitted, from_home(user, seconds_left));
    settle(node, now_ms, intent, outcome, Some(home)).await.unwrap()
}

/// A cluster's request to log a user of this cluster in at one of its own phones.
pub fn home_login(number: u64, user: &str, phone: &str) -> HomeLogin {
    HomeLogin {
        login: stay(number),
        phone: phone.to_owned(),
        model: "Cisco 8861".to_owned(),
        description: "Far".to_owned(),
        phone_address: "10.9.9.9".to_owned(),
        user: user.to_owned(),
        secret: UserSecret::Pin("12345".to_owned()),
        profile: None,
        log_out_url: String::new(),
    }
}

/// A cluster asks to log a user in; the PIN was right under the current version.
pub async fn ask_home(
    node: &Node,
    now_ms: i64,
    visiting: &str,
    request: HomeLogin,
) -> Outcome<Admitted> {
    let version = node.version().await.unwrap();
    let (visiting, now) = (visiting.to_owned(), UtcMillis(now_ms));
    engine::home_log_in(&**node, visiting, request, version, now).await.unwrap()
}

/// Busan asks to log a user in at one of its phones.
pub async fn go(
    node: &Node,
    now_ms: i64,
    number: u64,
    user: &str,
    phone: &str,
) -> Outcome<Admitted> {
    ask_home(node, now_ms, "busan", home_login(number, user, phone)).await
}

/// Busan says that a stay at one of its phones is over; without a number, the current stay.
pub async fn come_back(
    node: &Node,
    now_ms: i64,
    number: Option<u64>,
    phone: &str,
) -> Option<EndedLogin> {
    let end = StayEnd { login: number.map(stay), phone: phone.to_owned(), cause: None };
    let now = UtcMillis(now_ms);
    engine::home_log_out(&**node, "busan".to_owned(), end, now).await.unwrap()
}

/// The farewells in the outbox.
pub async fn farewells(node: &Node) -> Vec<Farewell> {
    let (posted, count) = node.farewells(None, 0, 100).await.unwrap();
    assert_eq!(posted.len() as u64, count);
    posted.into_iter().map(|posted| posted.farewell).collect()
}

/// A farewell to busan about a stay: as the home of its user, or as the owner of its phone.
pub fn farewell(to_home: bool, number: u64, phone: &str, cause: Option<EndCause>) -> Farewell {
    let (to, phone) = ("busan".to_owned(), phone.to_owned());
    Farewell { to, to_home, login: stay(number), phone, cause }
}
