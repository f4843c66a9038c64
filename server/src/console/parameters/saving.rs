//! Saving service parameters: it is said first what it means, and done when that was seen.

use app::api::{Answered, Conflict, Intent, Preview, Save, SaveOutcome, Shown, fingerprint};
use engine::{ParameterConflict, ports::ConfigurationStore};
use terms::{
    Role,
    saving::{self, Typed},
};

use super::{values, views};
use crate::{
    admin::{self, AdminError, Caller, EndNow, Saved},
    cluster::Cluster,
};

/// Does what a form wants.
pub(super) async fn answer(
    cluster: &Cluster,
    caller: &Caller,
    save: &Save,
) -> Result<SaveOutcome, AdminError> {
    match save.intent {
        Intent::Advanced | Intent::Cancel | Intent::Discard => Ok(SaveOutcome::GoOn),
        Intent::Settle => settle(cluster, caller, save).await,
        Intent::Default | Intent::DefaultConfirmed => set_to_default(cluster, caller, save).await,
        Intent::Save => save_changes(cluster, caller, changes(save), &save.seen, &save.shown).await,
    }
}

/// What a person changes by what they typed, and what follows from it.
fn changes(save: &Save) -> Typed {
    let seen = saving::parameters(&save.seen);
    saving::with_enforce(saving::changes(&save.typed, &seen), &seen)
}

/// Saves exactly these values, unless somebody else was faster, and unless there is something to
/// look at that was not shown yet.
pub(super) async fn save_changes(
    cluster: &Cluster,
    caller: &Caller,
    changes: Typed,
    seen: &Typed,
    shown: &Shown,
) -> Result<SaveOutcome, AdminError> {
    caller.must_be(Role::Administrator)?;
    if changes.is_empty() {
        return Ok(SaveOutcome::Nothing);
    }
    let problems = saving::problems(&changes);
    if !problems.is_empty() {
        return Ok(SaveOutcome::Invalid(problems.into_keys().collect()));
    }
    // Before it is said what it means: a page that comes back with that must not have lost what
    // was seen.
    let before = saving::parameters(seen);
    let conflicts = admin::conflicts(cluster, caller, &changes, &before).await?;
    if !conflicts.is_empty() {
        return Ok(outcome(Saved::Conflict(conflicts)));
    }
    let to_look_at = saving::with_impact(&changes);
    if !to_look_at.is_empty() && shown.changes != fingerprint(&to_look_at, seen) {
        return Ok(SaveOutcome::Preview(preview(cluster, caller, to_look_at).await?));
    }
    // Boxes belong to what was shown; where there is nothing to show they are left from before.
    let end = if to_look_at.is_empty() { EndNow::default() } else { end_now(shown) };
    let saved = admin::save_parameters(cluster, caller, changes, &before, end).await?;
    Ok(outcome(saved))
}

/// Sets to default what is in force, whatever the form's page has shown of it: nothing that differs
/// is left out.
async fn set_to_default(
    cluster: &Cluster,
    caller: &Caller,
    save: &Save,
) -> Result<SaveOutcome, AdminError> {
    caller.must_be(Role::Administrator)?;
    let now = cluster.store.configuration().await?.parameters;
    let changes = saving::to_default(&now);
    if changes.is_empty() {
        return Ok(SaveOutcome::Nothing);
    }
    let mut from = values(&now);
    from.retain(|parameter, _| changes.contains_key(parameter));
    let confirmed = save.intent == Intent::DefaultConfirmed
        && save.shown.changes == fingerprint(&changes, &from);
    if confirmed {
        let end = end_now(&save.shown);
        return Ok(outcome(admin::save_parameters(cluster, caller, changes, &now, end).await?));
    }
    Ok(SaveOutcome::Default { from, preview: preview(cluster, caller, changes).await? })
}

/// Says what is left to settle.
async fn settle(
    cluster: &Cluster,
    caller: &Caller,
    save: &Save,
) -> Result<SaveOutcome, AdminError> {
    let (changes, before) = (changes(save), saving::parameters(&save.seen));
    let conflicts = admin::conflicts(cluster, caller, &changes, &before).await?;
    Ok(match (conflicts.is_empty(), changes.is_empty()) {
        (true, true) => SaveOutcome::GoOn,
        (true, false) => SaveOutcome::Settled,
        (false, _) => outcome(Saved::Conflict(conflicts)),
    })
}

/// Changes, with what saving them would mean.
pub(super) async fn preview(
    cluster: &Cluster,
    caller: &Caller,
    changes: Typed,
) -> Result<Preview, AdminError> {
    let foreseen = admin::foresee(cluster, caller, &changes).await?;
    let limited = foreseen.limit_minutes > 0;
    Ok(Preview { changes, limited, impact: views::impact_view(foreseen.impact) })
}

/// What the page that a form comes back to has to know: what is not saved is typed still, and what
/// was seen of it is not seen anew.
pub(super) fn answered(outcome: SaveOutcome, save: Save) -> Answered {
    let Save { typed, mut seen, intent, .. } = save;
    let mut typed = saving::changes(&typed, &saving::parameters(&seen));
    typed.retain(|parameter, _| match &outcome {
        SaveOutcome::Saved { changed, .. } => !changed.contains(parameter),
        _ => intent != Intent::Discard,
    });
    seen.retain(|parameter, _| typed.contains_key(parameter));
    Answered { outcome, typed, seen }
}

fn end_now(shown: &Shown) -> EndNow {
    EndNow { extra: shown.end_extra.is_some(), past: shown.end_past.is_some() }
}

