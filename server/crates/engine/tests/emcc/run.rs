//! One run: its bounds, and the rule that is missing.

use terms::MultipleLoginBehavior;

use super::names::Number;

/// The parameters of a run. Log-outs, expiries, resets of PINs, lost and repeated messages and crashes
/// have no bound of their own: the log-ins bound them.
#[derive(Clone, Copy)]
pub struct Run {
    /// Multiple Login Behavior at home.
    pub behavior: MultipleLoginBehavior,
    /// The most log-ins that begin.
    pub log_ins: Number,
    /// Whether the clusters ask each other which stays are over.
    pub reconciles: bool,
    /// A rule that is disabled, so that a property has to fail.
    pub missing: Option<Missing>,
}

/// A rule that is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The home cluster keeps tombstones of stays that are over.
    Tombstones,
    /// The visiting cluster stores an intent before it asks.
    Intents,
    /// A farewell names the login that is over.
    Identities,
}
