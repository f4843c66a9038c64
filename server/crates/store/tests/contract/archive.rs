//! History, audit, refusals, and their retention.

use engine::{
    AuditQuery, ConfigurationCause, DueRefusal, HistoryQuery, PastRetention, PastRows, Refusal,
    RefusalQuery, Retention, UserId, UtcMillis,
};
use terms::{EndCause, LoginFilter};

use super::{
    Database, Node,
    fixture::{actor, behavior, done, filled, log_in, log_out},
    nodes,
};

pub async fn history_is_found_counted_and_paged(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    for number in 0..7 {
        done(log_in(node, number * 100, "john", "SEP1").await);
        done(log_out(node, number * 100 + 50, "SEP1").await);
    }
    done(log_in(node, 0, "jane", "SEP2").await);
    done(log_out(node, 5_000, "SEP2").await);
    let page = |find: &str, offset| HistoryQuery {
        find: LoginFilter::words(find),
        offset,
        limit: 3,
        ..HistoryQuery::default()
    };
    let first = node.history(&page("", 0)).await.unwrap();
    assert_eq!((first.matching, first.rows.len()), (8, 3));
    assert_eq!((first.rows[0].user.id.as_str(), first.rows[0].ended), ("Jane", UtcMillis(5_000)));
    assert_eq!(first.rows[1].ended, UtcMillis(650));
    let last = node.history(&page("JOHN", 6)).await.unwrap();
    assert_eq!((last.matching, last.rows.len()), (7, 1));
    assert_eq!((last.rows[0].from, last.rows[0].cause), (UtcMillis(0), EndCause::Logout));
    assert_eq!(last.rows[0].by, actor());
    let some = HistoryQuery {
        since: Some(UtcMillis(100)),
        before: Some(UtcMillis(350)),
        cause: Some(EndCause::Logout),
        limit: 10,
        ..HistoryQuery::default()
    };
    assert_eq!(node.history(&some).await.unwrap().matching, 2);
    let expired = HistoryQuery { cause: Some(EndCause::Expired), ..some };
    assert_eq!(node.history(&expired).await.unwrap().matching, 0);
}

pub async fn a_walk_meets_each_ended_login_once_beside_new_ones(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    behavior(node, "Multiple Logins Allowed").await;
    let phones: Vec<_> = (1..=7).map(|number| format!("SEP{number}")).collect();
    for phone in &phones {
        done(log_in(node, 0, "john", phone).await);
    }
    // Three logins end at 10 ms, two at 11 ms and two at 12 ms.
    for (phone, ended) in phones.iter().zip([10, 10, 10, 11, 11, 12, 12]) {
        done(log_out(node, ended, phone).await);
    }
    let all = HistoryQuery { limit: 100, ..HistoryQuery::default() };
    let before = node.history(&all).await.unwrap().rows;
    let two = HistoryQuery { limit: 2, ..HistoryQuery::default() };
    let (mut walked, mut from) = (Vec::new(), None);
    for step in 0.. {
        let found = node.walk_history(&two, from).await.unwrap();
        let Some((last, _)) = found.last() else { break };
        from = Some(*last);
        walked.extend(found.into_iter().map(|(_, login)| login));
        done(log_in(node, 20 + step, "jane", "SEP8").await);
        done(log_out(node, 20 + step, "SEP8").await);
    }
    assert_eq!(walked, before);
    let some = HistoryQuery {
        find: vec!["sep4".into()],
        cause: Some(EndCause::Logout),
        since: Some(UtcMillis(11)),
        before: Some(UtcMillis(12)),
        limit: 9,
        offset: 0,
    };
    let found = node.walk_history(&some, None).await.unwrap();
    assert_eq!(
        found.iter().map(|(_, login)| login.phone.name.as_str()).collect::<Vec<_>>(),
        ["SEP4"]
    );
}

pub async fn the_audit_is_found_by_address_and_walked(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let all = AuditQuery { find: vec!["192.0.2.1".into()], limit: 100, ..AuditQuery::default() };
    let page = node.audit(&all).await.unwrap();
    assert!(page.matching > 10, "the audit rows of the configuration: {}", page.matching);
    done(log_in(node, 1, "john", "SEP1").await);
    done(log_out(node, 2, "SEP1").await);
    assert_eq!(
        node.audit(&all).await.unwrap(),
        page,
        "logins are in the history, not in the audit"
    );
    assert!(page.rows.iter().all(|row| row.by.address == "192.0.2.1"));
    let three = AuditQuery { limit: 3, ..all };
    let (mut walked, mut from) = (Vec::new(), None);
    loop {
        let found = node.walk_audit(&three, from).await.unwrap();
        let Some((last, _)) = found.last() else { break };
        from = Some(*last);
        walked.extend(found.into_iter().map(|(_, row)| row));
    }
    assert_eq!(walked, page.rows);
}

