//! Changes of service parameters.

use terms::Parameter;

use super::Difference;
use crate::{Actor, Job, JobId, UtcMillis};

/// A change of one service parameter, with the value that the administrator saw before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSave {
    /// The parameter.
    pub parameter: Parameter,
    /// The value that the administrator saw.
    pub seen: String,
    /// The new value.
    pub value: String,
}

/// A parameter whose current value differs from the value that the administrator saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterConflict {
    /// The parameter.
    pub parameter: Parameter,
    /// Its value now.
    pub current: String,
    /// The actor of the last change, and when the change was made.
    pub changed: Option<(Actor, UtcMillis)>,
}

/// The jobs that a save makes to end logins, by their ids; `None` makes no job.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogOutJobs {
    /// Ends all but the newest login of each user, unless multiple logins are allowed.
    pub extra: Option<JobId>,
    /// Ends the logins that have lasted longer than the limit, if a limit is set.
    pub past: Option<JobId>,
}

/// The outcome of a save, which saves all parameters or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParametersSaved {
    /// All parameters are saved.
    Saved {
        /// The values that changed.
        differences: Vec<Difference>,
        /// The jobs that the save made.
        jobs: Vec<Job>,
    },
    /// Another actor has changed these parameters since they were shown; nothing is saved.
    Conflict(Vec<ParameterConflict>),
}

/// One change in the history of the service parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterChange {
    /// Its number; later changes have greater numbers.
    pub number: u64,
    /// The time of the change.
    pub at: UtcMillis,
    /// The actor.
    pub by: Actor,
    /// The parameter.
    pub parameter: Parameter,
    /// The old value.
    pub from: String,
    /// The new value.
    pub to: String,
    /// Why the actor made the change; empty without a note.
    pub note: String,
}
