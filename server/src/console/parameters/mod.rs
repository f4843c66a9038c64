//! Service parameters.

mod saving;

use app::api::{
    Answered, PAGE_ROWS, ParameterChangeRow, ParameterHistory, ParameterPage, Preview, Refused,
    Returned, Save, SaveOutcome, Shown,
};
use terms::{
    Note, Parameter, Role, ServiceParameters,
    saving::{Typed, changes, parameters, with_enforce, with_impact},
};

use super::{
    request::{ConsoleRequest, refused, set_cookie},
    unsaved::{UNSAVED, Unsaved},
    views,
};

/// The names under which a session keeps the answers to forms without JavaScript.
const PAGE: &str = "service-parameters";
const HISTORY: &str = "parameter-history";

fn values(parameters: &ServiceParameters) -> Typed {
    let line =
        |line: &terms::Definition| (line.parameter, parameters.value(line.parameter).to_owned());
    Parameter::ALL.iter().map(line).collect()
}

impl ConsoleRequest {
    pub(super) async fn parameters(&self) -> Result<ParameterPage, Refused> {
        let page = self.parameters_anew().await?;
        let answered = self.answered(PAGE).await.or_else(|| self.typed_before(&page.viewer));
        Ok(ParameterPage { answered, ..page })
    }

    pub(super) async fn parameters_anew(&self) -> Result<ParameterPage, Refused> {
        let caller = self.caller().await?;
        // A save after this is among the events that the page then gets.
        let as_of = self.admin.events_after(&caller, 0, 0).await.map_err(refused)?.latest;
        let now = self.admin.parameters(&caller).await.map_err(refused)?;
        let last = self.admin.last_parameter_changes(&caller).await.map_err(refused)?;
        let last = last.into_iter().map(|change| {
            (change.parameter, views::last_change(&change.by, change.at, change.note))
        });
        Ok(ParameterPage {
            values: values(&now),
            last: last.collect(),
            server: self.admin.cluster_id().to_owned(),
            viewer: caller.name().to_owned(),
            may_change: caller.may(Role::Administrator),
            answered: None,
            as_of,
        })
    }

    /// The values that the viewer typed here before the session ended, as an answer that is shown once.
    fn typed_before(&self, viewer: &str) -> Option<Answered> {
        let unsaved = self.unsaved.clone().filter(|unsaved| unsaved.by == viewer)?;
        set_cookie(UNSAVED.forget(self.admin.cluster_id()));
        let Unsaved { typed, seen, note, .. } = unsaved;
        Some(Answered { outcome: SaveOutcome::SignedOut, typed, seen, note })
    }

    pub(super) async fn save_parameters(&self, save: Save) -> Result<SaveOutcome, Refused> {
        let caller = match self.caller().await {
            Err(Refused::SignedOut) => return self.keep_typed(save),
            // Another administrator has signed in since: a form must not save under that name.
            Ok(caller) if !save.viewer.is_empty() && save.viewer != caller.name() => {
                return self.keep_typed(save);
            }
            caller => caller?,
        };
        let outcome = saving::answer(&self.admin, &caller, &save).await.map_err(refused)?;
        self.answer_form(PAGE, &saving::answered(outcome.clone(), save)).await;
        Ok(outcome)
    }

    /// The answer after the session has ended; a cookie keeps the values of a form without JavaScript.
    fn keep_typed(&self, save: Save) -> Result<SaveOutcome, Refused> {
        if self.is_form {
            let by = save.viewer.clone();
            let Answered { typed, seen, note, .. } = saving::answered(SaveOutcome::SignedOut, save);
            let unsaved = Unsaved { by, typed, seen, note };
            set_cookie(UNSAVED.keep(self.admin.cluster_id(), &unsaved));
        }
        Err(Refused::SignedOut)
    }

    pub(super) async fn impact(&self, typed: Typed, seen: Typed) -> Result<Preview, Refused> {
        let caller = self.caller().await?;
        let seen = parameters(&seen);
        let changes = with_impact(&with_enforce(changes(&typed, &seen), &seen));
        saving::preview(&self.admin, &caller, changes).await.map_err(refused)
    }

    pub(super) async fn parameter_history(&self, page: u32) -> Result<ParameterHistory, Refused> {
        let caller = self.caller().await?;
        let now = self.admin.parameters(&caller).await.map_err(refused)?;
        let offset = page.saturating_mul(PAGE_ROWS);
        let (changes, total) =
            self.admin.parameter_history(&caller, offset, PAGE_ROWS).await.map_err(refused)?;
        let rows = changes.into_iter().map(|change| ParameterChangeRow {
            number: change.number,
            parameter: change.parameter,
            current: now.value(change.parameter).to_owned(),
            last: views::last_change(&change.by, change.at, change.note),
            from: change.from,
            to: change.to,
        });
        let rows = rows.collect();
        let may_change = caller.may(Role::Administrator);
        Ok(ParameterHistory { rows, total, may_change, answered: self.answered(HISTORY).await })
    }

    pub(super) async fn return_parameter(
        &self,
        number: u64,
        seen: String,
        shown: Shown,
        note: String,
    ) -> Result<Returned, Refused> {
        let caller = self.caller().await?;
        let change = self.admin.parameter_change(&caller, number).await.map_err(refused)?;
        let change = change.ok_or(Refused::NotFound)?;
        let (parameter, value) = (change.parameter, change.from);
        // Only this value is saved, without the changes that would follow from it, and after a question in any case:
        // a return is one press of a button in a list.
        let back: Typed = [(parameter, value.clone())].into();
        let before = [(parameter, seen.clone())].into();
        let outcome = match Note::typed(&note) {
            Some(note) => {
                let all = back.clone();
                saving::save_changes(&self.admin, &caller, (back, all), &before, &shown, note).await
            }
            None => self.admin.may_save_parameters(&caller).map(|()| SaveOutcome::NoteWrong),
        };
        let outcome = outcome.map_err(refused)?;
        let returned = Returned { number, parameter, value, seen, outcome };
        self.answer_form(HISTORY, &returned).await;
        Ok(returned)
    }
}
