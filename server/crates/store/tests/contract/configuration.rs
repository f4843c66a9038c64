//! Applying changes.

use std::sync::atomic::{AtomicUsize, Ordering};

use engine::{
    ConfigurationChange, EventKind, Line, PhoneEntry, UserEntry, UtcMillis,
    ports::{Outcome, StoreError},
};
use terms::EndCause;
use tokio::sync::Notify;

use super::{
    Database, Node,
    fixture::{actor, apply, attempt, behavior, done, filled, log_in, open, people, request},
};

async fn count(node: &Node, change: ConfigurationChange) -> Result<usize, StoreError> {
    Ok(apply(node, change).await?.len())
}

/// The same people without new secrets, as in a second run of the same file.
fn again() -> ConfigurationChange {
    let mut change = people();
    change.users.iter_mut().for_each(|user| user.pin_hash = None);
    change.app_users.iter_mut().for_each(|user| user.password_hash = None);
    change
}

pub async fn applying_twice_changes_nothing(database: &impl Database) {
    let node = database.node().await;
    assert_eq!(count(&node, people()).await.unwrap(), 17);
    let version = node.configuration().await.unwrap().version;
    assert_eq!(count(&node, again()).await.unwrap(), 0);
    assert_eq!(node.configuration().await.unwrap().version, version);
    let mut change = again();
    change.phones[0].model = Some("Cisco 8851".to_owned());
    let differences = apply(&node, change).await.unwrap();
    assert_eq!(differences.len(), 1);
    let difference = &differences[0];
    assert_eq!((difference.what.as_str(), difference.field.as_str()), ("phone SEP1", "model"));
    // An authenticated request stays valid, unless a credential or a right has changed.
    assert_eq!(node.configuration().await.unwrap().version, version);
    let last = node.events_after(0, 1000).await.unwrap().events.pop().unwrap();
    assert_eq!(last.kind, EventKind::ConfigurationChanged { version });
    let mut change = again();
    change.users[0].enabled = Some(false);
    change.phones.clear();
    assert_eq!(count(&node, change).await.unwrap(), 1);
    assert!(node.configuration().await.unwrap().version > version);
}

/// More phones than are applied in one transaction.
fn many() -> ConfigurationChange {
    let phone = |number: u32| PhoneEntry { name: format!("MANY{number}"), ..PhoneEntry::default() };
    ConfigurationChange { phones: (0..1_800).map(phone).collect(), ..again() }
}

pub async fn a_dry_run_and_the_run_report_the_same_for_another_spelling(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let mut change = again();
    change.profiles[0].name = String::from("JOHN-1");
    change.users[0].profiles = Some(vec!["john-1".into(), "John-2".into()]);
    let said = engine::differences(&*node, change.clone(), &|_| {}).await.unwrap();
    assert_eq!(apply(&node, change).await.unwrap(), said);
    assert_eq!(said.len(), 1, "{said:?}");
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    assert_eq!(users[0].as_ref().unwrap().profiles, ["JOHN-1", "john-2"]);
}

pub async fn logins_go_on_while_a_large_change_is_applied(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let (applied, login) = (AtomicUsize::new(0), Notify::new());
    let progress = |entries: usize| {
        applied.store(entries, Ordering::Relaxed);
        login.notify_one();
    };
    let applying = engine::apply(&*node, many(), actor(), &UtcMillis(0), &progress);
    let logging_in = async {
        login.notified().await;
        done(log_in(&node, 0, "john", "SEP1").await);
        applied.load(Ordering::Relaxed)
    };
    let (differences, before_the_end) = futures::join!(applying, logging_in);
    assert_eq!(differences.unwrap().len(), 1_800);
    assert!(before_the_end < 1_800, "the login waited for all {before_the_end} entries");
}

