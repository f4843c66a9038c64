//! A user with all details.

use engine::{
    ConfigurationChange, DueRefusal, Refusal, UserDetail, UserDetailLimits, UserEntry, UserId,
    UtcMillis,
};

use super::{
    Database, Node,
    fixture::{actor, apply, behavior, done, filled, log_in, log_out},
    stay_fixture::{of, visit},
};

const LIMITS: UserDetailLimits = UserDetailLimits { open: 2, ended: 2, refusals: 2 };

async fn detail(node: &Node, name: &str) -> Option<UserDetail> {
    node.user_detail(name, LIMITS).await.unwrap()
}

/// Records a refusal of a log-in.
async fn refuse(node: &Node, code: u16, user: &str, at_ms: i64) {
    let at = UtcMillis(at_ms);
    let (user, phone, by) = (user.to_owned(), "SEP1".to_owned(), actor());
    let refusal = Refusal { code, user, phone, by, why: None, first: at, last: at, times: 1 };
    engine::record_refusals(&**node, vec![DueRefusal { refusal, told: 1 }]).await.unwrap();
}

pub async fn a_user_has_settings_logins_and_refusals_and_no_secret(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    assert_eq!(detail(&node, "nobody").await, None);
    let john = detail(&node, "JOHN").await.unwrap();
    assert_eq!((john.user, john.open), (UserId::own("john"), 0));
    let settings = john.settings.unwrap();
    let profiles = settings.profiles.iter().map(|one| (one.name.as_str(), one.model.as_deref()));
    let model = Some("Cisco 8861");
    assert_eq!(profiles.collect::<Vec<_>>(), [("john-1", model), ("john-2", model)]);
    assert!(settings.enabled && !settings.emcc && settings.max_login_minutes.is_none());
    let users = vec![UserEntry {
        id: "john".to_owned(),
        enabled: Some(false),
        emcc: Some(true),
        max_login_minutes: Some(Some(30)),
        ..UserEntry::default()
    }];
    for phone in 1..=4 {
        done(log_in(&node, phone, "john", &format!("SEP{phone}")).await);
    }
    done(log_out(&node, 10, "SEP1").await);
    for (at, code) in [(20, 18), (70_000, 25), (80_000, 12)] {
        refuse(&node, code, "John", at).await;
    }
    refuse(&node, 12, "jane", 90_000).await;
    let john = detail(&node, "john").await.unwrap();
    let phones = john.logins.iter().map(|login| login.phone.name.as_str());
    assert_eq!((phones.collect::<Vec<_>>(), john.open), (vec!["SEP4", "SEP3"], 3));
    let ended = john.ended.iter().map(|login| (login.phone.name.as_str(), login.ended.0));
    assert_eq!(ended.collect::<Vec<_>>(), [("SEP1", 10)]);
    let codes = john.refusals.iter().map(|row| row.refusal.code).collect::<Vec<_>>();
    assert_eq!(codes, [12, 25], "the latest");
    assert_eq!(john.refusals[1].held_by.as_deref(), Some("SEP4"));
    apply(&node, ConfigurationChange { users, ..ConfigurationChange::default() }).await.unwrap();
    let john = detail(&node, "john").await.unwrap();
    let settings = john.settings.clone().unwrap();
    assert!(!settings.enabled && settings.emcc);
    assert_eq!((settings.max_login_minutes, john.open), (Some(30), 0));
    assert!(!format!("{john:?}").contains("$pin"));
    assert_eq!(detail(&node, "john (busan)").await, None);
}

pub async fn a_user_of_another_cluster_is_known_by_logins_alone(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    visit(&node, 1, 1, "Rak", "SEP1", None).await;
    visit(&node, 1, 2, "john", "SEP2", None).await;
    refuse(&node, 25, "rak", 20).await;
    refuse(&node, 25, "john", 20).await;
    let rak = detail(&node, "RAK (busan)").await.unwrap();
    assert_eq!((rak.user, rak.settings, rak.open), (of("busan", "Rak"), None, 1));
    assert_eq!((rak.logins[0].phone.name.as_str(), rak.refusals.len()), ("SEP1", 1));
    // A request names an id without its cluster.
    let rak = detail(&node, "rak").await.unwrap();
    assert_eq!((rak.user, rak.open, rak.refusals.len()), (UserId::own("Rak"), 1, 1));
    // The namesake is another user, to whom the refusals of the id belong.
    let own = detail(&node, "john").await.unwrap();
    let john = detail(&node, "john (busan)").await.unwrap();
    assert_eq!((john.settings, john.open, john.refusals.len()), (None, 1, 0));
    assert!(!john.is_meant_by_id && own.is_meant_by_id);
    assert_eq!((own.settings.is_some(), own.open, own.refusals.len()), (true, 0, 1));
    done(log_out(&node, 30, "SEP1").await);
    let rak = detail(&node, "rak (busan)").await.unwrap();
    assert_eq!((rak.open, rak.ended.len()), (0, 1));
    assert_eq!(detail(&node, "rak (elsewhere)").await, None, "the refusals may be another user's");
    refuse(&node, 23, "ghost", 40).await;
    let ghost = detail(&node, "Ghost").await.unwrap();
    assert_eq!((ghost.user, ghost.refusals.len()), (UserId::own("Ghost"), 1));
}
