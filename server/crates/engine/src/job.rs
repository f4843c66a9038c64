//! Jobs: a job ends many logins in paced steps, is durable, and can be cancelled.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{ClockTime, EndCause, LoginFilter, Named};
use uuid::Uuid;

use crate::{Actor, LoginId, UtcMillis};

/// The identity of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub Uuid);

/// The logins that a job ends, if they were open when the job was made, and still are at the job's step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum Scope {
    /// The logins with these identities.
    Selected {
        /// The identities, at most [`Scope::MAX_SELECTED`].
        ids: Vec<LoginId>,
    },
    /// All logins that match a filter.
    Matching {
        /// The filter.
        filter: LoginFilter,
    },
    /// All but the newest login of each user.
    Extra,
    /// The logins with a limit from the service parameters that have lasted longer than `minutes`.
    PastLimit {
        /// The limit, in minutes.
        minutes: u32,
    },
    /// The logins at phones whose users are logged out at a time of the day, if they began before the clock
    /// reached it.
    ClockTime {
        /// The time of the day.
        time: ClockTime,
        /// When the clock reached it.
        at: UtcMillis,
    },
}

impl Scope {
    /// The maximum number of logins in [`Scope::Selected`].
    pub const MAX_SELECTED: u32 = 500;
}

/// A job to make.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its identity.
    pub id: JobId,
    /// The logins to end.
    pub scope: Scope,
    /// The cause of the end.
    pub cause: EndCause,
    /// The reason given by the requester.
    pub reason: String,
    /// The requester.
    pub by: Actor,
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum JobState {
    /// The job is running.
    Running,
    /// The job is finished: none of its logins is open.
    Done,
    /// An actor cancelled the job; logins that it had ended stay ended.
    Cancelled,
}

impl Named for JobState {}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// The cause with which its logins end.
    pub cause: EndCause,
    /// The reason given by the requester.
    pub reason: String,
    /// The requester.
    pub by: Actor,
    /// When the job was made.
    pub made: UtcMillis,
    /// The number of logins that the job was to end.
    pub total: u64,
    /// The number of logins that the job has ended; logins that ended otherwise meanwhile are not counted.
    pub ended: u64,
    /// The state of the job.
    pub state: JobState,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases have these names: a renamed member keeps its name.
    #[test]
    fn stored_names_of_job_states_do_not_change() {
        let names: Vec<_> = JobState::all().map(Named::name).collect();
        assert_eq!(names, ["running", "done", "cancelled"]);
    }
}
