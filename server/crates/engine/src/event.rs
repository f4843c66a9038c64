//! Events, numbered without gaps in the order of their commits.

use serde::{Deserialize, Serialize};
use terms::{Alarm, NotUnderstood};

use crate::{Actor, EndedLogin, Login, UtcMillis, Version};

/// One event. No reader ever sees number n + 1 before n.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub number: u64,
    /// When the event happened.
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
        /// The user id of the request; empty if the request has none.
        user: String,
        /// The phone of the request; empty if the request has none.
        phone: String,
        /// The number of the error.
        code: u16,
        /// The requester, as authenticated or claimed.
        by: Actor,
        /// The number of refusals with this code that the event stands for: refusals can come as fast as a
        /// client sends requests, so they are not recorded one by one.
        #[serde(default = "once")]
        times: u64,
        /// Why the request was not understood (error 1 only).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<NotUnderstood>,
    },
    /// Something went wrong between clusters.
    Alarm {
        /// The kind of alarm.
        alarm: Alarm,
        /// The phone; empty if the alarm concerns none.
        phone: String,
        /// The user id; empty if the alarm concerns none.
        user: String,
        /// The other cluster; empty if unknown.
        cluster: String,
        /// The number of the error; zero if there is none.
        reason: u16,
    },
    /// The configuration has a new version.
    ConfigurationChanged {
        /// The new version.
        version: Version,
    },
    /// An event of a kind that only a newer program knows.
    #[serde(other)]
    Unknown,
}

const fn once() -> u64 {
    1
}

/// The events after a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventPage {
    /// The events in order, without a gap between them.
    pub events: Vec<Event>,
    /// The number of the last stored event.
    pub latest: u64,
    /// Whether events between the requested number and the first event of this page are past their retention.
    pub gap: bool,
}
