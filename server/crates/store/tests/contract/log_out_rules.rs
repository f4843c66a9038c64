//! Logging users out at a time of the day, and after minutes without use.

use engine::{
    ConfigurationChange, JobId, LogOutRules, LogOutRulesChange, PhoneEntry, Reached, UtcMillis,
};
use terms::{ClockTime, LogOutAt};
use uuid::Uuid;

use super::{
    Database, Node,
    fixture::{actor, apply, behavior, done, filled, log_in},
    nodes,
};

/// No login.
const NOBODY: [u64; 0] = [];

fn time(text: &str) -> ClockTime {
    text.parse().unwrap()
}

/// Applies times of the day at `now`: one of the cluster, and one of each named phone.
async fn set(node: &Node, now: i64, cluster: &str, phones: &[(&str, Option<&str>)]) {
    let at = |text: &str| text.parse::<LogOutAt>().unwrap();
    let phones = phones.iter().map(|(name, own)| PhoneEntry {
        name: (*name).to_owned(),
        log_out_at: Some(own.map(at)),
        idle_minutes: Some(own.map(|_| 5)),
        ..PhoneEntry::default()
    });
    let change = ConfigurationChange {
        log_out_rules: LogOutRulesChange { at: Some(at(cluster)), idle_minutes: Some(30) },
        phones: phones.collect(),
        ..ConfigurationChange::default()
    };
    engine::apply(&**node, change, actor(), &UtcMillis(now), &|_| {}).await.unwrap();
}

/// The logins that the jobs for times of the day take at `now`.
async fn reach(node: &Node, now: i64, reached: &[(&str, i64)]) -> Vec<u64> {
    let reached = (1..).zip(reached).map(|(number, (text, at))| Reached {
        time: time(text),
        at: UtcMillis(*at),
        job: JobId(Uuid::from_u128(u128::try_from(now).unwrap() * 10 + number)),
    });
    let jobs = engine::log_out_by_clock(&**node, reached.collect(), UtcMillis(now)).await.unwrap();
    jobs.iter().map(|job| job.total).collect()
}

pub async fn a_phone_has_its_own_rules_or_the_clusters(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    assert_eq!(node.configuration().await.unwrap().log_out_rules, LogOutRules::default());
    assert_eq!(node.log_out_times().await.unwrap(), []);
    let own = [("SEP1", Some("never")), ("SEP2", Some("23:30")), ("SEP3", None)];
    set(node, 1, "22:00", &own).await;
    let rules = node.configuration().await.unwrap().log_out_rules;
    assert_eq!(rules, LogOutRules { at: LogOutAt::At(time("22:00")), idle_minutes: 30 });
    let mut times = node.log_out_times().await.unwrap();
    times.sort();
    assert_eq!(times, [time("22:00"), time("23:30")]);
    for (name, at, minutes) in [
        ("SEP1", Some(LogOutAt::Never), 5),
        ("SEP2", Some(LogOutAt::At(time("23:30"))), 5),
        ("SEP3", None, 30),
    ] {
        let phone = node.phone_detail(name).await.unwrap().unwrap().phone;
        assert_eq!((phone.log_out_at, phone.idle_minutes(&rules)), (at, minutes), "{name}");
    }
    // A change of something else keeps the values.
    let phones = vec![PhoneEntry { name: "SEP2".to_owned(), ..PhoneEntry::default() }];
    let nothing = apply(node, ConfigurationChange { phones, ..ConfigurationChange::default() });
    assert_eq!(nothing.await.unwrap(), []);
    set(node, 2, "never", &[("SEP1", None), ("SEP2", None)]).await;
    assert_eq!(node.log_out_times().await.unwrap(), []);
}

pub async fn a_time_of_the_day_takes_each_login_of_its_phones_once(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    set(node, 1_000, "22:00", &[("SEP1", Some("never")), ("SEP2", Some("23:30"))]).await;
    for number in 1..=4 {
        done(log_in(node, 2_000 + number, "john", &format!("SEP{number}")).await);
    }
    // A login at the very moment is one of the next day.
    done(log_in(node, 5_000, "john", "SEP5").await);
    assert_eq!(
        reach(node, 4_000, &[("22:00", 900)]).await,
        NOBODY,
        "before the settings were made"
    );
    assert_eq!(reach(node, 5_000, &[("22:00", 5_000)]).await, [2], "SEP3 and SEP4");
    assert_eq!(
        reach(&nodes[1], 5_001, &[("22:00", 5_000)]).await,
        NOBODY,
        "another node was first"
    );
    assert_eq!(reach(node, 6_000, &[("22:00", 5_000), ("23:30", 6_000)]).await, [1], "SEP2");
    // The settings change after the time has passed: the time counts from the next day on.
    set(node, 9_000, "21:00", &[]).await;
    assert_eq!(reach(node, 9_001, &[("21:00", 8_000)]).await, NOBODY);
    assert_eq!(reach(node, 10_000, &[("21:00", 10_000)]).await, [3], "SEP3, SEP4 and SEP5");
}
