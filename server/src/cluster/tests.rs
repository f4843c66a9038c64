//! Guarantees of a running cluster.

use std::{iter::once, sync::Arc};

use engine::{
    EndedLogin, Event, EventKind, HistoryQuery, JobState, Login, Scope, Selection, UserId,
    UtcMillis,
};
use terms::{EndCause, LoginFilter};
use tokio::sync::broadcast;

use super::{TestCluster, test_cluster::START};
use crate::admin::{Admin, Caller};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Five users and five phones. A login of john or jane lasts half an hour.
fn house() -> String {
    let begin = "[cluster]\nlog_outs_per_second = 2\n\
                 [[device_profiles]]\nname = 'desk'\nmodel = 'Cisco 8861'\n";
    let people = [("john", 30), ("jane", 30), ("omar", 0), ("yun", 0), ("priya", 0)];
    let people = (1..).zip(people).map(|(phone, (user, minutes))| {
        format!(
            "[[users]]\nid = '{user}'\npin = '12345'\nprofiles = ['desk']\n\
             max_login_minutes = {minutes}\n\
             [[phones]]\nname = 'SEP{phone}'\nmodel = 'Cisco 8861'\n"
        )
    });
    once(begin.to_owned()).chain(people).collect()
}

/// The next logins that end.
async fn ended(events: &mut broadcast::Receiver<Arc<[Event]>>) -> Vec<EndedLogin> {
    loop {
        let batch = events.recv().await.unwrap();
        let ended: Vec<_> = batch
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::LoggedOut(ended) => Some(ended.clone()),
                _ => None,
            })
            .collect();
        if !ended.is_empty() {
            return ended;
        }
    }
}

#[tokio::test]
async fn a_task_that_ends_by_itself_ends_the_cluster() {
    let cluster = TestCluster::start("seoul").await;
    let mut stopping = cluster.stopping();
    assert!(!*stopping.borrow_and_update());
    cluster.goes_on("test", async { panic!("on purpose") });
    stopping.wait_for(|stopping| *stopping).await.unwrap();
    cluster.stop().await;
}

#[tokio::test]
async fn a_writer_that_ends_by_itself_ends_the_cluster() {
    let cluster = TestCluster::start("seoul").await;
    let mut stopping = cluster.stopping();
    cluster.store.close().await;
    stopping.wait_for(|stopping| *stopping).await.unwrap();
    cluster.stop().await;
}

#[tokio::test]
async fn a_login_ends_at_the_moment_when_its_time_is_up_and_not_before() {
    let cluster = TestCluster::start("seoul").await;
    cluster.apply(&house()).await;
    let mut events = cluster.events.subscribe();
    cluster.log_in("john", "SEP1").await;
    cluster.advance(1);
    let jane = cluster.log_in("jane", "SEP2").await;
    // John's login ends one millisecond before jane's.
    for (user, ms_after, left) in [("john", 0, vec![jane]), ("jane", 1, vec![])] {
        let due = UtcMillis(START.0 + 30 * MINUTE_MS + ms_after);
        cluster.advance(due.0 - cluster.clock.now().0);
        let ended = ended(&mut events).await;
        let ended: Vec<_> = ended.iter().map(|one| (&*one.user.id, one.cause, one.ended)).collect();
        assert_eq!(ended, [(user, EndCause::Expired, due)]);
        let everybody = Selection::default();
        let open = cluster.store.open_logins_in(&everybody, 9).await.unwrap();
        assert_eq!(open, (left.len() as u64, left));
    }
    cluster.stop().await;
}

