//! The durable state of a cluster, as far as the rules depend on it.
//!
//! Ended logins, events, audit, causes and times are left out, since no rule depends on them. An
//! operation says itself which logins and intents are past their end time.

use super::names::{Number, Phone, Stay};

/// A cluster's durable state. Its lists are sorted, so that equal states are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// The open logins.
    pub open: Vec<Open>,
    /// The intents.
    pub intents: Vec<Stay>,
    /// The tombstones: stays that are over, or must not begin.
    pub buried: Vec<Number>,
    /// The farewells that are not acknowledged.
    pub outbox: Vec<Farewell>,
}

/// An open login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Open {
    pub stay: Stay,
    /// Whether the login was not admitted under Multiple Logins Allowed.
    pub sole: bool,
}

/// A farewell: one cluster owes the other the message that this login is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Farewell {
    pub login: Number,
    pub phone: Phone,
}

impl Cluster {
    /// The same state with sorted lists.
    pub fn sorted(mut self) -> Self {
        self.open.sort_unstable();
        self.intents.sort_unstable();
        self.buried.sort_unstable();
        self.outbox.sort_unstable();
        self
    }

    pub fn stays(&self) -> impl Iterator<Item = Stay> {
        self.open.iter().map(|open| open.stay)
    }

    pub fn has_open(&self, login: Number) -> bool {
        self.stays().any(|stay| stay.login == login)
    }

    pub fn has_intent(&self, login: Number) -> bool {
        self.intents.iter().any(|intent| intent.login == login)
    }

    /// Whether a farewell of this login is in the outbox.
    pub fn will_tell(&self, login: Number) -> bool {
        self.outbox.iter().any(|farewell| farewell.login == login)
    }
}
