//! The lists of users, phones, device profiles and application users.

use engine::{
    AppUserEntry, AppUserFilter, ConfigurationChange, DirectoryOrder, DirectoryQuery, Line,
    PhoneEntry, PhoneFilter, ProfileEntry, ProfileFilter, UserEntry, UserFilter,
};
use terms::LoginFilter;

use super::{
    Database, Node,
    fixture::{apply, done, filled, log_in, log_out},
};

fn query<F>(find: &str, filters: Vec<F>) -> DirectoryQuery<F> {
    DirectoryQuery {
        find: LoginFilter::texts(find),
        filters,
        order: DirectoryOrder::Name,
        is_descending: false,
        offset: 0,
        limit: 50,
        after: None,
    }
}

async fn users(node: &Node, query: DirectoryQuery<UserFilter>) -> (Vec<String>, u64) {
    let page = node.list_users(&query).await.unwrap();
    (page.rows.into_iter().map(|user| user.id).collect(), page.matching)
}

async fn phones(node: &Node, query: DirectoryQuery<PhoneFilter>) -> (Vec<String>, u64) {
    let page = node.list_phones(&query).await.unwrap();
    (page.rows.into_iter().map(|phone| phone.name).collect(), page.matching)
}

async fn profiles(node: &Node, query: DirectoryQuery<ProfileFilter>) -> Vec<String> {
    let page = node.list_profiles(&query).await.unwrap();
    page.rows.into_iter().map(|profile| profile.name).collect()
}

pub async fn users_are_listed_by_what_they_are_and_do(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let new = |id: &str| UserEntry {
        id: id.to_owned(),
        pin_hash: Some("$pin".to_owned()),
        ..UserEntry::default()
    };
    let change = ConfigurationChange {
        users: vec![
            UserEntry { enabled: Some(false), ..new("오정희") },
            UserEntry {
                primary_extension: Some("2007".to_owned()),
                pin_must_change: Some(true),
                emcc: Some(true),
                ..new("ÄNNE")
            },
        ],
        ..ConfigurationChange::default()
    };
    apply(&node, change).await.unwrap();
    let all = users(&node, query("", vec![])).await;
    assert_eq!(all, (["bare", "Jane", "john", "ÄNNE", "오정희"].map(String::from).to_vec(), 5));
    let reversed = DirectoryQuery { is_descending: true, limit: 2, offset: 1, ..query("", vec![]) };
    assert_eq!(users(&node, reversed).await, (vec!["ÄNNE".to_owned(), "john".to_owned()], 5));
    let after = DirectoryQuery { after: Some("JANE".to_owned()), limit: 2, ..query("", vec![]) };
    assert_eq!(users(&node, after).await, (vec!["john".to_owned(), "ÄNNE".to_owned()], 3));
    let past_the_end = DirectoryQuery { offset: 5, ..query("", vec![]) };
    assert_eq!(users(&node, past_the_end).await, (vec![], 5));

    done(log_in(&node, 1000, "john", "SEP1").await);
    done(log_in(&node, 2000, "jane", "SEP2").await);
    done(log_out(&node, 3000, "SEP2").await);
    for (find, filters, expected) in [
        ("JANE", vec![], vec!["Jane"]),
        ("john-2", vec![], vec!["john"]),
        ("profile:jane", vec![], vec!["Jane"]),
        ("profile:john j", vec![], vec!["john"]),
        ("änne 2007", vec![], vec!["ÄNNE"]),
        ("user:john-2", vec![], vec![]),
        ("", vec![UserFilter::LoggedIn], vec!["john"]),
        ("", vec![UserFilter::NoKnownLogin], vec!["bare", "ÄNNE", "오정희"]),
        ("", vec![UserFilter::NoKnownLogin, UserFilter::Disabled], vec!["오정희"]),
        ("", vec![UserFilter::NoProfile, UserFilter::Emcc], vec!["ÄNNE"]),
        ("", vec![UserFilter::PinMustChange], vec!["ÄNNE"]),
        ("j", vec![UserFilter::Named(vec!["JOHN".into(), "bare".into()])], vec!["john"]),
        ("", vec![UserFilter::Named(vec![])], vec![]),
    ] {
        let what = format!("{find:?} {filters:?}");
        let (found, matching) = users(&node, query(find, filters)).await;
        assert_eq!(
            (&found, matching),
            (&expected.iter().map(ToString::to_string).collect(), expected.len() as u64),
            "{what}"
        );
    }
    let page = node.list_users(&query("john", vec![])).await.unwrap();
    let john = &page.rows[0];
    assert_eq!(
        (john.open, john.phone.as_ref().map(|phone| phone.name.as_str())),
        (1, Some("SEP1"))
    );
    assert_eq!(john.profiles, ["john-1", "john-2"]);
}