fn outcome(saved: Saved) -> SaveOutcome {
    let conflict = |conflict: ParameterConflict| Conflict {
        parameter: conflict.parameter,
        current: conflict.current,
        last: conflict.changed.map(|(by, at)| views::last_change(&by, at)),
    };
    match saved {
        Saved::Saved { changed, jobs } => {
            SaveOutcome::Saved { changed, jobs: jobs.iter().map(views::job_view).collect() }
        }
        Saved::Invalid(parameters) => SaveOutcome::Invalid(parameters),
        Saved::Conflict(conflicts) => {
            SaveOutcome::Conflict(conflicts.into_iter().map(conflict).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use engine::{
        Actor, LoginRequest, ProfileRight, RequestedDuration, UtcMillis,
        ports::{Clock, Outcome},
    };
    use terms::Parameter::{
        self, EnforceIntraMaximum, InterMaximum, IntraMaximum, MaximumConcurrentRequests,
        MultipleLoginBehavior,
    };

    use super::*;
    use crate::cluster::{ClusterLimits, SystemIds};

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

    /// A clock that stands until it is set.
    struct HandClock(AtomicI64);

    impl Clock for HandClock {
        fn now(&self) -> UtcMillis {
            UtcMillis(self.0.load(Ordering::Relaxed))
        }
    }

    struct Fixture {
        clock: Arc<HandClock>,
        cluster: Arc<Cluster>,
        caller: Caller,
        _folder: tempfile::TempDir,
    }

    impl Fixture {
        async fn new(values: &[(Parameter, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Arc::new(HandClock(AtomicI64::new(HOUR_MS)));
            let (time, ids) = (Arc::<HandClock>::clone(&clock), Arc::new(SystemIds));
            let cluster =
                Cluster::start("seoul".into(), folder.path(), ClusterLimits::default(), time, ids)
                    .await
                    .unwrap();
            let caller =
                Caller { actor: Actor::administrator("kim", ""), role: Role::Administrator };
            let fixture = Self { clock, cluster, caller, _folder: folder };
            fixture.apply(PEOPLE).await;
            for (parameter, value) in values {
                fixture.set(*parameter, value).await;
            }
            fixture
        }

        async fn apply(&self, toml: &str) {
            let Cluster { store, passwords, .. } = &*self.cluster;
            let file = admin::parse(toml).unwrap();
            let caller = Caller::command_line("apply");
            admin::apply(store, passwords, &*self.clock, file, &caller, false).await.unwrap();
        }

        /// As somebody else does it.
        async fn set(&self, parameter: Parameter, value: &str) {
            let toml = format!("[service_parameters]\n{:?} = {value:?}\n", parameter.name());
            self.apply(&toml).await;
        }

        async fn log_in(&self, phone: &str) {
            let request = LoginRequest {
                phone: phone.into(),
                user: "john".into(),
                profile: None,
                profile_right: ProfileRight::Own,
                duration: RequestedDuration::Unset,
                actor: Actor::SYSTEM,
                phone_address: None,
                authenticated_at: None,
            };
            let outcome = self.cluster.engine.log_in(request).await.unwrap();
            assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
        }

        /// What is in force.
        async fn now(&self) -> Typed {
            values(&self.cluster.store.configuration().await.unwrap().parameters)
        }

        async fn answer(&self, save: &Save) -> SaveOutcome {
            answer(&self.cluster, &self.caller, save).await.unwrap()
        }
    }

    fn typed(pairs: &[(Parameter, &str)]) -> Typed {
        pairs.iter().map(|(parameter, value)| (*parameter, (*value).to_owned())).collect()
    }

    fn save(seen: Typed, pairs: &[(Parameter, &str)]) -> Save {
        let (intent, shown, viewer) = (Intent::Save, Shown::default(), String::new());
        Save { typed: typed(pairs), seen, intent, shown, viewer }
    }

    fn ended(outcome: &SaveOutcome) -> u64 {
        let SaveOutcome::Saved { jobs, .. } = outcome else { panic!("{outcome:?}") };
        jobs.iter().map(|job| job.total).sum()
    }

    #[tokio::test]
    async fn a_limit_ends_the_logins_that_were_shown_and_ticked_and_no_others() {
        let fixture = Fixture::new(&[]).await;
        fixture.log_in("SEP1").await;
        fixture.clock.0.fetch_add(2 * HOUR_MS, Ordering::Relaxed);
        let seen = fixture.now().await;
        let mut save = save(seen.clone(), &[(IntraMaximum, "1:00")]);
        let SaveOutcome::Preview(preview) = fixture.answer(&save).await else { panic!() };
        let changes = typed(&[(EnforceIntraMaximum, "True"), (IntraMaximum, "1:00")]);
        assert_eq!((&preview.changes, preview.limited), (&changes, true));
        assert_eq!(preview.impact.past, [("john".to_owned(), "SEP1".to_owned())]);
        // What was shown of another value, and ticked there, is not good for this one.
        let other = typed(&[(EnforceIntraMaximum, "True"), (IntraMaximum, "4:00")]);
        save.shown.changes = fingerprint(&other, &seen);
        save.shown.end_past = Some("1".into());
        assert_eq!(fixture.answer(&save).await, SaveOutcome::Preview(preview));
        assert_eq!(fixture.now().await, seen, "nothing is saved");
        save.shown.changes = fingerprint(&changes, &seen);
        assert_eq!(ended(&fixture.answer(&save).await), 1);
    }

    #[tokio::test]
    async fn a_box_left_from_an_earlier_look_ends_nothing() {
        let fixture = Fixture::new(&[(MultipleLoginBehavior, "Multiple Logins Allowed")]).await;
        fixture.log_in("SEP1").await;
        fixture.log_in("SEP2").await;
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
        fixture.log_in("SEP1").await;
        fixture.log_in("SEP2").await;
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
        // The page comes back with what was typed, and with what was seen of that: not with more.
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
}