pub async fn an_interrupted_large_change_is_completed_by_the_next_run(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let cut = Notify::new();
    let progress = |entries: usize| {
        if entries >= 1_000 {
            cut.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = cut.notified() => {}
        applied = engine::apply(&*node, many(), actor(), &UtcMillis(0), &progress) => {
            panic!("the change was applied completely: {applied:?}")
        }
    }
    let left = engine::differences(&*node, many(), &|_| {}).await.unwrap().len();
    assert!((1..=817).contains(&left), "{left} entries are left");
    assert_eq!(count(&node, many()).await.unwrap(), left);
    assert_eq!(count(&node, many()).await.unwrap(), 0);
}

pub async fn fields_without_a_value_stay_unchanged(database: &impl Database) {
    let node = database.node().await;
    let mut change = people();
    change.users[0].max_login_minutes = Some(Some(60));
    change.users[0].enabled = Some(false);
    change.phones[0].address = Some("192.0.2.10".to_owned());
    change.phones[0].lines = Some(vec![Line { dn: "1001".into(), label: "Lobby".into() }]);
    apply(&node, change).await.unwrap();
    // The change sets a new PIN alone.
    let john =
        UserEntry { id: "john".into(), pin_hash: Some("$new".into()), ..UserEntry::default() };
    let sep1 = PhoneEntry { name: "SEP1".into(), ..PhoneEntry::default() };
    let change = ConfigurationChange {
        users: vec![john],
        phones: vec![sep1],
        ..ConfigurationChange::default()
    };
    assert_eq!(count(&node, change).await.unwrap(), 1);
    let john = node.credentials("JOHN").await.unwrap().1.user.unwrap();
    assert_eq!((john.pin_hash.as_str(), john.enabled), ("$new", false));
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    assert_eq!(users[0].as_ref().unwrap().profiles, ["john-1", "john-2"]);
    let phone = node.phone_detail("SEP1").await.unwrap().unwrap().phone;
    assert_eq!((phone.address.as_deref(), phone.lines.len()), (Some("192.0.2.10"), 1));
    assert_eq!((phone.model.as_str(), phone.description.as_str()), ("Cisco 8861", "Desk"));
    // An empty address removes the stored address.
    let sep1 =
        PhoneEntry { name: "SEP1".into(), address: Some(String::new()), ..PhoneEntry::default() };
    let change = ConfigurationChange { phones: vec![sep1], ..ConfigurationChange::default() };
    assert_eq!(count(&node, change).await.unwrap(), 1);
    let phone = node.phone_detail("SEP1").await.unwrap().unwrap().phone;
    assert_eq!(phone.address, None);
}

pub async fn a_contradictory_change_is_refused_as_a_whole(database: &impl Database) {
    let node = database.node().await;
    let mut change = people();
    change.users[1].profiles = Some(vec!["nowhere".to_owned()]);
    let error = apply(&node, change).await.unwrap_err();
    assert_eq!(
        error,
        StoreError::Invalid("user Jane: there is no device profile \"nowhere\"".to_owned())
    );
    assert!(node.pins("john").await.unwrap().is_none());
    let mut change = people();
    change.app_users[0].password_hash = None;
    assert!(matches!(apply(&node, change).await, Err(StoreError::Invalid(_))));
    // If a change needs several transactions, its first part is not applied either.
    let mut change = ConfigurationChange { app_users: people().app_users, ..many() };
    change.remote_clusters.clear();
    change.users = people().users;
    change.users.push(UserEntry { id: "max".into(), ..UserEntry::default() });
    let Err(StoreError::Invalid(problem)) = apply(&node, change).await else { panic!() };
    assert_eq!(problem, "user max: a new one needs a pin");
    assert_eq!(node.events_after(0, 0).await.unwrap().latest, 0);
}

pub async fn a_dry_run_changes_nothing(database: &impl Database) {
    let node = database.node().await;
    let differences = engine::differences(&*node, people(), &|_| {}).await.unwrap();
    assert_eq!(differences.len(), 17);
    assert!(node.pins("john").await.unwrap().is_none());
    assert_eq!(count(&node, people()).await.unwrap(), 17);
}

pub async fn a_request_authenticated_before_a_change_is_sent_back(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let (version, _) = node.credentials("emproxy").await.unwrap();
    let mut change = again();
    change.app_users[0].password_hash = Some("$other".to_owned());
    apply(&node, change).await.unwrap();
    let mut stale = request("john", "SEP1");
    stale.authenticated_at = Some(version);
    assert_eq!(attempt(&node, 0, stale.clone()).await, Outcome::ConfigurationMoved);
    assert!(open(&node).await.is_empty());
    stale.authenticated_at = Some(node.credentials("emproxy").await.unwrap().0);
    done(attempt(&node, 0, stale).await);
}

pub async fn disabling_and_a_new_pin_end_logins(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(log_in(&node, 0, "Jane", "SEP2").await);
    let before = node.events_after(0, 0).await.unwrap().latest;
    let mut change = again();
    change.users[0].enabled = Some(false);
    change.users[1].pin_hash = Some("$new".to_owned());
    apply(&node, change).await.unwrap();
    assert!(open(&node).await.is_empty());
    let events = node.events_after(before, 10).await.unwrap().events;
    let causes: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::LoggedOut(ended) => Some(ended.cause),
            _ => None,
        })
        .collect();
    assert_eq!(causes, [EndCause::UserDisabled, EndCause::PinReset]);
}