pub async fn phones_are_listed_by_what_they_are_and_do(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let change = ConfigurationChange {
        phones: vec![PhoneEntry {
            name: "SEP001122AABBCC".to_owned(),
            model: Some("Cisco 7841".to_owned()),
            description: Some("3층 회의실".to_owned()),
            address: Some("192.0.2.77".to_owned()),
            lines: Some(vec![Line { dn: "3100".to_owned(), label: "Conference".to_owned() }]),
            ..PhoneEntry::default()
        }],
        ..ConfigurationChange::default()
    };
    apply(&node, change).await.unwrap();
    done(log_in(&node, 1000, "john", "00:11:22:aa:bb:cc").await);
    done(log_in(&node, 2000, "jane", "SEP2").await);
    done(log_out(&node, 3000, "SEP2").await);
    for (find, filters, expected) in [
        ("회의실", vec![], vec!["SEP001122AABBCC"]),
        ("00:11:22:AA:bb:cc", vec![], vec!["SEP001122AABBCC"]),
        ("model:7841 3100", vec![], vec!["SEP001122AABBCC"]),
        ("conference", vec![], vec!["SEP001122AABBCC"]),
        ("address:192.0.2.77", vec![], vec!["SEP001122AABBCC"]),
        ("", vec![PhoneFilter::LoggedIn], vec!["SEP001122AABBCC"]),
        ("", vec![PhoneFilter::OtherModel], vec!["SEP001122AABBCC"]),
        ("", vec![PhoneFilter::Off], vec!["SEPOFF"]),
        ("sep2", vec![PhoneFilter::NeverUsed], vec![]),
        ("sep3", vec![PhoneFilter::NeverUsed, PhoneFilter::NoAddress], vec!["SEP3"]),
    ] {
        let what = format!("{find:?} {filters:?}");
        let (found, matching) = phones(&node, query(find, filters)).await;
        assert_eq!(
            (&found, matching),
            (&expected.iter().map(ToString::to_string).collect(), expected.len() as u64),
            "{what}"
        );
    }
    let by_model = DirectoryQuery { order: DirectoryOrder::Model, limit: 2, ..query("", vec![]) };
    assert_eq!(phones(&node, by_model).await, (vec!["SEP001122AABBCC".into(), "SEP1".into()], 11));
    let page = node.list_phones(&query("3100", vec![])).await.unwrap();
    assert_eq!(page.rows[0].user.as_ref().map(|user| user.id.as_str()), Some("john"));
}

pub async fn profiles_and_application_users_are_listed(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let change = ConfigurationChange {
        profiles: vec![ProfileEntry {
            name: "spare".to_owned(),
            model: Some("Cisco 7841".to_owned()),
            ..ProfileEntry::default()
        }],
        app_users: vec![AppUserEntry {
            id: "watcher".to_owned(),
            password_hash: Some("$hash".to_owned()),
            proxy: Some(false),
        }],
        users: vec![UserEntry {
            id: "Jane".to_owned(),
            profiles: Some(vec!["jane-1".to_owned(), "john-2".to_owned()]),
            ..UserEntry::default()
        }],
        ..ConfigurationChange::default()
    };
    apply(&node, change).await.unwrap();
    done(log_in(&node, 1000, "john", "SEP1").await);
    let page = node.list_profiles(&query("", vec![])).await.unwrap();
    let rows: Vec<_> =
        page.rows.iter().map(|one| (one.name.as_str(), one.users, one.open)).collect();
    assert_eq!(rows, [("jane-1", 1, 0), ("john-1", 1, 1), ("john-2", 2, 0), ("spare", 0, 0)]);
    assert_eq!(profiles(&node, query("", vec![ProfileFilter::Unused])).await, ["spare"]);
    assert_eq!(profiles(&node, query("", vec![ProfileFilter::LoggedIn])).await, ["john-1"]);
    assert_eq!(profiles(&node, query("7841", vec![])).await, ["spare"]);
    let listed = async |find, filters| {
        let page = node.list_app_users(&query(find, filters)).await.unwrap();
        page.rows.into_iter().map(|one| (one.id, one.proxy)).collect::<Vec<_>>()
    };
    let both = [("emproxy".to_owned(), true), ("watcher".to_owned(), false)];
    assert_eq!(listed("", vec![]).await, both);
    assert_eq!(listed("", vec![AppUserFilter::NoProxy]).await, both[1..]);
    assert_eq!(listed("em", vec![AppUserFilter::Proxy]).await, both[..1]);
}
