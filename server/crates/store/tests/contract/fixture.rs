//! Users, phones and requests.

use std::sync::atomic::{AtomicU64, Ordering};

use engine::{
    Actor, Admitted, AppUserEntry, ConfigurationChange, Difference, EndedLogin, ListQuery, LoginId,
    LoginRequest, LogoutRequest, PhoneEntry, ProfileEntry, ProfileRight, RequestedDuration,
    UserEntry, UtcMillis,
    ports::{LoginAttempt, LogoutAttempt, Outcome, StoreError},
};

use super::Node;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

pub fn actor() -> Actor {
    Actor::application_user("emproxy", "192.0.2.1")
}

/// john and Jane, phones SEP1 to SEP9, and a phone without Extension Mobility.
pub fn people() -> ConfigurationChange {
    let user = |id: &str, profiles: &[&str]| UserEntry {
        id: id.to_owned(),
        pin_hash: Some("$pin".to_owned()),
        profiles: Some(profiles.iter().map(ToString::to_string).collect()),
        ..UserEntry::default()
    };
    let phone = |name: String, extension_mobility: bool| PhoneEntry {
        name,
        model: Some("Cisco 8861".to_owned()),
        description: Some("Desk".to_owned()),
        extension_mobility: Some(extension_mobility),
        ..PhoneEntry::default()
    };
    let profile = |name: &str| ProfileEntry {
        name: name.to_owned(),
        model: Some("Cisco 8861".to_owned()),
        ..ProfileEntry::default()
    };
    ConfigurationChange {
        app_users: vec![AppUserEntry {
            id: "emproxy".to_owned(),
            password_hash: Some("$hash".to_owned()),
            proxy: None,
        }],
        users: vec![
            user("john", &["john-1", "john-2"]),
            user("Jane", &["jane-1"]),
            user("bare", &[]),
        ],
        profiles: ["john-1", "john-2", "jane-1"].map(profile).to_vec(),
        phones: (1..=9)
            .map(|number| phone(format!("SEP{number}"), true))
            .chain([phone("SEPOFF".to_owned(), false)])
            .collect(),
        ..ConfigurationChange::default()
    }
}

/// Applies a change, and returns the differences.
pub async fn apply(
    node: &Node,
    change: ConfigurationChange,
) -> Result<Vec<Difference>, StoreError> {
    let applied = engine::apply(&**node, change, actor(), &UtcMillis(0), &|_| {}).await;
    applied.map_err(|not_applied| not_applied.error)
}

pub async fn filled(node: &Node) {
    apply(node, people()).await.unwrap();
}

pub async fn set(node: &Node, name: &str, value: &str) {
    let parameters = [(name.to_owned(), value.to_owned())].into();
    let change = ConfigurationChange { parameters, ..ConfigurationChange::default() };
    apply(node, change).await.unwrap();
}

pub async fn behavior(node: &Node, value: &str) {
    set(node, "Multiple Login Behavior", value).await;
}

pub fn request(user: &str, phone: &str) -> LoginRequest {
    LoginRequest {
        phone: phone.to_owned(),
        user: user.to_owned(),
        profile: None,
        profile_right: ProfileRight::Own,
        duration: RequestedDuration::Unset,
        actor: actor(),
        phone_address: None,
        authenticated_at: None,
    }
}

/// An identity that no other login has.
pub fn next_id() -> LoginId {
    LoginId(uuid::Uuid::from_u128(NEXT_ID.fetch_add(1, Ordering::Relaxed).into()))
}

pub async fn attempt(node: &Node, now_ms: i64, request: LoginRequest) -> Outcome<Admitted> {
    let id = next_id();
    engine::log_in(&**node, LoginAttempt { id, now: UtcMillis(now_ms), request }).await.unwrap()
}

pub async fn log_in(node: &Node, now_ms: i64, user: &str, phone: &str) -> Outcome<Admitted> {
    attempt(node, now_ms, request(user, phone)).await
}

pub async fn log_out(node: &Node, now_ms: i64, phone: &str) -> Outcome<EndedLogin> {
    let (phone, actor) = (phone.to_owned(), actor());
    let request =
        LogoutRequest { phone, only: None, actor, phone_address: None, authenticated_at: None };
    engine::log_out(&**node, LogoutAttempt { now: UtcMillis(now_ms), request }).await.unwrap()
}

pub fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(value) => value,
        other => panic!("not done: {other:?}"),
    }
}

/// The number of the refusal.
pub fn refused<T: std::fmt::Debug>(outcome: &Outcome<T>) -> u16 {
    match outcome {
        Outcome::Refused(code) => code.number(),
        other => panic!("not refused: {other:?}"),
    }
}

/// The open logins as pairs of phone and user, by phone.
pub async fn open(node: &Node) -> Vec<(String, String)> {
    let query = ListQuery { limit: 1000, ..ListQuery::default() };
    let page = node.active_logins(&query).await.unwrap();
    let mut open: Vec<_> = page.rows.into_iter().map(|row| (row.phone.name, row.user.id)).collect();
    open.sort();
    open
}
