//! Jobs end the logins of their list in steps, each login once, and can be stopped.

use engine::{
    AuditQuery, ConfigurationChange, HistoryQuery, Impact, JobId, JobState, LoginId, NewJob, Scope,
    UserId, UtcMillis,
};
use terms::{EndCause, LoginFilter, Parameter, Release, saving::Typed};
use uuid::Uuid;

use super::{
    Database, Node,
    fixture::{actor, apply, behavior, done, filled, log_in, log_out, open, set},
    nodes,
    stay_fixture::{go, open_to_others, visit},
};

const NOW: UtcMillis = UtcMillis(10_000);

/// The impact of saving `changes` at `now`.
async fn foreseen(node: &Node, changes: &Typed, now: UtcMillis) -> Impact {
    engine::foresee(&**node, changes, now).await.unwrap().impact
}

fn behaves(value: &str) -> Typed {
    [(Parameter::MultipleLoginBehavior, value.to_owned())].into()
}

async fn made(node: &Node, scope: Scope) -> JobId {
    let id = JobId(Uuid::from_u128(1));
    let job = NewJob {
        id,
        scope,
        cause: EndCause::Forced,
        reason: "left the building".into(),
        by: actor(),
    };
    engine::make_job(&**node, job, NOW).await.unwrap();
    id
}

pub async fn a_job_ends_only_the_logins_that_were_open_at_its_creation(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    for number in 1..=5 {
        done(log_in(node, number, "john", &format!("SEP{number}")).await);
    }
    done(log_in(node, 6, "jane", "SEP6").await);
    let filter = LoginFilter::new("JOHN", None);
    let id = made(node, Scope::Matching { filter }).await;
    // The job does not cover a login that begins after the job was made.
    done(log_in(node, NOW.0 + 1, "john", "SEP7").await);
    let (first, by_first) = engine::step_job(&*nodes[1], id, NOW, 2).await.unwrap().unwrap();
    assert_eq!((first.total, first.ended, first.state), (5, 2, JobState::Running));
    assert_eq!(node.running_jobs(10).await.unwrap(), [first]);
    // A user logs out while the job runs.
    done(log_out(node, NOW.0 + 2, "SEP3").await);
    let (second, by_second) = engine::step_job(&**node, id, NOW, 10).await.unwrap().unwrap();
    assert_eq!((second.total, second.ended, second.state), (5, 4, JobState::Done));
    assert_eq!((by_first, by_second), (2, 2));
    let left = [("SEP6", "Jane"), ("SEP7", "john")];
    assert_eq!(open(node).await, left.map(|(phone, user)| (phone.to_owned(), user.to_owned())));
    // A further step changes nothing.
    assert_eq!(engine::step_job(&**node, id, NOW, 10).await.unwrap(), Some((second, 0)));
    let query = HistoryQuery { cause: Some(EndCause::Forced), limit: 10, ..Default::default() };
    let ended = node.history(&query).await.unwrap();
    assert_eq!(ended.matching, 4);
    assert!(ended.rows.iter().all(|row| row.reason == "left the building" && row.by == actor()));
    let find =
        AuditQuery { find: LoginFilter::words("finish_log_outs"), limit: 10, ..Default::default() };
    let audit = node.audit(&find).await.unwrap();
    assert_eq!(audit.rows[0].detail, "4 of 5 ended, forced: left the building");
    assert_eq!(audit.rows[0].by, actor());
    // The name of a logged-out user finds the audit row.
    let find =
        AuditQuery { find: LoginFilter::words("john at sep2"), limit: 10, ..Default::default() };
    let audit = node.audit(&find).await.unwrap();
    assert_eq!((audit.matching, audit.rows[0].action.as_str()), (1, "begin_log_outs"));
    assert!(
        audit.rows[0].detail.starts_with("0 of 5 ended, forced: left the building; john at SEP1")
    );
}

/// The clock was set back: open logins began after the time at which the job is made.
pub async fn a_job_ends_open_logins_after_the_clock_was_set_back(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let login = done(log_in(node, NOW.0 + 3_600_000, "john", "SEP1").await).login;
    let selected = Scope::Selected { ids: vec![login.id] };
    let all = Scope::Matching { filter: LoginFilter::default() };
    for scope in [&selected, &all] {
        let selection = scope.selection(NOW);
        assert_eq!(node.open_in(&selection).await.unwrap(), 1, "{scope:?}");
        assert_eq!(node.open_logins_in(&selection, 10).await.unwrap().1.len(), 1, "{scope:?}");
    }
    let id = made(node, all).await;
    let (job, ended) = engine::step_job(&**node, id, NOW, 10).await.unwrap().unwrap();
    assert_eq!((job.total, ended, job.state), (1, 1, JobState::Done));
    assert_eq!(open(node).await, []);
}

/// A job ends no login that joins its scope later, and takes each login of its list once.
pub async fn a_job_continues_with_the_rest_of_its_list(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    for number in 1..=6 {
        done(log_in(node, number, "john", &format!("SEP{number}")).await);
    }
    let id = made(node, Scope::Extra).await;
    let mut ended = Vec::new();
    for later in 1..=3 {
        ended.push(engine::step_job(&**node, id, NOW, 2).await.unwrap().unwrap().1);
        // SEP7 now has the newest login.
        done(log_in(node, NOW.0 + later, "john", "SEP7").await);
        done(log_out(node, NOW.0 + 100, "SEP7").await);
    }
    assert_eq!(ended, [2, 2, 1]);
    assert_eq!(open(node).await, [("SEP6".to_owned(), "john".to_owned())]);
}

