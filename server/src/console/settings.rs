//! Settings: the retention, the pace of log-outs, and the settings of the program.

use app::api::{
    Cut, Cuts, Deletion, KeptKind, ProgramRow, ProgramSource, Refused, RetentionDays, RetentionNow,
    SettingsAnswer, SettingsForm, SettingsIntent, SettingsOutcome, SettingsPage,
};
use engine::{PastRows, Retention, RetentionChange};
use terms::Role;

use super::request::{ConsoleRequest, refused};
use crate::{
    admin::{self, Admin, AdminError, Caller, MAX_COUNTED_ROWS, RetentionCut},
    cluster::DELETION,
};

/// The name under which a session keeps the answer to a form without JavaScript.
const PAGE: &str = "settings";

impl ConsoleRequest {
    pub(super) async fn retention_now(&self) -> Result<RetentionNow, Refused> {
        let caller = self.caller().await?;
        let now = self.admin.retention(&caller).await.map_err(refused)?;
        Ok(RetentionNow { days: days(&now), may_change: caller.may(Role::Administrator) })
    }

    pub(super) async fn settings_page(&self) -> Result<SettingsPage, Refused> {
        let caller = self.caller().await?;
        let now = self.admin.retention(&caller).await.map_err(refused)?;
        let may_change = caller.may(Role::Administrator);
        let program = may_change.then(|| self.admin.program_settings(&caller)).transpose();
        let program = program.map_err(refused)?;
        let default = Retention::default();
        Ok(SettingsPage {
            days: days(&now),
            default_days: days(&default),
            max_days: Retention::MAX_DAYS,
            deletion: Deletion {
                every_minutes: DELETION.every.as_secs() / 60,
                rows: DELETION.rows,
                per_second: DELETION.per_second(),
            },
            per_second: now.log_outs_per_second,
            default_per_second: default.log_outs_per_second,
            max_per_second: Retention::MAX_PER_SECOND,
            may_change,
            zones: app::zone_names(),
            program: program.map(|settings| settings.iter().map(program_row).collect()),
            answered: self.answered(PAGE).await,
        })
    }

    pub(super) async fn take_settings(
        &self,
        form: SettingsForm,
    ) -> Result<SettingsOutcome, Refused> {
        let caller = self.caller().await?;
        let outcome = save(&self.admin, &caller, &form).await.map_err(refused)?;
        self.answer_form(PAGE, &SettingsAnswer { outcome: outcome.clone(), typed: form }).await;
        Ok(outcome)
    }
}

/// Carries out the intent of a form.
async fn save(
    admin: &Admin,
    caller: &Caller,
    form: &SettingsForm,
) -> Result<SettingsOutcome, AdminError> {
    let (saved, wrong, saving) = match form.intent {
        SettingsIntent::Cancel => return Ok(SettingsOutcome::Cancelled),
        SettingsIntent::Retention | SettingsIntent::Delete => {
            let saving = save_days(admin, caller, form).await;
            (SettingsOutcome::Saved, SettingsOutcome::WrongDays, saving)
        }
        SettingsIntent::Pace => {
            let saving = save_pace(admin, caller, form).await;
            (SettingsOutcome::PaceSaved, SettingsOutcome::WrongPace, saving)
        }
    };
    match saving {
        Ok(Saving::Done { changed: true }) => Ok(saved),
        Ok(Saving::Done { changed: false }) => Ok(SettingsOutcome::Nothing),
        Ok(Saving::Asks(cuts)) => Ok(SettingsOutcome::Cuts(cuts)),
        Err(AdminError::Invalid(_)) => Ok(wrong),
        Err(error) => Err(error),
    }
}

/// How far a save has come.
enum Saving {
    /// The save is done.
    Done { changed: bool },
    /// The administrator has to confirm these deletions first.
    Asks(Cuts),
}