#[tokio::test]
async fn a_clock_that_went_back_leaves_no_login_open_and_ends_none_before_it_began() {
    let cluster = TestCluster::start("seoul").await;
    cluster.apply(&house()).await;
    let mut first = None;
    for (phone, user) in (1..).zip(["john", "jane", "omar", "yun", "priya"]) {
        let login = cluster.log_in(user, &format!("SEP{phone}")).await;
        first.get_or_insert(login.id);
    }
    let (admin, operator) = (Admin::of(Arc::clone(&cluster)), Caller::command_line("test"));
    let log_out = async |scope| {
        let cause = EndCause::Forced;
        admin.begin_log_outs(&operator, scope, cause, "").await.unwrap()
    };
    // Once the clock is set back, the pace's last time lies in the future.
    log_out(Scope::Selected { ids: first.into_iter().collect() }).await;
    cluster.advance(-HOUR_MS);
    let mut follower = cluster.store.follow().await.unwrap();
    let mut job = log_out(Scope::Matching { filter: LoginFilter::default() }).await;
    assert_eq!(job.total, 4);
    while job.state == JobState::Running {
        cluster.advance(SECOND_MS);
        follower.changed().await.unwrap();
        job = cluster.store.job(job.id).await.unwrap().unwrap();
    }
    assert_eq!((job.state, job.ended), (JobState::Done, 4));
    let page = HistoryQuery { limit: 9, ..HistoryQuery::default() };
    let history = cluster.store.history(&page).await.unwrap();
    assert_eq!(history.matching, 5);
    for row in &history.rows {
        assert_eq!((row.cause, row.ended), (EndCause::Forced, row.from), "{row:?}");
    }
    cluster.stop().await;
}

#[tokio::test]
async fn two_clusters_of_one_process_share_nothing() {
    let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
    for cluster in [&seoul, &busan] {
        cluster.apply(&house()).await;
    }
    let latest =
        async |cluster: &TestCluster| cluster.store.events_after(0, 0).await.unwrap().latest;
    let phones_of_john = async |cluster: &TestCluster| {
        let (_, users) = cluster.store.users(&["john".to_owned()]).await.unwrap();
        users[0].clone().unwrap().phones
    };
    let before = latest(&seoul).await;
    assert_eq!(latest(&busan).await, before, "each numbers its own");
    let (mut events, mut of_busan) = (seoul.events.subscribe(), busan.events.subscribe());
    let in_seoul = seoul.log_in("john", "SEP1").await;
    assert_eq!((latest(&seoul).await, latest(&busan).await), (before + 1, before));
    assert_eq!(
        (phones_of_john(&seoul).await, phones_of_john(&busan).await),
        (vec!["SEP1".to_owned()], vec![])
    );
    let in_busan = busan.log_in("john", "SEP1").await;
    let number = |login: &Login| login.id.0.as_u64_pair().1;
    assert_eq!(number(&in_busan), number(&in_seoul), "each counts its own");
    assert_eq!(latest(&busan).await, before + 1);
    seoul.advance(HOUR_MS);
    assert_eq!(ended(&mut events).await.len(), 1);
    assert_eq!(
        (phones_of_john(&seoul).await, phones_of_john(&busan).await),
        (vec![], vec!["SEP1".to_owned()])
    );
    seoul.stop().await;
    busan.advance(HOUR_MS);
    assert_eq!(ended(&mut of_busan).await[0].user, UserId::own("john"));
    busan.stop().await;
}

/// The settings of logging out at a time of the day: 22:00 in Seoul, where SEP2 has no such time and SEP3 its own.
const TIMES: &str = "[site]\ntime_zone = 'Asia/Seoul'\n[cluster]\nlog_out_at = '22:00'\n\
                     [[phones]]\nname = 'SEP2'\nlog_out_at = 'never'\n\
                     [[phones]]\nname = 'SEP3'\nlog_out_at = '23:30'\n";

/// The open logins, by phone.
async fn open(cluster: &TestCluster) -> Vec<String> {
    let all = cluster.store.open_logins_in(&Selection::default(), 9).await.unwrap().1;
    let mut phones: Vec<_> = all.into_iter().map(|login| login.phone.name).collect();
    phones.sort();
    phones
}

