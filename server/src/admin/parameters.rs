//! Saving service parameters.

use std::sync::Arc;

use engine::{Foreseen, Job, ParameterChange, ParameterConflict, ParameterSave, ParametersSaved};
use terms::{
    Note, Parameter, Role, ServiceParameters,
    saving::{self, Typed},
};

use super::{Admin, AdminError, Caller, log_outs::begin, to_its_end::to_its_end};
use crate::cluster::Cluster;

/// The outcome of a save.
#[derive(Debug)]
pub enum Saved {
    /// Saved: these parameters have new values now, and these jobs have begun.
    Saved {
        /// The parameters that changed.
        changed: Vec<Parameter>,
        /// Jobs that end the logins which the new values do not permit.
        jobs: Vec<Job>,
    },
    /// Parameters whose values are invalid.
    Invalid(Vec<Parameter>),
    /// Another administrator has changed these parameters since they were seen.
    Conflict(Vec<ParameterConflict>),
}

/// The logins to end with a save.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndNow {
    /// The logins beyond one for each user.
    pub extra: bool,
    /// The logins that have lasted longer than the new limit.
    pub past: bool,
}

impl Admin {
    /// The service parameters in force, from the store.
    /// The copy in memory may lag behind the last save.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parameters(&self, caller: &Caller) -> Result<ServiceParameters, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        Ok(cluster.store.configuration().await?.parameters)
    }

    /// As [`Admin::parameters`], for a caller who may change them.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn parameters_to_change(
        &self,
        caller: &Caller,
    ) -> Result<ServiceParameters, AdminError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        Ok(cluster.store.configuration().await?.parameters)
    }

    /// Whether the caller may save service parameters.
    ///
    /// # Errors
    /// [`AdminError::NotAllowed`]
    pub fn may_save_parameters(&self, caller: &Caller) -> Result<(), AdminError> {
        self.gate.open(caller, Role::Administrator).map(drop)
    }

    /// The last change of each service parameter that was ever changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn last_parameter_changes(
        &self,
        caller: &Caller,
    ) -> Result<Vec<ParameterChange>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.last_parameter_changes().await?)
    }

    /// Changes of service parameters, the latest first, with their total number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn parameter_history(
        &self,
        caller: &Caller,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<ParameterChange>, u64), AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.parameter_history(offset, limit).await?)
    }

    /// One change of a service parameter, for a caller who may revert it.
    ///
    /// # Errors
    /// When the caller may not change parameters, or the store fails.
    pub async fn parameter_change(
        &self,
        caller: &Caller,
        number: u64,
    ) -> Result<Option<ParameterChange>, AdminError> {
        Ok(self.gate.open(caller, Role::Administrator)?.store.parameter_change(number).await?)
    }

    /// Saves exactly these values, all or none, each change with the note.
    /// `seen` holds the parameters that the caller has seen.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn save_parameters(
        &self,
        caller: &Caller,
        changes: Typed,
        seen: &ServiceParameters,
        note: Note,
        end: EndNow,
    ) -> Result<Saved, AdminError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let problems = saving::problems(&changes);
        if !problems.is_empty() {
            return Ok(Saved::Invalid(problems.into_keys().collect()));
        }
        let changes = as_seen(changes, seen);
        let saved = changes.iter().map(|change| change.parameter).collect();
        let id = |wanted: bool| wanted.then(|| cluster.ids.job_id());
        let end = engine::LogOutJobs { extra: id(end.extra), past: id(end.past) };
        let by = caller.actor().clone();
        let here = Arc::clone(cluster);
        let work = async move {
            let Cluster { store, clock, .. } = &*here;
            match engine::save_parameters(&**store, changes, note, end, by, clock.now()).await? {
                ParametersSaved::Conflict(conflicts) => Ok(Saved::Conflict(conflicts)),
                ParametersSaved::Saved { jobs, .. } => {
                    let mut begun = Vec::with_capacity(jobs.len());
                    for job in jobs {
                        begun.push(begin(&here, job).await);
                    }
                    Ok(Saved::Saved { changed: saved, jobs: begun })
                }
            }
        };
        to_its_end(cluster, work).await
    }

    /// The parameters in `changes` that another administrator has changed since the caller saw them.
    /// [`Admin::save_parameters`] checks again.
    ///
    /// # Errors
    /// As [`Admin::save_parameters`].
    pub async fn conflicts(
        &self,
        caller: &Caller,
        changes: &Typed,
        seen: &ServiceParameters,
    ) -> Result<Vec<ParameterConflict>, AdminError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let changes = as_seen(changes.clone(), seen);
        Ok(engine::parameter_conflicts(&*cluster.store, &changes).await?)
    }

    /// Foresees the consequences of saving these values now.
    /// The base is the configuration in force, and not the one that the caller has seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn foresee(&self, caller: &Caller, changes: &Typed) -> Result<Foreseen, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        Ok(engine::foresee(&*cluster.store, changes, cluster.clock.now()).await?)
    }
}

/// The changes, each with the value that was seen.
fn as_seen(changes: Typed, seen: &ServiceParameters) -> Vec<ParameterSave> {
    let save = |(parameter, value)| {
        let seen = seen.value(parameter).to_owned();
        ParameterSave { parameter, seen, value }
    };
    changes.into_iter().map(save).collect()
}