/// Saves the periods that the form changes, unless they delete rows and the administrator has not confirmed that.
async fn save_days(
    admin: &Admin,
    caller: &Caller,
    form: &SettingsForm,
) -> Result<Saving, AdminError> {
    // The form sets only values that its user changed: another administrator may have changed the
    // others since.
    let seen = RetentionDays::from_seen(&form.seen);
    let changed = |kind: KeptKind| {
        let wanted = form.days.of(kind);
        (seen.map(|seen| seen.of(kind)) != Some(wanted)).then_some(wanted)
    };
    let change = RetentionChange {
        history_days: changed(KeptKind::History),
        audit_days: changed(KeptKind::Audit),
        event_days: changed(KeptKind::Events),
        refusal_days: changed(KeptKind::Refusals),
        log_outs_per_second: None,
    };
    if let Some(cut) = admin.foresee_retention(caller, &change).await? {
        let counted = counted(&cut.shortened);
        // The confirmation holds for the periods whose deletions the administrator has seen, and for no others.
        if form.intent != SettingsIntent::Delete || form.counted != counted {
            return Ok(Saving::Asks(Cuts { counted, kinds: cuts(&cut) }));
        }
    }
    let differences = admin.change_retention(caller, change).await?;
    Ok(Saving::Done { changed: !differences.is_empty() })
}

/// Saves the pace of log-outs, if the form changes it.
async fn save_pace(
    admin: &Admin,
    caller: &Caller,
    form: &SettingsForm,
) -> Result<Saving, AdminError> {
    let wanted = form.per_second;
    let is_changed = form.seen.parse() != Ok(wanted);
    let change = RetentionChange {
        log_outs_per_second: is_changed.then_some(wanted),
        ..RetentionChange::default()
    };
    let differences = admin.change_retention(caller, change).await?;
    Ok(Saving::Done { changed: !differences.is_empty() })
}

/// The shorter periods as one text.
fn counted(shortened: &RetentionChange) -> String {
    let periods = KeptKind::ALL.into_iter().filter_map(|kind| {
        let days = shorter(shortened, kind)?;
        Some(format!("{kind:?}={days}"))
    });
    periods.collect::<Vec<_>>().join(",")
}

const fn shorter(shortened: &RetentionChange, kind: KeptKind) -> Option<u32> {
    match kind {
        KeptKind::History => shortened.history_days,
        KeptKind::Audit => shortened.audit_days,
        KeptKind::Events => shortened.event_days,
        KeptKind::Refusals => shortened.refusal_days,
    }
}

fn cuts(cut: &RetentionCut) -> Vec<Cut> {
    let before = days(&cut.before);
    let past = |kind| match kind {
        KeptKind::History => cut.past.ended,
        KeptKind::Audit => cut.past.audit,
        KeptKind::Events => cut.past.events,
        KeptKind::Refusals => cut.past.refusals,
    };
    let of_kind = |kind| {
        let (to_days, past) = (shorter(&cut.shortened, kind)?, past(kind));
        let (rows, most) = (past.map_or(0, |past: PastRows| past.rows), MAX_COUNTED_ROWS.into());
        Some(Cut {
            kind,
            from_days: before.of(kind),
            to_days,
            rows: rows.min(most),
            more: rows > most,
            oldest_ms: past.map(|past| past.oldest.0),
        })
    };
    KeptKind::ALL.into_iter().filter_map(of_kind).collect()
}

const fn days(retention: &Retention) -> RetentionDays {
    RetentionDays {
        history: retention.history_days,
        audit: retention.audit_days,
        events: retention.event_days,
        refusals: retention.refusal_days,
    }
}

