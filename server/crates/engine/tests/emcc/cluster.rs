//! What a cluster keeps across a crash, as far as the rules ask for it.
//!
//! Ended logins, events, audit, causes and times are left out: no rule depends on them. Whether the time
//! of a login or intent is up is said with the operation that notices it.

use super::names::{Number, Phone, Stay};

/// A cluster's durable state. Its lists are sorted, so that equal states are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// The open logins.
    pub open: Vec<Open>,
    /// The intents.
    pub intents: Vec<Stay>,
    /// The stays that are over, or must not begin.
    pub buried: Vec<Number>,
    /// The farewells that are not acknowledged.
    pub outbox: Vec<Farewell>,
}

/// An open login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Open {
    pub stay: Stay,
    /// Whether it is the only one of its user.
    pub sole: bool,
}

/// What one cluster owes the other: this login is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Farewell {
    pub login: Number,
    pub phone: Phone,
}

impl Cluster {
    /// The same, sorted.
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

    /// Whether it is going to tell the other cluster that this login is over.
    pub fn will_tell(&self, login: Number) -> bool {
        self.outbox.iter().any(|farewell| farewell.login == login)
    }
}
