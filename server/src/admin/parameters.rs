//! Saving service parameters.

use std::sync::Arc;

use engine::{Impact, Job, ParameterConflict, ParameterSave, ParametersSaved};
use terms::{
    MultipleLoginBehavior, Parameter, Role, ServiceParameters,
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
    let changes: Vec<_> = changes
        .into_iter()
        .map(|(parameter, value)| {
            let seen = seen.value(parameter).to_owned();
            ParameterSave { parameter, seen, value }
        })
        .collect();
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
    let now = cluster.store.configuration().await?.parameters;
    let last = cluster.store.last_parameter_changes().await?;
    let conflicts = changes.iter().filter_map(|(parameter, wanted)| {
        let (parameter, current) = (*parameter, now.value(*parameter));
        saving::is_conflict(seen.value(parameter), wanted, current).then(|| {
            let last = last.iter().find(|change| change.parameter == parameter);
            let last = last.map(|change| (change.by.clone(), change.at));
            ParameterConflict { parameter, current: current.to_owned(), changed: last }
        })
    });
    Ok(conflicts.collect())
}

/// What saving would mean.
#[derive(Debug)]
pub struct Foreseen {
    /// The time limit of logins within the cluster then, in minutes; zero is unlimited.
    pub limit_minutes: u32,
    /// What it would mean for the logins that are open now.
    pub impact: Impact,
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
    let mut after = cluster.store.configuration().await?.parameters;
    for (parameter, value) in changes {
        // What does not do is told when it is saved.
        let _ = after.set(parameter.name(), value);
    }
    let limit_minutes = after.intra_limit_minutes();
    let limited = [Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .any(|parameter| changes.contains_key(parameter));
    let minutes = if limited { limit_minutes } else { 0 };
    let mut impact = cluster.store.impact(minutes, cluster.clock.now()).await?;
    if after.multiple_login_behavior() == MultipleLoginBehavior::Allowed
        || !changes.contains_key(&Parameter::MultipleLoginBehavior)
    {
        impact = Impact { past: impact.past, past_logins: impact.past_logins, ..Impact::default() };
    }
    Ok(Foreseen { limit_minutes, impact })
}
