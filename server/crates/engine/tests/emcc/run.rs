//! One run: how much may happen, and what is missing.

use terms::MultipleLoginBehavior;

use super::names::Number;

/// What distinguishes one run from another. Log-outs, expiries, resets of PINs, lost and repeated messages
/// and crashes are not counted: there are as many as there is room for between the log-ins.
#[derive(Clone, Copy)]
pub struct Run {
    /// Multiple Login Behavior at home.
    pub behavior: MultipleLoginBehavior,
    /// How many log-ins begin at most.
    pub log_ins: Number,
    /// Whether the clusters ask each other which stays are over.
    pub reconciles: bool,
    /// A rule that is taken away: the properties have to notice.
    pub missing: Option<Missing>,
}

/// A rule that is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Home remembers which stays are over.
    Tombstones,
    /// The visiting cluster writes down that it asks, before it does.
    Intents,
    /// A farewell says which login it means.
    Identities,
}
