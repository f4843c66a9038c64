//! Events, numbered without gaps in the order of their commits.

use serde::{Deserialize, Serialize};
use terms::{Alarm, NotUnderstood};

use crate::{Actor, EndedLogin, Login, UtcMillis, Version};

/// One event. No reader ever sees number n + 1 before n.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub number: u64,
    /// When it happened.
    pub at: UtcMillis,
    /// Its kind.
    pub kind: EventKind,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// A login began.
    LoggedIn(Login),
    /// A login ended.
    LoggedOut(EndedLogin),
    /// A request was refused.
    Refused {
        /// The user id of the request; empty where it has none.
        user: String,
        /// The phone of the request; empty where it has none.
        phone: String,
        /// The number of the error.
        code: u16,
        /// Who asked, or said to.
        by: Actor,
        /// For how many refusals with this code it stands: those that can come as fast as somebody
        /// sends them are not written down one by one.
        #[serde(default = "once")]
        times: u64,
        /// Why it was not understood, where it was not (error 1).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<NotUnderstood>,
    },
    /// Something went wrong between clusters.
    Alarm {
        /// What.
        alarm: Alarm,
        /// The phone; empty where there is none.
        phone: String,
        /// The user id; empty where there is none.
        user: String,
        /// The other cluster; empty where that is not known.
        cluster: String,
        /// The number of the error; zero where there is none.
        reason: u16,
    },
    /// The configuration has a new version.
    ConfigurationChanged {
        /// The new version.
        version: Version,
    },
    /// Something that a newer program has written down.
    #[serde(other)]
    Unknown,
}

const fn once() -> u64 {
    1
}

/// The events after a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventPage {
    /// In order, without a gap among them.
    pub events: Vec<Event>,
    /// The number of the last event there is.
    pub latest: u64,
    /// Whether events between the number asked for and the first one here are no longer kept.
    pub gap: bool,
}
