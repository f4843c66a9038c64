//! Saving service parameters, and making the jobs that end logins after the save.

use async_trait::async_trait;
use terms::{
    EndCause, MultipleLoginBehavior, Note, Parameter,
    saving::{self, Typed},
};

use super::{differences::Differences, jobs::make, work::Work};
use crate::{
    Actor, Configuration, LogOutJobs, NewJob, ParameterConflict, ParameterSave, ParametersSaved,
    Scope, StoreError, UtcMillis,
    transaction::{Names, Transaction},
};

/// Saves parameters, and makes the jobs that end the logins that the new values forbid.
///
/// The operation saves nothing when the stored value of a parameter is neither the value that the administrator
/// saw nor the new value.
pub(crate) struct SaveParameters {
    pub(crate) changes: Vec<ParameterSave>,
    /// Why the administrator makes the changes.
    pub(crate) note: Note,
    pub(crate) end: LogOutJobs,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for SaveParameters {
    type Output = ParametersSaved;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let before = tx.configuration().await?;
        let conflicts = conflicts(tx, &before, &self.changes).await?;
        if !conflicts.is_empty() {
            return Ok(ParametersSaved::Conflict(conflicts));
        }
        let value = |change: &ParameterSave| (change.parameter, change.value.clone());
        let values = self.changes.iter().map(value).collect();
        let mut differences = Differences::because(&self.note);
        let changes = changes(&mut differences, &before, values)?;
        set(tx, &changes, &self.note, &self.by, self.now).await?;
        let differences = differences.write_down(tx, &self.by, self.now).await?;
        let mut jobs = Vec::new();
        for job in self.jobs(&tx.configuration().await?) {
            jobs.push(make(tx, &job, self.now).await?);
        }
        Ok(ParametersSaved::Saved { differences, jobs })
    }
}

impl SaveParameters {
    /// The requested jobs, without jobs for limits that these parameters do not set.
    fn jobs(&self, Configuration { parameters, .. }: &Configuration) -> Vec<NewJob> {
        let is_limited = parameters.multiple_login_behavior() != MultipleLoginBehavior::Allowed;
        let minutes = parameters.intra_limit_minutes();
        let extra = self.end.extra.filter(|_| is_limited).map(|id| (id, Scope::Extra));
        let past = self.end.past.filter(|_| minutes > 0);
        let past = past.map(|id| (id, Scope::PastLimit { minutes }));
        let job = |(id, scope)| {
            let (cause, reason, by) = (EndCause::Policy, String::new(), self.by.clone());
            NewJob { id, scope, cause, reason, by }
        };
        extra.into_iter().chain(past).map(job).collect()
    }
}

async fn conflicts(
    tx: &mut dyn Transaction,
    now: &Configuration,
    changes: &[ParameterSave],
) -> Result<Vec<ParameterConflict>, StoreError> {
    let mut conflicts = Vec::new();
    for ParameterSave { parameter, seen, value } in changes {
        let current = now.parameters.value(*parameter);
        if saving::is_conflict(seen, value, current) {
            let last = tx.last_change(*parameter).await?;
            let (parameter, current) = (*parameter, current.to_owned());
            conflicts.push(ParameterConflict { parameter, current, changed: last });
        }
    }
    Ok(conflicts)
}

/// A change of a value: the parameter, the old value and the new value.
pub(super) type Change = (Parameter, String, String);

/// Compares new values with the values in `before`, and returns the changes.
pub(super) fn changes(
    differences: &mut Differences,
    before: &Configuration,
    values: Typed,
) -> Result<Vec<Change>, StoreError> {
    let mut after = before.parameters.clone();
    let mut changes = Vec::new();
    for (parameter, value) in values {
        after
            .set(parameter.name(), &value)
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        let old = before.parameters.value(parameter).to_owned();
        if old != value {
            let name = parameter.name_at(before.release);
            differences.compare("service parameter", name, &old, &value);
            differences.moves_on = true;
            changes.push((parameter, old, value));
        }
    }
    Ok(changes)
}

/// Writes changes to the parameters and to their history.
pub(super) async fn set(
    tx: &mut dyn Transaction,
    changes: &[Change],
    note: &Note,
    by: &Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    for (parameter, from, to) in changes {
        tx.set_parameter(now, by, *parameter, (from, to), note.as_str()).await?;
    }
    Ok(())
}
