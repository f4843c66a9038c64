//! Filters over open and ended logins.

use engine::{ConfigurationChange, HistoryQuery, ListQuery, LoginOrder, PhoneEntry, Selection};
use terms::LoginFilter;

use super::{
    Database,
    fixture::{apply, behavior, done, filled, log_in, log_out},
};

const HOUR_MS: i64 = 3_600_000;

pub async fn a_filter_finds_all_that_a_row_shows(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(log_in(&node, HOUR_MS, "Jane", "SEP2").await);
    let phone = |description: &str| PhoneEntry {
        name: "SEP3".into(),
        model: Some("Cisco 8861".into()),
        description: Some(description.into()),
        ..PhoneEntry::default()
    };
    let phones = vec![phone("Gebäude A: Empfang")];
    apply(&node, ConfigurationChange { phones, ..ConfigurationChange::default() }).await.unwrap();
    done(log_in(&node, 2 * HOUR_MS, "Jane", "SEP3").await);
    let found = async |find: &str| {
        let filter = LoginFilter::new(find, None).at(3 * HOUR_MS);
        let order = LoginOrder::Oldest;
        let query = ListQuery { filter: filter.clone(), order, offset: 0, limit: 9 };
        let page = node.active_logins(&query).await.unwrap();
        let selection = Selection { filter, ..Selection::default() };
        assert_eq!(node.open_in(&selection).await.unwrap(), page.matching, "{find}");
        page.rows.iter().map(|row| row.phone.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("gebäude 8861").await, "SEP3");
    assert_eq!(found("\"A: EMPFANG\"").await, "SEP3");
    assert_eq!(found("empfang a:").await, "SEP3");
    assert_eq!(found("description:empfang user:jane").await, "SEP3");
    assert_eq!(found("user:empfang").await, "");
    assert_eq!(found("phone:sep2").await, "SEP2");
    assert_eq!(found("since>90m").await, "SEP1 SEP2");
    assert_eq!(found("since>90m since<3h").await, "SEP2");
    assert_eq!(found("left<100h").await, "", "unlimited logins");
    assert_eq!(found("left>100h since<90m").await, "SEP3");
    // An ended login is found by the same texts, and by those of its end.
    done(log_out(&node, 4 * HOUR_MS, "SEP3").await);
    let ended = async |find: &str| {
        let find = LoginFilter::texts(find);
        let query = HistoryQuery { find, limit: 9, ..HistoryQuery::default() };
        node.history(&query).await.unwrap().matching
    };
    assert_eq!((ended("empfang model:8861").await, ended("model:empfang").await), (1, 0));
}
