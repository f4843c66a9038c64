//! Editing and removing one record.

use engine::{
    AuditQuery, ConfigurationChange, Edited, HistoryQuery, InUse, PhoneEntry, RecordEdit, Removed,
    UserEntry, UserFilter, UtcMillis,
    ports::{Outcome, StoreError},
};
use terms::{EndCause, RecordKind};

use super::{
    Database, Node,
    fixture::{actor, apply, behavior, done, filled, log_in, open, refused},
};

const SEES_ALL: InUse = InUse { logins: u64::MAX, users: u64::MAX };

async fn remove(node: &Node, kind: RecordKind, names: &[&str], seen: InUse) -> Removed {
    let names = names.iter().map(ToString::to_string).collect();
    let now = UtcMillis(60_000);
    engine::remove_records(&**node, kind, names, seen, actor(), now).await.unwrap()
}

async fn exists(node: &Node, kind: RecordKind, name: &str) -> bool {
    !node.records(kind, &[name.to_owned()]).await.unwrap().is_empty()
}

fn removed(names: &[&str], logins: u64, users: u64) -> Removed {
    let names = names.iter().map(ToString::to_string).collect();
    Removed::Done { names, in_use: InUse { logins, users } }
}

/// The causes of the ended logins, with their users, the latest first.
async fn ended(node: &Node) -> Vec<(String, EndCause)> {
    let query = HistoryQuery { limit: 100, ..HistoryQuery::default() };
    let page = node.history(&query).await.unwrap();
    page.rows.into_iter().map(|one| (one.user.id, one.cause)).collect()
}

pub async fn a_removed_user_is_logged_out_everywhere(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    for (user, phone) in [("john", "SEP1"), ("john", "SEP2"), ("jane", "SEP3")] {
        done(log_in(&node, 1000, user, phone).await);
    }
    let before = node.configuration().await.unwrap().version;
    let names = ["JOHN", "nobody"];
    assert_eq!(remove(&node, RecordKind::Users, &names, SEES_ALL).await, removed(&["john"], 2, 0));
    assert_eq!(open(&node).await, [("SEP3".to_owned(), "Jane".to_owned())]);
    let john = ("john".to_owned(), EndCause::UserRemoved);
    assert_eq!(ended(&node).await, [john.clone(), john]);
    assert_eq!(refused(&log_in(&node, 2000, "john", "SEP1").await), 23);
    assert!(node.configuration().await.unwrap().version > before, "requests are checked again");
    assert!(!exists(&node, RecordKind::Users, "john").await);
    // A second removal finds nobody, and says so.
    assert_eq!(remove(&node, RecordKind::Users, &names, SEES_ALL).await, removed(&[], 0, 0));
}

pub async fn a_removed_phone_is_logged_out(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 1000, "john", "SEP1").await);
    assert_eq!(
        remove(&node, RecordKind::Phones, &["sep1", "SEP2"], SEES_ALL).await,
        removed(&["SEP1", "SEP2"], 1, 0)
    );
    assert_eq!(ended(&node).await, [("john".to_owned(), EndCause::PhoneRemoved)]);
    assert_eq!(refused(&log_in(&node, 2000, "john", "SEP1").await), 11);
}

pub async fn a_removed_profile_is_taken_from_its_users_and_ends_their_logins(
    database: &impl Database,
) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 1000, "john", "SEP1").await);
    done(log_in(&node, 1000, "jane", "SEP2").await);
    let names = ["JOHN-1"];
    let in_use = node.in_use(RecordKind::DeviceProfiles, &["john-1".to_owned()]).await.unwrap();
    assert_eq!(in_use, InUse { logins: 1, users: 1 });
    assert_eq!(
        remove(&node, RecordKind::DeviceProfiles, &names, in_use).await,
        removed(&["john-1"], 1, 1)
    );
    assert_eq!(ended(&node).await, [("john".to_owned(), EndCause::ProfileRemoved)]);
    // The next profile is the default now.
    let again = done(log_in(&node, 2000, "john", "SEP1").await);
    assert_eq!(again.login.profile, "john-2");
    let find = |text| engine::DirectoryQuery {
        find: terms::LoginFilter::texts(text),
        filters: Vec::<UserFilter>::new(),
        order: engine::DirectoryOrder::Name,
        is_descending: false,
        offset: 0,
        limit: 10,
        after: None,
    };
    assert_eq!(node.list_users(&find("john-1")).await.unwrap().matching, 0);
    assert_eq!(node.list_users(&find("john-2")).await.unwrap().matching, 1);
}

pub async fn nothing_is_removed_of_which_more_depends_than_was_seen(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 1000, "john", "SEP1").await);
    for (kind, name, users) in [
        (RecordKind::Users, "john", 0),
        (RecordKind::Phones, "SEP1", 0),
        (RecordKind::DeviceProfiles, "john-1", 1),
    ] {
        let nothing = InUse { logins: 0, users: 1 };
        let in_use = InUse { logins: 1, users };
        assert_eq!(remove(&node, kind, &[name], nothing).await, Removed::MoreInUse(in_use));
        assert!(exists(&node, kind, name).await, "{name}");
        assert_eq!(node.in_use(kind, &[name.to_owned()]).await.unwrap(), in_use, "{name}");
    }
    assert_eq!(open(&node).await.len(), 1);
}