pub async fn a_phone_shows_the_profile_of_its_login_and_else_its_own_lines(
    database: &impl Database,
) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let own = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(
        (own.effective.why, own.phone.description.as_str()),
        (ConfigurationCause::Own, "Desk")
    );
    done(log_in(node, 1, "john", "SEP1").await);
    let now = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(now.effective.why, ConfigurationCause::Profile);
    assert_eq!(now.login.unwrap().profile, "john-1");
    done(log_out(node, 2, "SEP1").await);
    let after = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(after.effective, own.effective);
    assert_eq!(after.phone.last_user, Some(UserId::own("john")));
    assert!(node.phone_detail("SEP404").await.unwrap().is_none());
}

/// A row of refusals, and the number of its refusals that an event reports.
fn due(code: u16, user: &str, phone: &str, at: i64, times: u64, told: u64) -> DueRefusal {
    let (first, last) = (UtcMillis(at), UtcMillis(at));
    let (user, phone, by) = (user.to_owned(), phone.to_owned(), actor());
    DueRefusal { refusal: Refusal { code, user, phone, by, why: None, first, last, times }, told }
}

async fn refusals(node: &Node) -> Vec<Refusal> {
    let all = RefusalQuery { limit: 9, ..RefusalQuery::default() };
    let page = node.refusals(&all).await.unwrap();
    page.rows.into_iter().map(|row| row.refusal).collect()
}

pub async fn refusals_are_found_walked_and_tell_the_login_in_their_way(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    done(log_in(node, 10, "john", "SEP1").await);
    let record = async |due| engine::record_refusals(&**node, due).await.unwrap();
    // Two minutes; the later one has three rows.
    record(vec![due(18, "jane", "sep1", 20, 2, 0), due(11, "Jörg", "SEP404", 70_000, 1, 0)]).await;
    record(vec![due(25, "JOHN", "SEP2", 80_000, 1, 0), due(18, "jane", "SEP2", 90_000, 1, 0)])
        .await;
    done(log_out(node, 100_000, "SEP1").await);
    let page = async |query: RefusalQuery| {
        let page = node.refusals(&query).await.unwrap();
        let rows = page.rows.into_iter().map(|row| (row.refusal.code, row.held_by));
        (page.matching, rows.collect::<Vec<_>>())
    };
    let all = RefusalQuery { limit: 9, ..RefusalQuery::default() };
    let (held, elsewhere) = (Some("john".to_owned()), Some("SEP1".to_owned()));
    let rows = [(18, None), (25, elsewhere), (11, None), (18, held.clone())];
    assert_eq!(page(all.clone()).await, (4, rows.to_vec()));
    let found = |find: &str| LoginFilter::words(find);
    let find = async |text: &str| page(RefusalQuery { find: found(text), ..all.clone() }).await.0;
    assert_eq!((find("SEP2").await, find("sep2 jane").await, find("JÖRG").await), (2, 1, 1));
    assert_eq!((find("192.0.2.1").await, find("nobody").await), (4, 0));
    let since = RefusalQuery { since: Some(UtcMillis(75_000)), ..all.clone() };
    assert_eq!(page(since).await.0, 2);
    let before = RefusalQuery { before: Some(UtcMillis(70_000)), code: Some(18), ..all.clone() };
    assert_eq!(page(before).await, (1, vec![(18, held)]));
    let second = RefusalQuery { offset: 2, limit: 1, ..all.clone() };
    assert_eq!(page(second).await, (4, vec![(11, None)]));
    for limit in 1..=3 {
        let query = RefusalQuery { limit, ..all.clone() };
        let (mut walked, mut from) = (Vec::new(), None);
        loop {
            let found = node.walk_refusals(&query, from).await.unwrap();
            let Some((last, _)) = found.last() else { break };
            from = Some(*last);
            walked.extend(found.into_iter().map(|(_, row)| row.refusal.code));
        }
        assert_eq!(walked, [18, 25, 11, 18], "in steps of {limit}");
    }
}

pub async fn equal_refusals_are_one_row_and_their_events_are_counted(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    let node = &nodes[0];
    filled(node).await;
    let record = async |due| engine::record_refusals(&**node, due).await.unwrap();
    record(vec![due(25, "JOHN", "sep2", 3, 2, 2), due(18, "nobody", "SEP1", 9, 1, 1)]).await;
    record(vec![due(25, "john", "SEP2", 1, 3, 0)]).await;
    record(vec![due(25, "john", "SEP2", 60_000, 1, 4)]).await;
    let rows = refusals(&nodes[1]).await;
    let rows = rows.iter().map(|row| {
        let Refusal { code, user, phone, first, last, times, .. } = row;
        (*code, user.as_str(), phone.as_str(), first.0, last.0, *times)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            (25, "john", "SEP2", 60_000, 60_000, 1),
            (18, "nobody", "SEP1", 9, 9, 1),
            (25, "john", "SEP2", 1, 3, 5),
        ]
    );
    let counted = node.refusals_since(UtcMillis(2), u64::MAX).await.unwrap();
    assert_eq!(counted, [(25, 6), (18, 1)], "the counts are those of the events");
    let last = node.last_events(2).await.unwrap();
    assert_eq!((last.len(), last[0].at, last[1].at), (2, UtcMillis(60_000), UtcMillis(9)));
}

