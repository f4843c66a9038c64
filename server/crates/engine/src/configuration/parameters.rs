//! Changes of service parameters.

use terms::Parameter;

use super::Difference;
use crate::{Actor, Job, JobId, UtcMillis};

/// A change of one service parameter, with the value that whoever changes it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSave {
    /// The parameter.
    pub parameter: Parameter,
    /// The value seen.
    pub seen: String,
    /// The new value.
    pub value: String,
}

/// A parameter whose value is not what somebody who wants to change it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterConflict {
    /// The parameter.
    pub parameter: Parameter,
    /// Its value now.
    pub current: String,
    /// The actor who set it, and when.
    pub changed: Option<(Actor, UtcMillis)>,
}

/// The jobs that a save makes to end logins, by their ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndNow {
    /// Ends those beyond one for each user, unless several are allowed.
    pub extra: Option<JobId>,
    /// Ends those that have lasted longer than the limit, if there is one.
    pub past: Option<JobId>,
}

/// The outcome of a save: all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParametersSaved {
    /// Saved.
    Saved {
        /// The changes that made a difference.
        differences: Vec<Difference>,
        /// The jobs that were made with it.
        jobs: Vec<Job>,
    },
    /// Somebody else was faster; nothing was saved.
    Conflict(Vec<ParameterConflict>),
}

/// One change in the history of the service parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterChange {
    /// Its number; later ones are greater.
    pub number: u64,
    /// When.
    pub at: UtcMillis,
    /// By whom.
    pub by: Actor,
    /// The parameter.
    pub parameter: Parameter,
    /// The value before.
    pub from: String,
    /// The value since.
    pub to: String,
}