#[tokio::test]
async fn users_are_logged_out_at_the_time_of_the_day_of_their_phone() {
    let cluster = TestCluster::start("seoul").await;
    cluster.apply(&house()).await;
    cluster.apply(TIMES).await;
    let mut events = cluster.events.subscribe();
    for (user, phone) in [("omar", "SEP1"), ("yun", "SEP2"), ("priya", "SEP3")] {
        cluster.log_in(user, phone).await;
    }
    // The test begins at 09:00 in Seoul.
    cluster.advance(13 * HOUR_MS - 1);
    assert_eq!(open(&cluster).await, ["SEP1", "SEP2", "SEP3"]);
    cluster.advance(1);
    let out = ended(&mut events).await.remove(0);
    assert_eq!((&*out.phone.name, out.cause, &*out.reason), ("SEP1", EndCause::ClockTime, "22:00"));
    // A login that begins afterwards lasts until the next day.
    cluster.log_in("omar", "SEP1").await;
    cluster.advance(2 * HOUR_MS);
    let out = ended(&mut events).await.remove(0);
    assert_eq!((&*out.phone.name, out.cause), ("SEP3", EndCause::ClockTime));
    assert_eq!(open(&cluster).await, ["SEP1", "SEP2"]);
    cluster.advance(22 * HOUR_MS);
    assert_eq!(&*ended(&mut events).await.remove(0).phone.name, "SEP1");
    assert_eq!(open(&cluster).await, ["SEP2"]);
    cluster.stop().await;
}

#[tokio::test]
async fn a_new_time_of_the_day_does_not_log_out_by_its_last_occurrence() {
    let cluster = TestCluster::start("seoul").await;
    cluster.apply(&house()).await;
    let mut events = cluster.events.subscribe();
    cluster.log_in("omar", "SEP1").await;
    cluster.log_in("priya", "SEP3").await;
    cluster.advance(14 * HOUR_MS);
    // It is 23:00 in Seoul, and 22:00 has passed.
    cluster.apply(TIMES).await;
    cluster.advance(HOUR_MS / 2);
    assert_eq!(&*ended(&mut events).await.remove(0).phone.name, "SEP3");
    assert_eq!(open(&cluster).await, ["SEP1"]);
    cluster.stop().await;
}

#[tokio::test]
async fn a_phone_that_nobody_uses_logs_its_user_out() {
    let cluster = TestCluster::start("seoul").await;
    cluster.apply(&house()).await;
    cluster.log_in("omar", "SEP1").await;
    cluster.log_in("yun", "SEP2").await;
    cluster.advance(20 * MINUTE_MS);
    cluster.log_out_idle("SEP1", 20).await.unwrap();
    assert_eq!(open(&cluster).await, ["SEP1", "SEP2"], "the setting is off");
    let idle = "[cluster]\nidle_minutes = 20\n[[phones]]\nname = 'SEP2'\nidle_minutes = 0\n";
    cluster.apply(idle).await;
    let mut events = cluster.events.subscribe();
    for phone in ["SEP1", "SEP2", "SEP3", "SEP9"] {
        cluster.log_out_idle(phone, 20).await.unwrap();
    }
    let out = ended(&mut events).await.remove(0);
    assert_eq!((&*out.phone.name, out.cause), ("SEP1", EndCause::Idle));
    assert_eq!(open(&cluster).await, ["SEP2"]);
    // The phone has read its file before the setting was raised.
    cluster.log_in("priya", "SEP3").await;
    cluster.advance(HOUR_MS);
    cluster.log_out_idle("SEP3", 19).await.unwrap();
    assert_eq!(cluster.store.running_jobs(9).await.unwrap(), []);
    assert_eq!(open(&cluster).await, ["SEP2", "SEP3"]);
    cluster.log_out_idle("SEP3", 20).await.unwrap();
    assert_eq!(&*ended(&mut events).await.remove(0).phone.name, "SEP3");
    // A login that began within the twenty idle minutes stays open.
    cluster.log_in("omar", "SEP1").await;
    cluster.advance(19 * MINUTE_MS);
    cluster.log_out_idle("SEP1", 20).await.unwrap();
    assert_eq!(open(&cluster).await, ["SEP1", "SEP2"]);
    cluster.stop().await;
}
