//! Names: compared by key, answered in their stored spelling.

use engine::{
    AppUserEntry, ConfigurationChange, ListQuery, LoginRequest, PhoneEntry, ProfileEntry,
    ProfileRight, UserEntry, UserId,
};
use futures::future::join_all;
use terms::LoginFilter;

use super::{
    Database, Node,
    fixture::{apply, attempt, behavior, done, filled, log_in, log_out, open, refused, request},
    nodes,
};

/// Applies a change, and returns the differences as texts.
async fn changed(node: &Node, change: ConfigurationChange) -> Vec<String> {
    let differences = apply(node, change).await.unwrap();
    let shown = |one: engine::Difference| {
        let from = one.from.unwrap_or_default();
        format!("{} {} {from} {}", one.what, one.field, one.to)
    };
    differences.into_iter().map(shown).collect()
}

fn phone(name: &str) -> ConfigurationChange {
    let phone = PhoneEntry { name: name.to_owned(), ..PhoneEntry::default() };
    ConfigurationChange { phones: vec![phone], ..ConfigurationChange::default() }
}

pub async fn all_spellings_of_a_name_are_one_phone(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    changed(&node, phone("SEP001122AABBCC")).await;
    let login = done(log_in(&node, 0, "JOHN", "sep00:11:22:aa:bb:cc").await).login;
    assert_eq!((&*login.user.id, &*login.phone.name), ("john", "SEP001122AABBCC"));
    assert_eq!(refused(&log_in(&node, 0, "Jane", "SEP0011.22AA.BBCC").await), 18);
    let asked = ["sep001122aabbcc".to_owned(), "ＳＥＰ1".to_owned()];
    let (_, phones) = node.phones(&asked).await.unwrap();
    let found: Vec<_> =
        phones.into_iter().flatten().map(|one| (one.name, one.user.map(|user| user.id))).collect();
    let expected = [("SEP001122AABBCC", Some("john")), ("SEP1", None)];
    assert_eq!(found, expected.map(|(name, user)| (name.to_owned(), user.map(str::to_owned))));
    let detail = node.phone_detail("sep001122AABBCC").await.unwrap().unwrap();
    assert_eq!(detail.login.unwrap().id, login.id);
    assert_eq!(done(log_out(&node, 1, "Sep00-11-22-AA-BB-CC").await).id, login.id);
    assert_eq!(node.ended_on_phone("sep001122aabbcc", 9).await.unwrap().len(), 1);
    let (_, phones) = node.phones(&asked).await.unwrap();
    assert_eq!(phones[0].as_ref().unwrap().last_user, Some(UserId::own("john")));
}

pub async fn all_spellings_of_a_name_are_one_profile(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    for profile_right in [ProfileRight::Own, ProfileRight::Any] {
        let profile = Some("JOHN-2".to_owned());
        let request = LoginRequest { profile, profile_right, ..request("john", "SEP1") };
        assert_eq!(done(attempt(&node, 0, request).await).login.profile, "john-2");
        done(log_out(&node, 0, "SEP1").await);
    }
    let user = UserEntry {
        id: "bare".to_owned(),
        profiles: Some(vec!["Jane-1".to_owned()]),
        ..UserEntry::default()
    };
    changed(&node, ConfigurationChange { users: vec![user], ..ConfigurationChange::default() })
        .await;
    let (_, users) = node.users(&["BARE".to_owned()]).await.unwrap();
    assert_eq!(
        users[0].as_ref().unwrap().profiles,
        ["jane-1"],
        "the user's profile has its stored spelling"
    );
}

pub async fn all_spellings_of_a_name_are_one_application_user(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let found = node.credentials("EmProxy").await.unwrap().1.app_user;
    assert_eq!(found.unwrap().id, "emproxy");
}

pub async fn another_spelling_of_a_name_changes_the_spelling_alone(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 0, "john", "SEP1").await);
    let app_user = AppUserEntry { id: "EMProxy".to_owned(), password_hash: None, proxy: None };
    let change = || ConfigurationChange {
        app_users: vec![app_user.clone()],
        users: vec![UserEntry { id: "John".to_owned(), ..UserEntry::default() }],
        profiles: vec![ProfileEntry { name: "John-1".to_owned(), ..ProfileEntry::default() }],
        ..phone("Sep1")
    };
    assert_eq!(
        changed(&node, change()).await,
        [
            "application user EMProxy id emproxy EMProxy",
            "device profile John-1 name john-1 John-1",
            "user John id john John",
            "phone Sep1 name SEP1 Sep1",
        ]
    );
    assert_eq!(changed(&node, change()).await, Vec::<String>::new());
    assert_eq!(open(&node).await, [("Sep1".to_owned(), "John".to_owned())]);
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    let john = users[0].as_ref().unwrap();
    assert_eq!((&*john.id, &*john.phones[0], &*john.profiles[0]), ("John", "Sep1", "John-1"));
    assert_eq!(refused(&log_in(&node, 0, "Jane", "SEP1").await), 18);
}

pub async fn a_phone_is_found_by_its_new_spelling(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let finds = ["00:11", "1122"].map(|find| LoginFilter::new(find, None).at(0));
    changed(&node, phone("SEP001122AABBCC")).await;
    done(log_in(&node, 0, "john", "SEP001122AABBCC").await);
    for (spelling, found) in [("SEP00:11:22:AA:BB:CC", [1, 1]), ("SEP001122AABBCC", [0, 1])] {
        changed(&node, phone(spelling)).await;
        for (filter, found) in finds.iter().zip(found) {
            let query = ListQuery { filter: filter.clone(), limit: 9, ..ListQuery::default() };
            let page = node.active_logins(&query).await.unwrap();
            assert_eq!(page.matching, found, "{filter:?} in {spelling}");
            let shown = page.rows.iter().all(|row| row.phone.name == spelling);
            assert!(shown, "{filter:?} in {spelling}");
        }
    }
}

/// Concurrent log-ins with several spellings of a user or a phone, over many nodes, never get two logins.
pub async fn two_spellings_at_once_never_get_two_logins(database: &impl Database) {
    let nodes = nodes(database, 3).await;
    filled(&nodes[0]).await;
    for (value, phones, refusal) in [
        ("Multiple Logins Not Allowed", ["SEP1", "sep2", "Sep3"], 25),
        ("Multiple Logins Allowed", ["SEP1", "sep1", "ＳＥＰ1"], 18),
    ] {
        behavior(&nodes[0], value).await;
        for round in 0..25 {
            let outcomes = join_all((0..6).map(|index| {
                let node = nodes[index % 3].clone();
                let user = ["john", "JOHN", "Ｊｏｈｎ"][(index / 2) % 3];
                let phone = phones[index % 3];
                tokio::spawn(async move { log_in(&node, round, user, phone).await })
            }))
            .await;
            let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
            let is_done = |one: &&_| matches!(one, engine::ports::Outcome::Done(_));
            assert_eq!(outcomes.iter().filter(is_done).count(), 1, "{outcomes:?}");
            for other in outcomes.iter().filter(|one| !is_done(one)) {
                assert!([refusal, 18].contains(&refused(other)));
            }
            let open = open(&nodes[1]).await;
            assert_eq!(open.len(), 1);
            done(log_out(&nodes[0], round, &open[0].0.to_lowercase()).await);
        }
    }
}
