//! The rows of a store as named texts.

use std::collections::BTreeSet;

use engine::{
    AuditQuery, Configuration, EndedLogin, Event, EventKind, HistoryQuery, JobId, LimitSource,
    ListQuery, LoginOrder, Selection, StoreError, Version,
};
use model::Tables;
use terms::LoginFilter;

use super::{
    super::Node,
    people::{SHOWN_PHONES, SHOWN_USERS},
};

/// The most rows of a list; a programme has fewer.
const ALL: u32 = 10_000;

/// The texts of a view, each with its name.
pub type View = Vec<(&'static str, String)>;

/// The state before a step.
#[derive(Clone, Copy)]
pub struct Before {
    pub version: Version,
    /// The number of the last event.
    pub after: u64,
}

/// The configuration in force.
/// Of its version, the view says whether it has moved and whether an event reported it, since a database
/// may count by more than one.
fn configured(after: &Configuration, before: Before, events: Vec<Event>) -> View {
    let Configuration { version, .. } = *after;
    let mut told = None;
    let mut without = Vec::with_capacity(events.len());
    for event in events {
        without.push(match event.kind {
            EventKind::ConfigurationChanged { version } => {
                told = Some(version);
                Event { kind: EventKind::ConfigurationChanged { version: Version(0) }, ..event }
            }
            _ => event,
        });
    }
    let configuration = Configuration { version: Version(0), ..after.clone() };
    vec![
        ("configuration", format!("{configuration:?}")),
        ("version has moved", (version > before.version).to_string()),
        ("version was told", format!("{:?}", told.map(|told| told == version))),
        ("events", format!("{without:#?}")),
    ]
}

/// Selections that run after each step, so that the view covers the columns that they compare.
fn selections() -> Vec<Selection> {
    let filter = |find| LoginFilter::new(find, None).at(0);
    let found = ["jOHN", "00:11", "spare", "model:8861", "description:\"a b\""]
        .map(|find| Selection { filter: filter(find), ..Selection::default() });
    let by_system = Selection { limit_source: Some(LimitSource::System), ..Selection::default() };
    let extra = Selection { is_followed: true, ..Selection::default() };
    found.into_iter().chain([by_system, extra]).collect()
}

fn owned<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

/// The view of a database after a step.
pub async fn of_node(node: &Node, jobs: &[JobId], before: Before) -> Result<View, StoreError> {
    let query = ListQuery { order: LoginOrder::Oldest, limit: ALL, ..ListQuery::default() };
    let page = node.active_logins(&query).await?;
    let mut stand = Vec::with_capacity(jobs.len());
    for id in jobs {
        stand.extend(node.job(*id).await?);
    }
    let phones = node.phones(&owned(SHOWN_PHONES)).await?.1;
    let users = node.users(&owned(SHOWN_USERS)).await?.1;
    let administrators = node.administrators().await?;
    let administrators = administrators.iter().map(|one| (&one.name, one.role, one.enabled));
    let mut selected = Vec::new();
    for selection in selections() {
        let logins = node.open_logins_in(&selection, ALL).await?.1;
        let ids: BTreeSet<_> = logins.iter().map(|login| login.id).collect();
        selected.push(ids);
    }
    let events = node.events_after(before.after, ALL).await?.events;
    let mut view = configured(&node.configuration().await?, before, events);
    view.extend([
        ("open logins", format!("{:#?}", page.rows)),
        ("counts", format!("{:?}", page.open)),
        ("next due", format!("{:?}", node.next_due().await?)),
        ("selected", format!("{selected:#?}")),
        ("jobs", format!("{stand:#?}")),
        ("phones", format!("{phones:#?}")),
        ("users", format!("{users:#?}")),
        ("several logins", format!("{:?}", node.several_logins(ALL, false).await?)),
        ("several at own phones", format!("{:?}", node.several_logins(ALL, true).await?)),
        ("administrators", format!("{:?}", administrators.collect::<Vec<_>>())),
    ]);
    Ok(view)
}

/// The view of the model after a step.
pub fn of_model(tables: &Tables, jobs: &[JobId], before: Before) -> View {
    let job = |id: &JobId| tables.jobs.iter().find(|one| one.job.id == *id).map(|one| &one.job);
    let stand: Vec<_> = jobs.iter().filter_map(job).collect();
    let phones = SHOWN_PHONES.map(|name| tables.phone(name));
    let users = SHOWN_USERS.map(|id| tables.user(id));
    let administrators = tables.administrators.values();
    let administrators = administrators.map(|one| (&one.name, one.role, one.enabled));
    let selected = selections().into_iter().map(|selection| tables.selected(&selection));
    let selected: Vec<BTreeSet<_>> = selected.map(|ids| ids.into_iter().collect()).collect();
    let events = tables.events.iter().filter(|event| event.number > before.after).cloned();
    let mut view = configured(&tables.configuration, before, events.collect());
    view.extend([
        ("open logins", format!("{:#?}", tables.open_logins())),
        ("counts", format!("{:?}", tables.open_counts())),
        ("next due", format!("{:?}", tables.next_due())),
        ("selected", format!("{selected:#?}")),
        ("jobs", format!("{stand:#?}")),
        ("phones", format!("{phones:#?}")),
        ("users", format!("{users:#?}")),
        ("several logins", format!("{:?}", tables.several_logins(false))),
        ("several at own phones", format!("{:?}", tables.several_logins(true))),
        ("administrators", format!("{:?}", administrators.collect::<Vec<_>>())),
    ]);
    view
}

/// The view of a database after the last step.
pub async fn of_node_at_the_end(node: &Node) -> Result<View, StoreError> {
    let history = HistoryQuery { limit: ALL, ..HistoryQuery::default() };
    let audit = AuditQuery { limit: ALL, ..AuditQuery::default() };
    let (changes, _) = node.parameter_history(0, ALL).await?;
    Ok(vec![
        ("history", format!("{:#?}", by_id(node.history(&history).await?.rows))),
        ("audit", format!("{:#?}", node.audit(&audit).await?.rows)),
        ("parameter changes", format!("{changes:#?}")),
    ])
}

/// The view of the model after the last step.
pub fn of_model_at_the_end(tables: &Tables) -> View {
    let ended = tables.logins.iter().filter_map(|stored| stored.ended.clone());
    // The latest row first; of rows with the same time, the last written row first.
    let mut audit: Vec<_> = tables.audit.iter().rev().collect();
    audit.sort_by_key(|row| std::cmp::Reverse(row.at));
    let changes: Vec<_> = tables.parameter_changes.iter().rev().collect();
    vec![
        ("history", format!("{:#?}", by_id(ended.collect()))),
        ("audit", format!("{audit:#?}")),
        ("parameter changes", format!("{changes:#?}")),
    ]
}

fn by_id(mut ended: Vec<EndedLogin>) -> Vec<EndedLogin> {
    ended.sort_by_key(|ended| ended.id);
    ended
}
