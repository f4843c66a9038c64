//! An administrator logs a user in, and names the logins that end for the new one.

use engine::{
    Actor, Admitted, AuditQuery, ConfigurationChange, LoginId, NotAdmitted, UtcMillis,
    ports::{LoginAttempt, Outcome},
};
use terms::{EndCause, ErrorCode, LoginFilter, Release};

use super::{
    Database, Node,
    fixture::{apply, behavior, done, filled, log_in, log_out, next_id, open, request},
    nodes,
    stay_fixture::{farewell, farewells, go, intend, open_to_others, visit},
};

const NOW: UtcMillis = UtcMillis(10_000);

async fn force(
    node: &Node,
    user: &str,
    phone: &str,
    named: &[LoginId],
) -> Result<Admitted, NotAdmitted> {
    let mut request = request(user, phone);
    request.actor = Actor::administrator("kim", "192.0.2.1");
    let attempt = LoginAttempt { id: next_id(), now: NOW, request };
    match engine::force_log_in(&**node, attempt, named.to_vec()).await.unwrap() {
        Outcome::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

/// The number of the refusal, and the phones of the logins in the way.
fn refused(done: Result<Admitted, NotAdmitted>) -> (u16, Vec<String>) {
    let NotAdmitted { code, in_the_way } = done.unwrap_err();
    (code.number(), in_the_way.iter().map(|open| open.phone.to_string()).collect())
}

fn pairs(open: &[(&str, &str)]) -> Vec<(String, String)> {
    open.iter().map(|(phone, user)| ((*phone).to_owned(), (*user).to_owned())).collect()
}

pub async fn a_forced_log_in_ends_the_named_logins_alone(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    behavior(node, "Multiple Logins Not Allowed").await;
    let john = done(log_in(node, 1, "john", "SEP1").await).login.id;
    let jane = done(log_in(node, 2, "jane", "SEP2").await).login.id;
    let both = vec!["SEP2".to_owned(), "SEP1".to_owned()];
    assert_eq!(refused(force(node, "john", "SEP2", &[]).await), (18, both));
    let at_phone = (18, vec!["SEP2".to_owned()]);
    assert_eq!(refused(force(node, "john", "SEP2", &[john]).await), at_phone);
    let elsewhere = (25, vec!["SEP1".to_owned()]);
    assert_eq!(refused(force(node, "john", "SEP2", &[jane]).await), elsewhere);
    assert_eq!(open(node).await, pairs(&[("SEP1", "john"), ("SEP2", "Jane")]), "nothing half-done");
    let admitted = force(node, "john", "SEP2", &[john, jane]).await.unwrap();
    let causes: Vec<_> = admitted.ended.iter().map(|one| (&*one.by.name, one.cause)).collect();
    assert_eq!(causes, [("kim", EndCause::Forced); 2]);
    assert_eq!(open(node).await, pairs(&[("SEP2", "john")]));
    // The user's own login at the phone is in the way as well, and named once.
    let again = admitted.login.id;
    assert_eq!(refused(force(node, "john", "SEP2", &[]).await), (18, vec!["SEP2".to_owned()]));
    assert_eq!(force(node, "john", "SEP2", &[again]).await.unwrap().ended.len(), 1);
    let query =
        AuditQuery { limit: 9, find: LoginFilter::words("log_in"), ..AuditQuery::default() };
    let audit = node.audit(&query).await.unwrap().rows;
    assert_eq!((audit.len(), &*audit[1].subject), (2, "SEP2"));
    assert_eq!(audit[1].detail, "john; Jane at SEP2; john at SEP1");
}

pub async fn a_forced_log_in_obeys_every_other_rule(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    filled(node).await;
    behavior(node, "Auto Logout").await;
    done(log_in(node, 1, "john", "SEP1").await);
    for (user, phone, code) in [
        ("john", "SEPOFF", ErrorCode::LoginDisabled),
        ("john", "SEP0", ErrorCode::NoSuchDevice),
        ("nobody", "SEP2", ErrorCode::NoSuchUser),
        ("bare", "SEP2", ErrorCode::NoSuchProfile),
    ] {
        let found = refused(force(node, user, phone, &[]).await);
        assert_eq!(found, (code.number(), Vec::new()), "{user} at {phone}");
    }
    // The names in a confirmation that is out of date end no login that is not in the way.
    let first = force(node, "john", "SEP2", &[]).await.unwrap();
    assert_eq!(first.ended[0].cause, EndCause::AutoLogout);
    let second = force(node, "john", "SEP3", &[first.login.id]).await.unwrap();
    assert_eq!(second.ended[0].cause, EndCause::AutoLogout, "as without a name");
    behavior(node, "Multiple Logins Allowed").await;
    let third = force(node, "john", "SEP4", &[second.login.id]).await.unwrap();
    assert!(third.ended.is_empty());
}

pub async fn a_forced_log_in_ends_stays_at_both_clusters(database: &impl Database) {
    let node = &nodes(database, 1).await[0];
    open_to_others(node).await;
    behavior(node, "Multiple Logins Not Allowed").await;
    // John is at a phone of busan, and rak of busan is at SEP2.
    let elsewhere = done(go(node, 1, 1, "john", "FAR7").await).login.id;
    let visiting = visit(node, 2, 2, "rak", "SEP2", None).await.id;
    let found = refused(force(node, "john", "SEP2", &[]).await);
    assert_eq!((found.0, found.1.len()), (18, 2), "{found:?}");
    let refusal = refused(force(node, "john", "SEP2", &[visiting]).await);
    assert_eq!(refusal.0, 25, "a stay that is not named refuses the log-in");
    let admitted = force(node, "john", "SEP2", &[elsewhere, visiting]).await.unwrap();
    assert_eq!(admitted.ended.len(), 2);
    let forced = Some(EndCause::Forced);
    // A login that is under way at the phone can't be ended.
    done(intend(node, NOW.0, 3, "rak", "SEP3").await);
    assert_eq!(refused(force(node, "john", "SEP3", &[]).await), (18, Vec::new()));
    let told = [farewell(true, 2, "SEP2", forced), farewell(false, 1, "FAR7", forced)];
    assert_eq!(farewells(node).await, told);
}

pub async fn below_release_12_5_a_stay_is_not_in_the_way_of_a_forced_log_in(
    database: &impl Database,
) {
    let node = &nodes(database, 1).await[0];
    open_to_others(node).await;
    let release = Some(Release { major: 12, minor: 0 });
    apply(node, ConfigurationChange { release, ..ConfigurationChange::default() }).await.unwrap();
    for (number, value) in [(1, "Multiple Logins Not Allowed"), (2, "Auto Logout")] {
        behavior(node, value).await;
        let phone = format!("FAR{number}");
        let stay = done(go(node, 1, number, "john", &phone).await).login.id;
        // A name in the confirmation ends no stay that is not in the way.
        let admitted = force(node, "john", "SEP2", &[stay]).await.unwrap();
        assert!(admitted.ended.is_empty(), "{value}");
        assert!(open(node).await.contains(&(phone, "john".to_owned())), "{value}");
        let named = [admitted.login.id];
        assert_eq!(refused(force(node, "jane", "SEP2", &[]).await).0, 18, "{value}");
        let jane = force(node, "jane", "SEP2", &named).await.unwrap();
        assert_eq!(jane.ended[0].cause, EndCause::Forced);
        done(log_out(node, 2, "SEP2").await);
    }
    assert_eq!(farewells(node).await, []);
}