pub async fn rows_past_their_retention_are_deleted_in_steps(database: &impl Database) {
    const DAY: i64 = 86_400_000;
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    for day in 0..4 {
        done(log_in(node, day * DAY, "john", "SEP1").await);
        done(log_out(node, day * DAY + 1, "SEP1").await);
    }
    done(log_in(node, 0, "jane", "SEP2").await);
    let retention =
        Retention { history_days: 2, audit_days: 365, event_days: 365, ..Retention::default() };
    let now = UtcMillis(4 * DAY);
    assert_eq!(node.forget(retention.kept_since(now), 1).await.unwrap(), 1);
    assert_eq!(node.forget(retention.kept_since(now), 100).await.unwrap(), 1);
    assert_eq!(node.forget(retention.kept_since(now), 100).await.unwrap(), 0);
    let all = HistoryQuery { limit: 10, ..HistoryQuery::default() };
    assert_eq!(node.history(&all).await.unwrap().matching, 2);
    // Open logins are never deleted, and the audit has its own retention.
    assert!(node.phone_detail("SEP2").await.unwrap().unwrap().login.is_some());
    let all = AuditQuery { limit: 1, ..AuditQuery::default() };
    assert!(node.audit(&all).await.unwrap().matching > 0);
    let record = async |due| engine::record_refusals(&**node, vec![due]).await.unwrap();
    record(due(11, "", "SEP404", DAY, 1, 0)).await;
    record(due(11, "", "SEP404", 3 * DAY, 1, 0)).await;
    let retention = Retention { refusal_days: 2, ..retention };
    assert_eq!(node.forget(retention.kept_since(now), 100).await.unwrap(), 1);
    assert_eq!(refusals(node).await.len(), 1);
}

pub async fn what_is_counted_as_past_its_retention_is_what_is_deleted(database: &impl Database) {
    const DAY: i64 = 86_400_000;
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    for day in 1..4 {
        done(log_in(node, day * DAY, "john", "SEP1").await);
        done(log_out(node, day * DAY + 1, "SEP1").await);
    }
    let record = async |due| engine::record_refusals(&**node, vec![due]).await.unwrap();
    record(due(11, "", "SEP404", 2 * DAY + 5, 3, 0)).await;
    record(due(12, "", "SEP404", 3 * DAY, 1, 0)).await;
    let days = Retention {
        history_days: 1,
        audit_days: 365,
        event_days: 2,
        refusal_days: 1,
        ..Retention::default()
    };
    let kept = days.kept_since(UtcMillis(4 * DAY));
    let counted = async |limit| node.past_retention(kept, limit).await.unwrap();
    let some = |rows, oldest| Some(PastRows { rows, oldest: UtcMillis(oldest) });
    let PastRetention { ended, audit, events, refusals } = counted(100).await;
    assert_eq!((ended, audit, refusals), (some(2, DAY + 1), None, some(1, 2 * DAY)));
    // The events of the entries that the test applied are the oldest.
    let events = events.unwrap();
    assert_eq!(events.oldest, UtcMillis(0));
    assert_eq!(counted(1).await.ended, some(1, DAY + 1), "the count stops at its limit");
    let all = ended.unwrap().rows + events.rows + refusals.unwrap().rows;
    assert_eq!(node.forget(kept, 1_000).await.unwrap(), all);
    assert_eq!(counted(100).await, PastRetention::default());
}

/// The last event's number tells how far a console tab has read.
pub async fn the_last_event_is_never_deleted(database: &impl Database) {
    const DAY: i64 = 86_400_000;
    let node = database.node().await;
    filled(&node).await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(log_out(&node, 1, "SEP1").await);
    let before = node.events_after(0, 100).await.unwrap();
    assert!(before.events.len() > 1);
    let retention = Retention { event_days: 1, ..Retention::default() };
    let kept = retention.kept_since(UtcMillis(9 * DAY));
    while node.forget(kept, 100).await.unwrap() > 0 {}
    let after = node.events_after(before.latest - 1, 100).await.unwrap();
    assert_eq!((after.latest, after.events.len()), (before.latest, 1));
    assert_eq!(node.events_after(0, 100).await.unwrap().events.len(), 1);
}