pub async fn a_cancelled_job_leaves_the_rest(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    let mut ids: Vec<LoginId> = Vec::new();
    for number in 1..=4 {
        ids.push(done(log_in(node, number, "john", &format!("SEP{number}")).await).login.id);
    }
    let id = made(node, Scope::Selected { ids: ids[..3].to_vec() }).await;
    engine::step_job(&**node, id, NOW, 1).await.unwrap();
    let cancelled = engine::cancel_job(&**node, id, actor(), NOW).await.unwrap().unwrap();
    assert_eq!((cancelled.ended, cancelled.state), (1, JobState::Cancelled));
    let (after, _) = engine::step_job(&**node, id, NOW, 10).await.unwrap().unwrap();
    assert_eq!((after.ended, after.state), (1, JobState::Cancelled));
    assert_eq!(open(node).await.len(), 3);
    assert!(node.running_jobs(10).await.unwrap().is_empty());
}

pub async fn extra_logins_are_all_but_the_newest_of_each_user(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    for number in 1..=3 {
        done(log_in(node, 7, "john", &format!("SEP{number}")).await);
    }
    done(log_in(node, 1, "jane", "SEP4").await);
    let not_allowed = behaves("Multiple Logins Not Allowed");
    let impact = foreseen(node, &not_allowed, NOW).await;
    assert_eq!(impact.several.named, [(UserId::own("john"), 3)]);
    assert_eq!((impact.several.users, impact.several.extra, impact.past_logins), (1, 2, 0));
    let allowed = behaves("Multiple Logins Allowed");
    assert_eq!(foreseen(node, &allowed, NOW).await, Impact::default());
    let id = made(node, Scope::Extra).await;
    let (job, _) = engine::step_job(&**node, id, NOW, 10).await.unwrap().unwrap();
    assert_eq!((job.total, job.ended, job.state), (2, 2, JobState::Done));
    assert_eq!(open(node).await.len(), 2);
    assert_eq!(foreseen(node, &not_allowed, NOW).await, Impact::default());
}

pub async fn the_logins_of_a_scope_are_counted_and_the_first_are_named(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    let mut ids = Vec::new();
    for (number, user) in [(1, "john"), (2, "jane"), (3, "john")] {
        ids.push(done(log_in(node, number, user, &format!("SEP{number}")).await).login.id);
    }
    done(log_out(node, 4, "SEP3").await);
    let named = async |scope: Scope, limit| {
        let (count, first) = node.open_logins_in(&scope.selection(NOW), limit).await.unwrap();
        let first: Vec<_> =
            first.into_iter().map(|login| (login.user.id, login.phone.name)).collect();
        (count, first)
    };
    let row = |user: &str, phone: &str| (user.to_owned(), phone.to_owned());
    let all = Scope::Matching { filter: LoginFilter::default() };
    let both = vec![row("Jane", "SEP2"), row("john", "SEP1")];
    assert_eq!(named(all.clone(), 10).await, (2, both));
    assert_eq!(named(all, 1).await, (2, vec![row("Jane", "SEP2")]));
    let john = Scope::Selected { ids: vec![ids[0], ids[2]] };
    assert_eq!(named(john, 10).await, (1, vec![row("john", "SEP1")]));
}

pub async fn logins_past_a_limit_are_those_without_a_limit_of_their_own(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let minutes = |minutes: i64| minutes * 60_000;
    done(log_in(node, minutes(0), "john", "SEP1").await);
    done(log_in(node, minutes(50), "jane", "SEP2").await);
    let hour = [
        (Parameter::IntraMaximum, "1:00".to_owned()),
        (Parameter::EnforceIntraMaximum, "True".to_owned()),
    ];
    let impact = foreseen(node, &hour.into(), UtcMillis(minutes(90))).await;
    assert_eq!(impact.several.users, 0);
    assert_eq!(impact.past, [("john".to_owned(), "SEP1".to_owned())]);
    assert_eq!(impact.past_logins, 1);
    let scope = Scope::PastLimit { minutes: 60 };
    let later = scope.selection(UtcMillis(minutes(110)));
    assert_eq!(node.open_in(&later).await.unwrap(), 2);
}

/// The home cluster bounds a user's logins: stays of its users elsewhere count, visitors don't.
pub async fn jobs_of_parameters_tell_stays_from_logins(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    set(&node, Parameter::EnforceIntraMaximum.name(), "True").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(log_in(&node, 0, "jane", "SEP4").await);
    done(go(&node, 1, 1, "john", "FAR1").await);
    visit(&node, 0, 2, "kim", "SEP2", None).await;
    visit(&node, 1, 3, "kim", "SEP3", None).await;
    let ended = async |number, scope, release: Release| {
        let release = Some(release);
        let change = ConfigurationChange { release, ..ConfigurationChange::default() };
        apply(&node, change).await.unwrap();
        let id = JobId(Uuid::from_u128(number));
        let (cause, reason) = (EndCause::Forced, String::new());
        let job = NewJob { id, scope, cause, reason, by: actor() };
        engine::make_job(&*node, job, NOW).await.unwrap();
        engine::step_job(&*node, id, NOW, 10).await.unwrap();
        open(&node).await.into_iter().map(|(phone, _)| phone).collect::<Vec<_>>()
    };
    let all = ["FAR1", "SEP1", "SEP2", "SEP3", "SEP4"];
    assert_eq!(ended(1, Scope::Extra, Release { major: 12, minor: 0 }).await, all);
    assert_eq!(ended(2, Scope::Extra, Release::V12_5).await, ["FAR1", "SEP2", "SEP3", "SEP4"]);
    // The maximum login time within the cluster does not apply to stays.
    let past = Scope::PastLimit { minutes: 0 };
    assert_eq!(ended(3, past, Release::V12_5).await, ["FAR1", "SEP2", "SEP3"]);
}