fn program_row(setting: &admin::ProgramSetting) -> ProgramRow {
    let source = match setting.source().clone() {
        admin::ProgramSource::Flag(flag) => ProgramSource::Flag(flag),
        admin::ProgramSource::Variable(name) => ProgramSource::Variable(name),
        admin::ProgramSource::File(path) => ProgramSource::File(path),
        admin::ProgramSource::Default => ProgramSource::Default,
        admin::ProgramSource::Command(command) => ProgramSource::Command(command.to_owned()),
    };
    ProgramRow {
        name: setting.name().to_owned(),
        help: setting.help().to_owned(),
        value: setting.value().map(ToOwned::to_owned),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::TestCluster;

    const DAY_MS: i64 = 86_400_000;
    const PEOPLE: &str = r#"
        [[device_profiles]]
        name = "desk"
        model = "Cisco 8861"
        [[users]]
        id = "john"
        pin = "12345"
        profiles = ["desk"]
        [[phones]]
        name = "SEP1"
        model = "Cisco 8861"
    "#;

    /// A cluster with a login that ended 40 days ago, and its administration.
    async fn cluster() -> (TestCluster, Admin) {
        let cluster = TestCluster::start("seoul").await;
        cluster.apply(PEOPLE).await;
        let login = cluster.log_in("john", "SEP1").await;
        let change = "[[users]]\nid = \"john\"\nenabled = false\n";
        cluster.apply(change).await;
        cluster.advance(40 * DAY_MS);
        assert_eq!(login.user.id, "john");
        let admin = Admin::of(Arc::clone(&cluster));
        (cluster, admin)
    }

    fn kim() -> Caller {
        Caller::of_test("kim", Role::Administrator)
    }

    fn form(intent: SettingsIntent, history: u32, counted: &str) -> SettingsForm {
        let seen = days(&Retention::default());
        SettingsForm {
            intent,
            days: RetentionDays { history, ..seen },
            seen: seen.seen(),
            counted: counted.to_owned(),
            ..SettingsForm::default()
        }
    }

    async fn history_days(cluster: &TestCluster) -> u32 {
        cluster.store.configuration().await.unwrap().retention.history_days
    }

    #[tokio::test]
    async fn a_shorter_period_is_saved_once_its_deletions_were_counted_for_it() {
        let (cluster, admin) = cluster().await;
        let save = async |form| save(&admin, &kim(), &form).await.unwrap();
        let SettingsOutcome::Cuts(asked) = save(form(SettingsIntent::Retention, 30, "")).await
        else {
            panic!("a shorter period asks");
        };
        let [
            Cut {
                kind: KeptKind::History,
                from_days: 365,
                to_days: 30,
                rows: 1,
                more: false,
                oldest_ms,
            },
        ] = asked.kinds[..]
        else {
            panic!("{asked:?}");
        };
        assert_eq!(oldest_ms, Some(admin.now().0 - 40 * DAY_MS));
        // A confirmation of other values asks again, and Save never confirms.
        let others = form(SettingsIntent::Delete, 29, &asked.counted);
        assert!(matches!(save(others).await, SettingsOutcome::Cuts(_)));
        let plain = form(SettingsIntent::Retention, 30, &asked.counted);
        assert!(matches!(save(plain).await, SettingsOutcome::Cuts(_)));
        let cancelled = save(form(SettingsIntent::Cancel, 30, &asked.counted)).await;
        assert_eq!(cancelled, SettingsOutcome::Cancelled);
        assert_eq!(history_days(&cluster).await, 365);
        let confirmed = form(SettingsIntent::Delete, 30, &asked.counted);
        assert_eq!(save(confirmed).await, SettingsOutcome::Saved);
        assert_eq!(history_days(&cluster).await, 30);
    }

    #[tokio::test]
    async fn a_longer_period_needs_no_confirmation() {
        let (cluster, admin) = cluster().await;
        let save = async |form| save(&admin, &kim(), &form).await.unwrap();
        let longer = save(form(SettingsIntent::Retention, 400, "")).await;
        assert_eq!(longer, SettingsOutcome::Saved);
        // The form of another page, which saw 365 days: its 380 days shorten the present 400 days.
        let since = save(form(SettingsIntent::Retention, 380, "")).await;
        let SettingsOutcome::Cuts(asked) = since else { panic!("{since:?}") };
        assert_eq!((asked.kinds[0].from_days, asked.kinds[0].rows), (400, 0));
        assert_eq!(save(form(SettingsIntent::Retention, 365, "")).await, SettingsOutcome::Nothing);
        assert_eq!(history_days(&cluster).await, 400);
        assert_eq!(save(form(SettingsIntent::Retention, 0, "")).await, SettingsOutcome::WrongDays);
    }

    #[tokio::test]
    async fn the_pace_is_saved_by_itself_and_each_change_needs_an_administrator() {
        let (cluster, admin) = cluster().await;
        let pace = |per_second| SettingsForm {
            intent: SettingsIntent::Pace,
            per_second,
            seen: "100".to_owned(),
            ..SettingsForm::default()
        };
        for (per_second, expected) in [
            (100, SettingsOutcome::Nothing),
            (0, SettingsOutcome::WrongPace),
            (20, SettingsOutcome::PaceSaved),
        ] {
            assert_eq!(save(&admin, &kim(), &pace(per_second)).await.unwrap(), expected);
        }
        let retention = cluster.store.configuration().await.unwrap().retention;
        let expected = Retention { log_outs_per_second: 20, ..Retention::default() };
        assert_eq!(retention, expected);
        let operator = Caller::of_test("otto", Role::Operator);
        for refused in [pace(30), form(SettingsIntent::Delete, 30, "History=30")] {
            let refused = save(&admin, &operator, &refused).await;
            assert!(matches!(refused, Err(AdminError::NotAllowed(Role::Administrator))));
        }
    }
}
