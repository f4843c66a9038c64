//! Saving service parameters.

use std::sync::Arc;

use engine::{Foreseen, Job, ParameterConflict, ParameterSave, ParametersSaved};
use terms::{
    Parameter, Role, ServiceParameters,
    saving::{self, Typed},
};

use super::{AdminError, Caller, log_outs::begin, to_its_end::to_its_end};
use crate::cluster::Cluster;

/// What became of a save.
#[derive(Debug)]
pub enum Saved {
    /// Saved: these parameters have new values now, and these jobs have begun.
    Saved {
        /// What changed.
        changed: Vec<Parameter>,
        /// Jobs that end logins the new values would not have let go on.
        jobs: Vec<Job>,
    },
    /// Values that the parameters don't take.
    Invalid(Vec<Parameter>),
    /// Somebody else was faster.
    Conflict(Vec<ParameterConflict>),
}

/// Which logins to end with a save.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndNow {
    /// Those beyond one for each user.
    pub extra: bool,
    /// Those that have lasted longer than the new limit.
    pub past: bool,
}

/// Saves exactly these values, all or none. `seen` is what the caller has seen of them.
///
/// # Errors
/// When the caller may not, or the store fails.
pub async fn save_parameters(
    cluster: &Arc<Cluster>,
    caller: &Caller,
    changes: Typed,
    seen: &ServiceParameters,
    end: EndNow,
) -> Result<Saved, AdminError> {
    caller.must_be(Role::Administrator)?;
    let problems = saving::problems(&changes);
    if !problems.is_empty() {
        return Ok(Saved::Invalid(problems.into_keys().collect()));
    }
    let changes = as_seen(changes, seen);
    let saved = changes.iter().map(|change| change.parameter).collect();
    let id = |wanted: bool| wanted.then(|| cluster.ids.job_id());
    let end = engine::EndNow { extra: id(end.extra), past: id(end.past) };
    let by = caller.actor.clone();
    let here = Arc::clone(cluster);
    let work = async move {
        let Cluster { store, clock, .. } = &*here;
        match engine::save_parameters(&**store, changes, end, by, clock.now()).await? {
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

/// Of the parameters that somebody wants to change: those that somebody else has changed since they
/// were seen. [`save_parameters`] looks again.
///
/// # Errors
/// As [`save_parameters`].
pub async fn conflicts(
    cluster: &Cluster,
    caller: &Caller,
    changes: &Typed,
    seen: &ServiceParameters,
) -> Result<Vec<ParameterConflict>, AdminError> {
    caller.must_be(Role::Administrator)?;
    let changes = as_seen(changes.clone(), seen);
    Ok(engine::parameter_conflicts(&*cluster.store, &changes).await?)
}

/// What saving these values would mean now: in what is in force, whatever the caller has seen.
///
/// # Errors
/// When the caller may not, or the store fails.
pub async fn foresee(
    cluster: &Cluster,
    caller: &Caller,
    changes: &Typed,
) -> Result<Foreseen, AdminError> {
    caller.must_be(Role::Viewer)?;
    Ok(engine::foresee(&*cluster.store, changes, cluster.clock.now()).await?)
}

/// The changes, each with the value that was seen.
fn as_seen(changes: Typed, seen: &ServiceParameters) -> Vec<ParameterSave> {
    let save = |(parameter, value)| {
        let seen = seen.value(parameter).to_owned();
        ParameterSave { parameter, seen, value }
    };
    changes.into_iter().map(save).collect()
}
