//! Ending many logins: a durable job, done in paced steps, that can be cancelled.

use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginFilter};
use uuid::Uuid;

use crate::{Actor, LoginId, UtcMillis};

/// The identity of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub Uuid);

/// Which logins a job ends: of those that were open when it was made, and still are at its step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum Scope {
    /// These.
    Selected {
        /// Their identities, at most [`Scope::MAX_SELECTED`].
        ids: Vec<LoginId>,
    },
    /// All that match a filter.
    Matching {
        /// Which.
        filter: LoginFilter,
    },
    /// All but the newest login of each user.
    Extra,
    /// Those under the service parameters' limit that have lasted longer than this limit would be.
    PastLimit {
        /// The limit, in minutes.
        minutes: u32,
    },
}

impl Scope {
    /// The most logins that can be selected one by one.
    pub const MAX_SELECTED: u32 = 500;
}

/// A job to make.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its identity.
    pub id: JobId,
    /// Which logins.
    pub scope: Scope,
    /// The cause with which they end.
    pub cause: EndCause,
    /// The reason that was given.
    pub reason: String,
    /// Who wants it.
    pub by: Actor,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Going on.
    Running,
    /// All that was to be ended is.
    Done,
    /// Somebody stopped it; what had ended by then stays ended.
    Cancelled,
}

impl JobState {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Cancelled].into_iter().find(|one| one.name() == name)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// The cause with which its logins end.
    pub cause: EndCause,
    /// The reason that was given.
    pub reason: String,
    /// Who wanted it.
    pub by: Actor,
    /// When it was made.
    pub made: UtcMillis,
    /// How many logins it was to end.
    pub total: u64,
    /// How many it has ended; those that ended by themselves meanwhile are not among them.
    pub ended: u64,
    /// How it stands.
    pub state: JobState,
}
