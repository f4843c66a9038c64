//! Users and phones by a part of a name.

use engine::{ConfigurationChange, PhoneEntry, UserEntry};

use super::{
    Database, Node,
    fixture::{apply, filled},
};

async fn found(node: &Node, find: &str, limit: u32) -> (Vec<String>, Vec<String>) {
    let found = node.find_names(find, limit).await.unwrap();
    (found.users, found.phones.into_iter().map(|phone| phone.name).collect())
}

async fn users(node: &Node, find: &str) -> Vec<String> {
    found(node, find, 8).await.0
}

async fn phones(node: &Node, find: &str) -> Vec<String> {
    found(node, find, 8).await.1
}

pub async fn names_are_found_by_their_beginning_first(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let user = |id: &str| UserEntry {
        id: id.to_owned(),
        pin_hash: Some("$pin".to_owned()),
        ..UserEntry::default()
    };
    let phone = |name: &str, description: &str| PhoneEntry {
        name: name.to_owned(),
        model: Some("Cisco 7841".to_owned()),
        description: Some(description.to_owned()),
        ..PhoneEntry::default()
    };
    let change = ConfigurationChange {
        users: ["Kim Minsu", "minsu", "a.minsu", "김민수", "100%_x"].map(user).to_vec(),
        phones: vec![phone("SEP001122AABBCC", "Lobby"), phone("ATA-lobby", "")],
        ..ConfigurationChange::default()
    };
    apply(&node, change).await.unwrap();
    assert_eq!(users(&node, "MINSU").await, ["minsu", "a.minsu", "Kim Minsu"]);
    assert_eq!(users(&node, "minsu kim").await, ["Kim Minsu"], "words in any order");
    assert_eq!(users(&node, "김").await, ["김민수"]);
    assert_eq!(users(&node, "민수").await, ["김민수"]);
    assert_eq!(users(&node, "%").await, ["100%_x"], "no character is a pattern");
    assert_eq!(phones(&node, "00:11:22:aa:bb:cc").await, ["SEP001122AABBCC"]);
    assert_eq!(phones(&node, "1122").await, ["SEP001122AABBCC"]);
    assert_eq!(phones(&node, "lobby").await, ["ATA-lobby", "SEP001122AABBCC"]);
    assert_eq!(phones(&node, "7841 lobby").await, ["ATA-lobby", "SEP001122AABBCC"]);
    let (some, sep) = found(&node, "sep", 3).await;
    assert_eq!(
        (some.len(), sep),
        (0, ["SEP001122AABBCC", "SEP1", "SEP2"].map(String::from).to_vec())
    );
    for nothing in ["", "  ", "\u{200b}", "nobody"] {
        assert_eq!(found(&node, nothing, 8).await, (vec![], vec![]), "{nothing:?}");
    }
}
