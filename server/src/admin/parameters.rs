//! Saving service parameters.

use engine::{
    Impact, Job, ParameterConflict, ParameterSave, ParametersSaved, Scope,
    ports::ConfigurationStore,
};
use terms::{
    EndCause, MultipleLoginBehavior, Parameter, Role, ServiceParameters,
    saving::{self, Typed},
};

use super::{AdminError, Caller, begin_log_outs};
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

/// Saves what a person typed, where it differs from what they saw. `typed` and `seen` are whole
/// pages or parts of one.
///
/// # Errors
/// When the caller may not, or the store fails.
pub async fn save_parameters(
    cluster: &Cluster,
    caller: &Caller,
    typed: &Typed,
    seen: &ServiceParameters,
    end: EndNow,
) -> Result<Saved, AdminError> {
    caller.must_be(Role::Administrator)?;
    let changes = saving::with_enforce(saving::changes(typed, seen), seen);
    save(cluster, caller, changes, seen, end).await
}

/// Saves exactly these values: *Set to Default* and a return to an old value change nothing else.
///
/// # Errors
/// As [`save_parameters`].
pub async fn save(
    cluster: &Cluster,
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
    let Cluster { store, clock, .. } = cluster;
    match store.save_parameters(changes, caller.actor.clone(), clock.now()).await? {
        ParametersSaved::Conflict(conflicts) => return Ok(Saved::Conflict(conflicts)),
        ParametersSaved::Saved(_) => {}
    }
    let now = store.configuration().await?.parameters;
    let mut scopes = Vec::new();
    if end.extra && now.multiple_login_behavior() != MultipleLoginBehavior::Allowed {
        scopes.push(Scope::Extra);
    }
    if end.past && now.intra_limit_minutes() > 0 {
        scopes.push(Scope::PastLimit { minutes: now.intra_limit_minutes() });
    }
    let mut jobs = Vec::new();
    for scope in scopes {
        jobs.push(begin_log_outs(cluster, caller, scope, EndCause::Policy, "").await?);
    }
    Ok(Saved::Saved { changed: saved, jobs })
}

/// What saving these values would mean for the logins that are open now.
///
/// # Errors
/// When the store fails.
pub async fn impact(
    cluster: &Cluster,
    typed: &Typed,
    seen: &ServiceParameters,
) -> Result<Impact, AdminError> {
    let changes = saving::with_enforce(saving::changes(typed, seen), seen);
    let mut after = seen.clone();
    for (parameter, value) in &changes {
        // What does not do is told when it is saved.
        let _ = after.set(parameter.name(), value);
    }
    let limited = [Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .any(|parameter| changes.contains_key(parameter));
    let minutes = if limited { after.intra_limit_minutes() } else { 0 };
    let mut impact = cluster.store.impact(minutes, cluster.clock.now()).await?;
    if after.multiple_login_behavior() == MultipleLoginBehavior::Allowed
        || !changes.contains_key(&Parameter::MultipleLoginBehavior)
    {
        impact = Impact { past: impact.past, past_logins: impact.past_logins, ..Impact::default() };
    }
    Ok(impact)
}
