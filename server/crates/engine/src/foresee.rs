//! The consequences of saving service parameters: for open logins, and conflicts with changes that other
//! actors made meanwhile.

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
    /// The number of their logins beyond one for each user.
    pub extra: u64,
    /// Some of the users, each with the number of open logins, in descending order of that number.
    pub named: Vec<(UserId, u64)>,
}

/// The consequences of a change for the logins that are open now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Users with more than one open login, when the change allows one login for each user; at most
    /// [`Impact::NAMED`] users are named.
    pub several: SeveralLogins,
    /// Logins that would be past the new limit, as user and phone; at most [`Impact::NAMED`].
    pub past: Vec<(String, String)>,
    /// The number of logins past the new limit.
    pub past_logins: u64,
}

impl Impact {
    /// The maximum number of named users or logins.
    pub const NAMED: u32 = 10;
}

/// The consequences of saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// The time limit of logins within the cluster after the save, in minutes; zero is unlimited.
    pub limit_minutes: u32,
    /// The consequences for the logins that are open now.
    pub impact: Impact,
}

/// Foresees the consequences of saving these values at `now`, in the configuration in force. Only changes
/// of a parameter that applies to open logins have consequences for open logins.
///
/// # Errors
/// When the store fails.
pub async fn foresee(
    store: &dyn Store,
    changes: &Typed,
    now: UtcMillis,
) -> Result<Foreseen, StoreError> {
    let Configuration { parameters: mut after, release, .. } = store.configuration().await?;
    for (parameter, value) in changes {
        // The save reports an invalid value.
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

/// Returns the parameters in `changes` that another actor has changed since the values were shown. A save
/// checks again.
///
/// # Errors
/// When the store fails.
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
