//! Service parameters.

use app::api::{
    Conflict, ImpactView, Intent, ParameterChangeRow, ParameterHistory, ParameterPage, Refused,
    Save, SaveOutcome, fingerprint,
};
use engine::{ParameterConflict, ports::ConfigurationStore};
use terms::{
    Parameter, Role, ServiceParameters,
    saving::{self, Typed},
};

use super::{
    request::{ConsoleRequest, refused, store_refused},
    views,
};
use crate::admin::{self, EndNow, Saved};

/// What a form without JavaScript was answered.
const PAGE: &str = "service-parameters";
const HISTORY: &str = "parameter-history";
/// Changes on a page of the history.
const ROWS: u32 = 50;

fn values(parameters: &ServiceParameters) -> Typed {
    let line =
        |line: &terms::Definition| (line.parameter, parameters.value(line.parameter).to_owned());
    Parameter::ALL.iter().map(line).collect()
}

/// What somebody saw, as parameters; what does not read was not on the page.
fn parameters(seen: &Typed) -> ServiceParameters {
    let mut parameters = ServiceParameters::default();
    for (parameter, value) in seen {
        let _ = parameters.set(parameter.name(), value);
    }
    parameters
}

impl ConsoleRequest {
    pub(super) async fn parameters(&self) -> Result<ParameterPage, Refused> {
        let may_change = self.caller().await?.role >= Role::Administrator;
        let store = &self.cluster.store;
        let last = store.last_parameter_changes().await.map_err(store_refused)?;
        let now = store.configuration().await.map_err(store_refused)?.parameters;
        Ok(ParameterPage {
            values: values(&now),
            last: last
                .into_iter()
                .map(|change| (change.parameter, views::last_change(&change.by, change.at)))
                .collect(),
            server: self.cluster.id.clone(),
            may_change,
            answered: self.answered(PAGE).await,
        })
    }

    pub(super) async fn save_parameters(&self, save: Save) -> Result<SaveOutcome, Refused> {
        let typed = save.typed.clone();
        let outcome = self.try_save(save).await?;
        self.answer_form(PAGE, &(&outcome, typed)).await;
        Ok(outcome)
    }

    async fn try_save(&self, save: Save) -> Result<SaveOutcome, Refused> {
        let caller = self.caller().await?;
        let seen = parameters(&save.seen);
        if save.intent == Intent::Advanced {
            return Ok(SaveOutcome::Advanced);
        }
        caller.must_be(Role::Administrator).map_err(refused)?;
        let to_default = saving::to_default(&seen);
        let end = EndNow { extra: save.end_extra, past: save.end_past };
        let saved = match save.intent {
            Intent::Default | Intent::DefaultConfirmed if to_default.is_empty() => {
                return Ok(SaveOutcome::Nothing);
            }
            Intent::Default => return Ok(SaveOutcome::Default(to_default)),
            Intent::DefaultConfirmed => {
                admin::save(&self.cluster, &caller, to_default, &seen, end).await
            }
            Intent::Save | Intent::Advanced => {
                let changes = saving::with_enforce(saving::changes(&save.typed, &seen), &seen);
                if changes.is_empty() {
                    return Ok(SaveOutcome::Nothing);
                }
                let sound = saving::problems(&changes).is_empty();
                if sound && saving::has_impact(&changes) && save.previewed != fingerprint(&changes)
                {
                    let impact = admin::impact(&self.cluster, &save.typed, &seen).await;
                    return Ok(SaveOutcome::Preview(views::impact_view(impact.map_err(refused)?)));
                }
                admin::save_parameters(&self.cluster, &caller, &save.typed, &seen, end).await
            }
        };
        saved.map(outcome).map_err(refused)
    }

    pub(super) async fn impact(&self, typed: Typed, seen: Typed) -> Result<ImpactView, Refused> {
        self.caller().await?;
        let impact = admin::impact(&self.cluster, &typed, &parameters(&seen)).await;
        Ok(views::impact_view(impact.map_err(refused)?))
    }

    pub(super) async fn parameter_history(&self, page: u32) -> Result<ParameterHistory, Refused> {
        let may_change = self.caller().await?.role >= Role::Administrator;
        let store = &self.cluster.store;
        let now = store.configuration().await.map_err(store_refused)?.parameters;
        let offset = page.saturating_mul(ROWS);
        let (changes, total) =
            store.parameter_history(offset, ROWS).await.map_err(store_refused)?;
        let rows = changes.into_iter().map(|change| ParameterChangeRow {
            number: change.number,
            parameter: change.parameter,
            current: now.value(change.parameter).to_owned(),
            last: views::last_change(&change.by, change.at),
            from: change.from,
            to: change.to,
        });
        let rows = rows.collect();
        Ok(ParameterHistory { rows, total, may_change, answered: self.answered(HISTORY).await })
    }

    pub(super) async fn return_parameter(
        &self,
        number: u64,
        seen: String,
    ) -> Result<SaveOutcome, Refused> {
        let caller = self.caller().await?;
        let change = self.cluster.store.parameter_change(number).await.map_err(store_refused)?;
        let change = change.ok_or(Refused::NotFound)?;
        let seen = parameters(&[(change.parameter, seen)].into());
        let back = [(change.parameter, change.from)].into();
        let end = EndNow::default();
        let saved = admin::save(&self.cluster, &caller, back, &seen, end).await;
        let outcome = saved.map(outcome).map_err(refused)?;
        self.answer_form(HISTORY, &outcome).await;
        Ok(outcome)
    }
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
