//! Previews and saves of service parameters.

use std::{sync::Arc, time::Duration};

use engine::{Event, EventKind};
use terms::Parameter::{
    self, EnforceIntraMaximum, InterMaximum, IntraMaximum, MaximumConcurrentRequests,
    MultipleLoginBehavior,
};
use terms::Role;

use super::*;
use crate::cluster::TestCluster;

const HOUR_MS: i64 = 3_600_000;
const PEOPLE: &str = "
    [[device_profiles]]
    name = 'desk'
    model = 'Cisco 8861'
    [[users]]
    id = 'john'
    pin = '12345'
    profiles = ['desk']
    [[phones]]
    name = 'SEP1'
    model = 'Cisco 8861'
    [[phones]]
    name = 'SEP2'
    model = 'Cisco 8861'
    ";

struct Fixture {
    cluster: TestCluster,
    admin: Admin,
    caller: Caller,
}

impl Fixture {
    async fn new(values: &[(Parameter, &str)]) -> Self {
        let cluster = TestCluster::start("seoul").await;
        let admin = Admin::of(Arc::clone(&cluster));
        let caller = Caller::of_test("kim", Role::Administrator);
        let fixture = Self { cluster, admin, caller };
        fixture.cluster.apply(PEOPLE).await;
        for (parameter, value) in values {
            fixture.set(*parameter, value).await;
        }
        fixture
    }

    /// Sets a parameter as another administrator does.
    async fn set(&self, parameter: Parameter, value: &str) {
        let toml = format!("[service_parameters]\n{:?} = {value:?}\n", parameter.name());
        self.cluster.apply(&toml).await;
    }

    /// The values in force.
    async fn now(&self) -> Typed {
        values(&self.cluster.store.configuration().await.unwrap().parameters)
    }

    async fn answer(&self, save: &Save) -> SaveOutcome {
        answer(&self.admin, &self.caller, save).await.unwrap()
    }
}

fn typed(pairs: &[(Parameter, &str)]) -> Typed {
    pairs.iter().map(|(parameter, value)| (*parameter, (*value).to_owned())).collect()
}

fn save(seen: Typed, pairs: &[(Parameter, &str)]) -> Save {
    let (intent, shown) = (Intent::Save, Shown::default());
    let (viewer, note) = (String::new(), String::new());
    Save { typed: typed(pairs), seen, intent, shown, viewer, note }
}

fn ended(outcome: &SaveOutcome) -> u64 {
    let SaveOutcome::Saved { jobs, .. } = outcome else { panic!("{outcome:?}") };
    jobs.iter().map(|job| job.total).sum()
}

#[tokio::test]
async fn a_limit_ends_the_logins_that_were_shown_and_ticked_and_no_others() {
    let fixture = Fixture::new(&[]).await;
    fixture.cluster.log_in("john", "SEP1").await;
    fixture.cluster.advance(2 * HOUR_MS);
    let seen = fixture.now().await;
    let mut save = save(seen.clone(), &[(IntraMaximum, "1:00")]);
    let SaveOutcome::Preview(preview) = fixture.answer(&save).await else { panic!() };
    let changes = typed(&[(EnforceIntraMaximum, "True"), (IntraMaximum, "1:00")]);
    assert_eq!((&preview.changes, preview.limited), (&changes, true));
    assert_eq!(preview.impact.past, [("john".to_owned(), "SEP1".to_owned())]);
    // A box ticked in the preview of another value does not count for this value.
    let other = typed(&[(EnforceIntraMaximum, "True"), (IntraMaximum, "4:00")]);
    save.shown.changes = fingerprint(&other, &seen);
    save.shown.end_past = Some("1".into());
    assert_eq!(fixture.answer(&save).await, SaveOutcome::Preview(preview));
    assert_eq!(fixture.now().await, seen, "nothing is saved");
    save.shown.changes = fingerprint(&changes, &seen);
    assert_eq!(ended(&fixture.answer(&save).await), 1);
}

