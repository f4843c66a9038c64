//! Administrators and their sessions: at least one administrator with all rights always remains.

use engine::{
    Actor, Administrator, AdministratorChange, AdministratorError, UtcMillis, ports::SessionRow,
};
use terms::Role;

use super::{Database, Node, nodes};

const NOW: UtcMillis = UtcMillis(0);

fn administrator(name: &str, role: Role) -> Administrator {
    Administrator { name: name.to_owned(), password_hash: "$".into(), role, enabled: true }
}

/// `kim` and `lee` are administrators and `otto` an operator.
async fn people(node: &Node) {
    for (name, role) in
        [("kim", Role::Administrator), ("lee", Role::Administrator), ("otto", Role::Operator)]
    {
        let new = administrator(name, role);
        engine::add_administrator(&**node, new, false, Actor::SYSTEM, NOW).await.unwrap();
    }
}

/// The changes after which an administrator no longer has all rights.
#[derive(Clone, Copy, Debug)]
enum Way {
    Remove,
    Demote,
    Disable,
}

async fn go(node: &Node, name: &str, way: Way) -> Result<(), AdministratorError> {
    let (name, actor) = (name.to_owned(), Actor::SYSTEM);
    let (role, enabled) = match way {
        Way::Remove => return engine::remove_administrator(&**node, name, actor, NOW).await,
        Way::Demote => (Some(Role::Operator), None),
        Way::Disable => (None, Some(false)),
    };
    let change = AdministratorChange { password_hash: None, role, enabled };
    engine::change_administrator(&**node, name, change, actor, NOW).await
}

pub async fn one_of_two_concurrently_removed_administrators_remains(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    people(&nodes[0]).await;
    for ways in [
        [Way::Demote, Way::Disable],
        [Way::Disable, Way::Remove],
        [Way::Demote, Way::Demote],
        [Way::Remove, Way::Remove],
    ] {
        let (kim, lee) = tokio::join!(go(&nodes[0], "kim", ways[0]), go(&nodes[1], "LEE", ways[1]));
        assert_ne!(kim.is_ok(), lee.is_ok(), "{ways:?}: exactly one change succeeds");
        assert_eq!(kim.and(lee), Err(AdministratorError::Last));
        let all = nodes[0].administrators().await.unwrap();
        let left = all.iter().filter(|one| one.may_do_everything());
        assert_eq!(left.count(), 1, "{ways:?}");
        for name in ["kim", "lee"] {
            let back = administrator(name, Role::Administrator);
            let _ = engine::add_administrator(&*nodes[0], back, false, Actor::SYSTEM, NOW).await;
            let (role, enabled) = (Some(Role::Administrator), Some(true));
            let change = AdministratorChange { password_hash: None, role, enabled };
            let (name, by) = (name.to_owned(), Actor::SYSTEM);
            engine::change_administrator(&*nodes[0], name, change, by, NOW).await.unwrap();
        }
    }
}

pub async fn all_spellings_of_a_name_are_one_administrator(database: &impl Database) {
    let node = database.node().await;
    people(&node).await;
    let add = async |name: &str, first: bool| {
        let new = administrator(name, Role::Viewer);
        engine::add_administrator(&*node, new, first, Actor::SYSTEM, NOW).await
    };
    assert_eq!(add("KIM", false).await, Err(AdministratorError::Taken("KIM".to_owned())));
    assert_eq!(add("max", true).await, Err(AdministratorError::NotTheFirst));
    assert_eq!(node.administrator("ＫIM").await.unwrap().unwrap().name, "kim");
    let gone = engine::remove_administrator(&*node, "max".to_owned(), Actor::SYSTEM, NOW).await;
    assert_eq!(gone, Err(AdministratorError::Unknown("max".to_owned())));
}

pub async fn a_change_of_an_administrator_ends_their_sessions_alone(database: &impl Database) {
    let node = database.node().await;
    people(&node).await;
    let session = |number: u8, name: &str| SessionRow {
        id_hash: [number; 32],
        body: "{}".to_owned(),
        expires: UtcMillis(100),
        administrator: name.to_owned(),
        address: "192.0.2.7".to_owned(),
        signed_in: NOW,
    };
    for (number, name) in [(1, "kim"), (2, "kim"), (3, "otto"), (4, "otto"), (5, "lee")] {
        node.create_session(session(number, name)).await.unwrap();
    }
    let open = async || {
        let mut open = Vec::new();
        for number in 1..=5 {
            if node.session([number; 32], UtcMillis(99)).await.unwrap().is_some() {
                open.push(number);
            }
        }
        open
    };
    go(&node, "KIM", Way::Demote).await.unwrap();
    assert_eq!(open().await, [3, 4, 5]);
    // A late save does not bring a deleted session back.
    assert!(!node.save_session(session(1, "kim")).await.unwrap());
    let ended =
        engine::sign_out_everywhere(&*node, "OTTO".to_owned(), Some([4; 32]), Actor::SYSTEM, NOW);
    assert_eq!(ended.await.unwrap(), 1);
    assert_eq!(open().await, [4, 5]);
    // A change to the same role ends no session.
    let same = AdministratorChange { role: Some(Role::Operator), ..AdministratorChange::default() };
    let by = Actor::SYSTEM;
    engine::change_administrator(&*node, "otto".to_owned(), same, by, NOW).await.unwrap();
    assert_eq!(open().await, [4, 5]);
    assert_eq!(node.delete_expired_sessions(UtcMillis(100), 10).await.unwrap(), 2);
}
