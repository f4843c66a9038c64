//! Administrators: somebody is always left who may do everything.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

use engine::{Actor, UtcMillis, ports::StoreError};
use store::{Administrator, AdministratorChange, ConsoleStore, Limits, SqliteStore};
use tempfile::TempDir;
use terms::Role;

const NOW: UtcMillis = UtcMillis(0);

/// Two nodes on one database in which `kim` and `lee` are administrators and `otto` an operator.
async fn two_nodes(folder: &TempDir) -> [SqliteStore; 2] {
    let file = folder.path().join("sojourn.db");
    let one = SqliteStore::open(&file, Limits::default()).await.unwrap();
    let other = SqliteStore::open(&file, Limits::default()).await.unwrap();
    for (name, role) in
        [("kim", Role::Administrator), ("lee", Role::Administrator), ("otto", Role::Operator)]
    {
        let name = name.to_owned();
        let new = Administrator { name, password_hash: "$".into(), role, enabled: true };
        one.add_administrator(new, false, Actor::SYSTEM, NOW).await.unwrap();
    }
    [one, other]
}

/// The ways in which an administrator goes.
#[derive(Clone, Copy, Debug)]
enum Way {
    Remove,
    Demote,
    Disable,
}

async fn go(node: &SqliteStore, name: &str, way: Way) -> Result<(), StoreError> {
    let (name, actor) = (name.to_owned(), Actor::SYSTEM);
    let (role, enabled) = match way {
        Way::Remove => return node.remove_administrator(name, actor, NOW).await,
        Way::Demote => (Some(Role::Operator), None),
        Way::Disable => (None, Some(false)),
    };
    let change = AdministratorChange { password_hash: None, role, enabled };
    node.change_administrator(name, change, actor, NOW).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_administrators_who_go_at_once_one_stays() {
    for ways in [
        [Way::Remove, Way::Remove],
        [Way::Demote, Way::Disable],
        [Way::Disable, Way::Remove],
        [Way::Demote, Way::Demote],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = two_nodes(&folder).await;
        let (kim, lee) = tokio::join!(go(&one, "kim", ways[0]), go(&other, "LEE", ways[1]));
        assert_ne!(kim.is_ok(), lee.is_ok(), "{ways:?}: one of two goes");
        assert!(matches!(kim.and(lee), Err(StoreError::Invalid(_))));
        let all = one.administrators().await.unwrap();
        let left = all.iter().filter(|one| one.enabled && one.role == Role::Administrator);
        assert_eq!(left.count(), 1, "{ways:?}");
    }
}