#[tokio::test]
async fn a_save_goes_on_to_its_end_when_nobody_waits_for_it() {
    let fixture = Fixture::new(&[(MultipleLoginBehavior, "Multiple Logins Allowed")]).await;
    fixture.cluster.log_in("john", "SEP1").await;
    fixture.cluster.log_in("john", "SEP2").await;
    let Fixture { cluster, admin, caller } = &fixture;
    let mut events = cluster.events.subscribe();
    let changes = typed(&[(MultipleLoginBehavior, "Auto Logout")]);
    let seen = cluster.store.configuration().await.unwrap().parameters;
    let end = EndNow { extra: true, past: false };
    // The caller drops the future as soon as the save has begun.
    let saving = admin.save_parameters(caller, changes, &seen, Note::default(), end);
    assert!(futures::poll!(Box::pin(saving)).is_pending());
    let ended = async {
        loop {
            let events = events.recv().await.unwrap();
            let is_end = |event: &Event| matches!(event.kind, EventKind::LoggedOut(_));
            if events.iter().any(is_end) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap();
    assert_eq!(fixture.now().await[&MultipleLoginBehavior], "Auto Logout");
}

#[tokio::test]
async fn a_box_left_from_an_earlier_look_ends_nothing() {
    let fixture = Fixture::new(&[(MultipleLoginBehavior, "Multiple Logins Allowed")]).await;
    fixture.cluster.log_in("john", "SEP1").await;
    fixture.cluster.log_in("john", "SEP2").await;
    fixture.set(MultipleLoginBehavior, "Auto Logout").await;
    let seen = fixture.now().await;
    let mut save = save(seen.clone(), &[(InterMaximum, "9:00")]);
    save.shown.changes = fingerprint(&typed(&[(IntraMaximum, "1:00")]), &seen);
    save.shown.end_extra = Some("1".into());
    assert_eq!(ended(&fixture.answer(&save).await), 0);
}

#[tokio::test]
async fn set_to_default_is_shown_first_and_leaves_out_nothing_hidden() {
    let changed = [
        (MaximumConcurrentRequests, "40"),
        (IntraMaximum, "8:00"),
        (MultipleLoginBehavior, "Multiple Logins Allowed"),
    ];
    let fixture = Fixture::new(&changed).await;
    fixture.cluster.log_in("john", "SEP1").await;
    fixture.cluster.log_in("john", "SEP2").await;
    // A page that has not shown the hidden parameters has not sent them.
    let mut save = save(Typed::new(), &[]);
    save.intent = Intent::DefaultConfirmed;
    save.shown.end_extra = Some("1".into());
    let SaveOutcome::Default { from, preview } = fixture.answer(&save).await else { panic!() };
    assert_eq!(from[&MaximumConcurrentRequests], "40");
    assert_eq!(preview.changes[&MaximumConcurrentRequests], "15");
    assert_eq!(preview.impact.extra_logins, 1);
    let shown = fingerprint(&preview.changes, &from);
    fixture.set(MaximumConcurrentRequests, "50").await;
    save.shown.changes = shown;
    let SaveOutcome::Default { from, preview } = fixture.answer(&save).await else { panic!() };
    assert_eq!(from[&MaximumConcurrentRequests], "50", "what changed meanwhile is shown anew");
    save.shown.changes = fingerprint(&preview.changes, &from);
    assert_eq!(ended(&fixture.answer(&save).await), 1);
    assert_eq!(fixture.now().await[&MaximumConcurrentRequests], "15");
    assert_eq!(fixture.answer(&save).await, SaveOutcome::Nothing);
}

/// A new cluster has the suggested values, and the time limit among them is not enforced.
#[tokio::test]
async fn set_to_default_changes_nothing_in_a_new_cluster() {
    let fixture = Fixture::new(&[]).await;
    let mut save = save(Typed::new(), &[]);
    for intent in [Intent::Default, Intent::DefaultConfirmed] {
        save.intent = intent;
        assert_eq!(fixture.answer(&save).await, SaveOutcome::Nothing);
    }
    let now = fixture.now().await;
    let modified: Vec<_> =
        Parameter::ALL.iter().filter(|line| now[&line.parameter] != line.default).collect();
    assert!(modified.is_empty(), "{modified:?}");
    assert_eq!(
        (now[&IntraMaximum].as_str(), now[&EnforceIntraMaximum].as_str()),
        ("8:00", "False")
    );
}

/// The page sends each field: an unchanged limit is not named, as it is in a file.
#[tokio::test]
async fn a_save_enforces_a_limit_that_it_changes_and_a_file_a_limit_that_it_names() {
    let fixture = Fixture::new(&[]).await;
    let seen = fixture.now().await;
    let page = [(IntraMaximum, "8:00"), (EnforceIntraMaximum, "False"), (InterMaximum, "9:00")];
    let outcome = fixture.answer(&save(seen, &page)).await;
    assert_eq!(outcome, SaveOutcome::Saved { changed: vec![InterMaximum], jobs: Vec::new() });
    fixture.set(IntraMaximum, "8:00").await;
    assert_eq!(fixture.now().await[&EnforceIntraMaximum], "True");
}

#[tokio::test]
async fn a_note_goes_with_each_change_and_one_that_is_too_long_saves_nothing() {
    let fixture = Fixture::new(&[]).await;
    let seen = fixture.now().await;
    let mut save = save(seen.clone(), &[(InterMaximum, "9:00"), (MaximumConcurrentRequests, "40")]);
    save.note = "김".repeat(201);
    assert_eq!(fixture.answer(&save).await, SaveOutcome::NoteWrong);
    assert_eq!(fixture.now().await, seen);
    let back = answered(SaveOutcome::NoteWrong, save.clone());
    assert_eq!(back.note, save.note, "what was typed stays");
    save.note = " Ticket 4711 ".into();
    let outcome = fixture.answer(&save).await;
    assert!(matches!(outcome, SaveOutcome::Saved { .. }), "{outcome:?}");
    assert_eq!(answered(outcome, save.clone()).note, "");
    let (changes, _) = fixture.admin.parameter_history(&fixture.caller, 0, 9).await.unwrap();
    let notes: Vec<_> = changes.iter().map(|change| change.note.as_str()).collect();
    assert_eq!(notes, ["Ticket 4711", "Ticket 4711"]);
    // Set to Default has the note of its question.
    save.intent = Intent::Default;
    save.note = "Back".into();
    let SaveOutcome::Default { from, preview } = fixture.answer(&save).await else { panic!() };
    save.intent = Intent::DefaultConfirmed;
    save.shown.changes = fingerprint(&preview.changes, &from);
    assert!(matches!(fixture.answer(&save).await, SaveOutcome::Saved { .. }));
    let (changes, _) = fixture.admin.parameter_history(&fixture.caller, 0, 2).await.unwrap();
    assert!(changes.iter().all(|change| change.note == "Back"), "{changes:?}");
}

#[tokio::test]
async fn a_conflict_is_told_before_what_it_means_and_lasts_until_it_is_settled() {
    let fixture = Fixture::new(&[]).await;
    let mut save = save(fixture.now().await, &[(MultipleLoginBehavior, "Auto Logout")]);
    fixture.set(MultipleLoginBehavior, "Multiple Logins Allowed").await;
    fixture.set(InterMaximum, "9:00").await;
    for intent in [Intent::Save, Intent::Settle] {
        save.intent = intent;
        let SaveOutcome::Conflict(conflicts) = fixture.answer(&save).await else { panic!() };
        assert_eq!(conflicts.len(), 1, "what is not wanted is no conflict");
        assert_eq!(conflicts[0].current, "Multiple Logins Allowed");
    }
    // The answer holds the typed values, and the seen values of the same parameters only.
    let Answered { typed: mut back, seen, .. } = answered(SaveOutcome::GoOn, save.clone());
    assert_eq!(back, typed(&[(MultipleLoginBehavior, "Auto Logout")]));
    assert_eq!(seen, typed(&[(MultipleLoginBehavior, "Multiple Logins Not Allowed")]));
    save.seen = fixture.now().await;
    save.seen.extend(seen);
    let theirs = "Multiple Logins Allowed";
    let choice = saving::Choice::Mine;
    saving::settle(&mut back, &mut save.seen, MultipleLoginBehavior, theirs, choice);
    assert_eq!(fixture.answer(&save).await, SaveOutcome::Settled);
    save.intent = Intent::Save;
    assert!(matches!(fixture.answer(&save).await, SaveOutcome::Preview(_)));
}

/// Without the role nothing is saved, and no consequence of a save is revealed.
#[tokio::test]
async fn who_may_not_save_is_told_so_whatever_is_wanted() {
    let fixture = Fixture::new(&[(MultipleLoginBehavior, "Auto Logout")]).await;
    let seen = fixture.now().await;
    for (intent, wanted) in [
        (Intent::Save, "Multiple Logins Allowed"),
        (Intent::Save, "no such value"),
        (Intent::Save, "Auto Logout"),
        (Intent::Settle, "Multiple Logins Allowed"),
        (Intent::Default, "Auto Logout"),
        (Intent::DefaultConfirmed, "Auto Logout"),
    ] {
        let mut save = save(seen.clone(), &[(MultipleLoginBehavior, wanted)]);
        save.intent = intent;
        for role in [Role::Viewer, Role::Operator] {
            let answered = answer(&fixture.admin, &Caller::of_test("vera", role), &save).await;
            let is_refused = matches!(answered, Err(AdminError::NotAllowed(Role::Administrator)));
            assert!(is_refused, "{intent:?}, {wanted}, {role:?}: {answered:?}");
        }
    }
    assert_eq!(fixture.now().await, seen);
}
