//! The consequences of saving service parameters: for open logins, and for those who changed them
//! meanwhile.

use terms::{
    MultipleLoginBehavior, Parameter, Release,
    saving::{self, Typed},
};

use crate::{
    Configuration, ParameterConflict, ParameterSave, Scope, StoreError, UserId, UtcMillis,
    ports::Store,
};

/// Users of this cluster who have more than one open login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeveralLogins {
    /// The number of users.
    pub users: u64,
    /// The number of their logins beyond one for each.
    pub extra: u64,
    /// Some of them with how many each has, the most first.
    pub named: Vec<(UserId, u64)>,
}

/// The consequences of a change for the logins that are open now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Users on more than one phone, of whom each could have one login; it names at most
    /// [`Impact::NAMED`].
    pub several: SeveralLogins,
    /// Logins that would be past their time, as user and phone; at most [`Impact::NAMED`].
    pub past: Vec<(String, String)>,
    /// The number of those logins.
    pub past_logins: u64,
}

impl Impact {
    /// The most users or logins that are named.
    pub const NAMED: u32 = 10;
}

/// The consequences of saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// The time limit of logins within the cluster then, in minutes; zero is unlimited.
    pub limit_minutes: u32,
    /// Those for the logins that are open now.
    pub impact: Impact,
}

/// Foresees the consequences of saving these values at `now`, in the configuration in force. Only changes
/// of a parameter that rules open logins have consequences for them.
///
/// # Errors
/// When the store can't.
pub async fn foresee(
    store: &dyn Store,
    changes: &Typed,
    now: UtcMillis,
) -> Result<Foreseen, StoreError> {
    let Configuration { parameters: mut after, release, .. } = store.configuration().await?;
    for (parameter, value) in changes {
        // A value that does not do is told when it is saved.
        let _ = after.set(parameter.name(), value);
    }
    let limit_minutes = after.intra_limit_minutes();
    let mut impact = Impact::default();
    if changes.contains_key(&Parameter::MultipleLoginBehavior)
        && after.multiple_login_behavior() != MultipleLoginBehavior::Allowed
    {
        impact.several = store.several_logins(Impact::NAMED, release < Release::V12_5).await?;
    }
    let is_limited = [Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .any(|parameter| changes.contains_key(parameter));
    if is_limited && limit_minutes > 0 {
        let scope = Scope::PastLimit { minutes: limit_minutes };
        let (count, named) = store.open_logins_in(&scope.selection(now), Impact::NAMED).await?;
        impact.past_logins = count;
        let past = named.into_iter().map(|one| (one.user.to_string(), one.phone.to_string()));
        impact.past = past.collect();
    }
    Ok(Foreseen { limit_minutes, impact })
}

/// Of the parameters that somebody wants to change: those that somebody else has changed since they were
/// seen. A save looks again.
///
/// # Errors
/// When the store can't.
pub async fn parameter_conflicts(
    store: &dyn Store,
    changes: &[ParameterSave],
) -> Result<Vec<ParameterConflict>, StoreError> {
    let now = store.configuration().await?.parameters;
    let last = store.last_parameter_changes().await?;
    let conflicts = changes.iter().filter_map(|ParameterSave { parameter, seen, value }| {
        let current = now.value(*parameter);
        saving::is_conflict(seen, value, current).then(|| {
            let last = last.iter().find(|change| change.parameter == *parameter);
            let last = last.map(|change| (change.by.clone(), change.at));
            ParameterConflict { parameter: *parameter, current: current.to_owned(), changed: last }
        })
    });
    Ok(conflicts.collect())
}