pub async fn a_removal_is_in_the_audit_without_secrets(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    remove(&node, RecordKind::Users, &["john"], SEES_ALL).await;
    remove(&node, RecordKind::ApplicationUsers, &["emproxy"], SEES_ALL).await;
    let page = node.audit(&AuditQuery { limit: 2, ..AuditQuery::default() }).await.unwrap();
    let lines: Vec<_> =
        page.rows.iter().map(|row| (row.subject.as_str(), row.detail.as_str())).collect();
    assert_eq!(lines[0].0, "application user emproxy");
    assert_eq!(lines[1].0, "user john");
    assert!(lines[1].1.contains("john-2") && lines[1].1.ends_with("→ removed"), "{lines:?}");
    assert!(lines.iter().all(|(_, detail)| !detail.contains('$')), "{lines:?}");
}

async fn edit(
    node: &Node,
    wanted: UserEntry,
    seen: Option<UserEntry>,
) -> Result<Edited, StoreError> {
    let users = |entry| ConfigurationChange { users: vec![entry], ..Default::default() };
    let edit = RecordEdit {
        kind: RecordKind::Users,
        name: wanted.id.clone(),
        change: users(wanted),
        seen: seen.map(users),
    };
    engine::edit_record(&**node, edit, actor(), UtcMillis(60_000)).await
}

fn number(id: &str, number: &str) -> UserEntry {
    let primary_extension = Some(number.to_owned());
    UserEntry { id: id.to_owned(), primary_extension, ..UserEntry::default() }
}

pub async fn an_edit_changes_what_its_editor_has_seen_alone(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let edited = edit(&node, number("john", "2001"), Some(number("john", ""))).await.unwrap();
    assert!(matches!(&edited, Edited::Done(differences) if differences.len() == 1), "{edited:?}");
    // Another editor has not seen 2001.
    let conflict = edit(&node, number("john", "2009"), Some(number("john", ""))).await.unwrap();
    assert_eq!(conflict, Edited::Conflict);
    // A change of another value is no conflict, and neither is the same value.
    let off = |enabled| UserEntry {
        id: "john".to_owned(),
        enabled: Some(enabled),
        ..UserEntry::default()
    };
    assert!(matches!(edit(&node, off(false), Some(off(true))).await, Ok(Edited::Done(_))));
    let same = edit(&node, number("john", "2001"), Some(number("john", ""))).await.unwrap();
    assert_eq!(same, Edited::Done(vec![]));
    let gone = edit(&node, number("nobody", "1"), Some(number("nobody", ""))).await.unwrap();
    assert_eq!(gone, Edited::Gone);
    // A profile that the editor has seen is removed meanwhile.
    let profiles = |names: &[&str]| UserEntry {
        id: "john".to_owned(),
        profiles: Some(names.iter().map(ToString::to_string).collect()),
        ..UserEntry::default()
    };
    remove(&node, RecordKind::DeviceProfiles, &["john-2"], SEES_ALL).await;
    let (wanted, seen) = (profiles(&["jane-1"]), profiles(&["john-1", "john-2"]));
    assert_eq!(edit(&node, wanted, Some(seen)).await.unwrap(), Edited::Conflict);
}

pub async fn a_new_record_never_replaces_one(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let new = |id: &str| UserEntry { pin_hash: Some("$new".to_owned()), ..number(id, "7") };
    assert_eq!(edit(&node, new("JOHN"), None).await.unwrap(), Edited::Exists);
    let added = edit(&node, new("mina"), None).await.unwrap();
    assert!(matches!(added, Edited::Done(differences) if !differences.is_empty()));
    assert!(exists(&node, RecordKind::Users, "MINA").await);
}

pub async fn a_change_of_existing_rows_adds_none(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let off = |name: &str| PhoneEntry {
        name: name.to_owned(),
        extension_mobility: Some(false),
        ..PhoneEntry::default()
    };
    let change = ConfigurationChange {
        phones: vec![off("SEP1"), off("SEPNONE")],
        only_existing: true,
        ..ConfigurationChange::default()
    };
    let differences = apply(&node, change).await.unwrap();
    assert_eq!(differences.len(), 1);
    assert!(!exists(&node, RecordKind::Phones, "SEPNONE").await);
    assert!(matches!(log_in(&node, 1000, "john", "SEP1").await, Outcome::Refused(_)));
}

pub async fn an_account_never_outlives_its_line(database: &impl Database) {
    let node = database.node().await;
    let account = |dn: &str| engine::SipAccount {
        dn: dn.to_owned(),
        user: dn.to_owned(),
        password: "secret".to_owned(),
    };
    let line = |dn: &str| engine::Line { dn: dn.to_owned(), label: String::new() };
    let phone = |lines: &[&str], sip: Option<&[&str]>| ConfigurationChange {
        phones: vec![PhoneEntry {
            name: "SEP1".to_owned(),
            lines: Some(lines.iter().map(|dn| line(dn)).collect()),
            sip: sip.map(|sip| sip.iter().map(|dn| account(dn)).collect()),
            ..PhoneEntry::default()
        }],
        ..ConfigurationChange::default()
    };
    apply(&node, phone(&["1", "2"], Some(&["1", "2"]))).await.unwrap();
    apply(&node, phone(&["2", "3"], None)).await.unwrap();
    let stored = node.records(RecordKind::Phones, &["SEP1".to_owned()]).await.unwrap();
    let engine::StoredRecord::Phone(stored) = &stored[0] else { unreachable!() };
    assert_eq!(stored.sip, [account("2")]);
    remove(&node, RecordKind::Phones, &["SEP1", "sep1"], SEES_ALL).await;
    let page = node.audit(&AuditQuery { limit: 1, ..AuditQuery::default() }).await.unwrap();
    assert!(page.rows[0].detail.ends_with("→ removed"), "{:?}", page.rows[0]);
    assert!(!page.rows[0].detail.contains("secret"), "{:?}", page.rows[0]);
}
