//! Logging users out at a time of the day, and after minutes without use.

use engine::{
    ConfigurationChange, JobId, ListQuery, LogOutRules, LogOutRulesChange, PhoneEntry, Reached,
    UtcMillis,
};
use terms::{ClockTime, EndCause, LogOutAt};
use uuid::Uuid;

use super::{
    Database, Node,
    fixture::{actor, apply, behavior, done, filled, log_in},
    nodes,
    stay_fixture::{farewell, farewells, go, open_to_others, visit},
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
    let (at, at_since) = (LogOutAt::At(time("22:00")), UtcMillis(1));
    assert_eq!(rules, LogOutRules { at, at_since, idle_minutes: 30 });
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
    // A setting that is made after the time has passed counts from the next day on; other phones don't wait for it.
    set(node, 9_000, "22:00", &[("SEP5", Some("21:00"))]).await;
    let reached = [("21:00", 8_000), ("22:00", 8_500)];
    assert_eq!(reach(node, 9_001, &reached).await, [2], "SEP3 and SEP4, and not SEP5");
    assert_eq!(reach(node, 10_000, &[("21:00", 10_000)]).await, [1], "SEP5");
}

pub async fn a_clock_that_was_set_back_loses_no_log_out(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    set(node, 1_000, "22:00", &[]).await;
    done(log_in(node, 2_000, "john", "SEP1").await);
    assert_eq!(reach(node, 90_000, &[("22:00", 80_000)]).await, [1]);
    // Jane logs in while the clock is still ahead; then it is set back to 3,000.
    done(log_in(node, 95_000, "jane", "SEP2").await);
    assert_eq!(reach(node, 3_000, &[("22:00", 2_500)]).await, [2], "and the login of the future");
    assert_eq!(reach(node, 3_001, &[("22:00", 2_500)]).await, NOBODY);
}

pub async fn a_login_that_begins_while_the_operation_waits_goes_on(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    set(node, 1_000, "22:00", &[]).await;
    done(log_in(node, 5_400, "john", "SEP1").await);
    assert_eq!(reach(node, 5_000, &[("22:00", 5_000)]).await, NOBODY);
}

pub async fn a_time_of_the_day_takes_visits_here_and_no_stays_elsewhere(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    open_to_others(node).await;
    set(node, 1_000, "22:00", &[]).await;
    visit(node, 2_000, 1, "rak", "SEP1", None).await;
    done(go(node, 2_000, 2, "john", "FAR2").await);
    assert_eq!(reach(node, 5_000, &[("22:00", 4_000)]).await, [1]);
    let id = node.running_jobs(9).await.unwrap()[0].id;
    engine::step_job(&**node, id, UtcMillis(5_000), 9).await.unwrap();
    let left = node.active_logins(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    assert_eq!(
        left.rows.iter().map(|row| row.phone.to_string()).collect::<Vec<_>>(),
        ["FAR2 (busan)"]
    );
    let told = farewell(true, 1, "SEP1", Some(EndCause::ClockTime));
    assert_eq!(farewells(node).await, [told], "home is told");
}
