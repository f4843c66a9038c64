//! PINs that users choose: the former ones are kept, and a change needs the present one.

use engine::{Actor, ConfigurationChange, PinRules, PinRulesChange, UserEntry, UtcMillis};

use super::{
    Database, Node,
    fixture::{apply, done, filled, log_in, open},
    nodes,
};

async fn change(node: &Node, from: &str, to: &str) -> bool {
    let (hashes, by) = ((from.to_owned(), to.to_owned()), Actor::user("john", "192.0.2.1"));
    engine::change_pin(&**node, "JOHN", hashes, by, UtcMillis(5)).await.unwrap()
}

async fn set(node: &Node, pin_hash: Option<&str>, pin_must_change: Option<bool>) {
    let pin_hash = pin_hash.map(str::to_owned);
    let john = UserEntry { id: "john".into(), pin_hash, pin_must_change, ..UserEntry::default() };
    let change = ConfigurationChange { users: vec![john], ..ConfigurationChange::default() };
    apply(node, change).await.unwrap();
}

pub async fn a_changed_pin_ends_no_login_and_the_former_ones_are_kept(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    set(node, None, Some(true)).await;
    let credential = async || node.credentials("john").await.unwrap().1.user.unwrap();
    assert!(credential().await.must_change);
    done(log_in(node, 1, "john", "SEP1").await);
    let before = node.version().await.unwrap();
    assert!(!change(node, "$other", "$new").await, "the PIN has changed meanwhile");
    assert_eq!(node.version().await.unwrap(), before);
    assert!(change(node, "$pin", "$new").await);
    assert_eq!(open(node).await.len(), 1);
    assert_ne!(node.version().await.unwrap(), before, "the former PIN authenticates no request");
    let after = credential().await;
    assert_eq!((&*after.pin_hash, after.must_change), ("$new", false));
    // An administrator's PIN is kept as well, and ends the login.
    set(node, Some("$reset"), None).await;
    assert_eq!(open(node).await.len(), 0);
    let pins = node.pins("john").await.unwrap().unwrap();
    assert_eq!((&*pins.hash, pins.history), ("$reset", vec!["$new".into(), "$pin".to_owned()]));
    for number in 0..20 {
        set(node, Some(&format!("${number}")), None).await;
    }
    let kept = node.pins("john").await.unwrap().unwrap().history;
    assert_eq!(kept.len(), PinRules::MAX_HISTORY as usize);
    assert_eq!(kept[0], "$18");
}

pub async fn the_rules_for_pins_are_kept(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    assert_eq!(node.configuration().await.unwrap().pin_rules, PinRules::default());
    let rules = PinRules { min_length: 5, history: 3, allows_trivial: false };
    let pin_rules =
        PinRulesChange { min_length: Some(5), history: Some(3), allows_trivial: Some(false) };
    let change = ConfigurationChange { pin_rules, ..ConfigurationChange::default() };
    assert_eq!(apply(node, change.clone()).await.unwrap().len(), 3);
    assert_eq!(node.configuration().await.unwrap().pin_rules, rules);
    assert!(apply(node, change).await.unwrap().is_empty());
}
