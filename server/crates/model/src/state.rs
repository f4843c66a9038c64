//! The committed state of the store, and counts of what the simulation looks for.

use std::collections::HashSet;

use super::{Committed, Tables};

/// What is committed, with a journal of it.
#[derive(Default)]
pub struct State {
    /// What is stored.
    pub tables: Tables,
    /// What was committed, in this order.
    pub journal: Vec<Committed>,
    /// Operations that wrote nothing, each with how much was committed when it read.
    pub read: Vec<(usize, Committed)>,
    /// How often a login that had ended was to be ended again.
    pub ended_twice: u32,
    /// How often a job that was stopped went on.
    pub uncancelled: u32,
    /// The request that goes on now.
    pub current: usize,
    /// How often an operation ran again.
    pub again: u32,
    /// How often a unique index was violated, which locks are there to avoid.
    pub violated: u32,
    pub(crate) locked: HashSet<String>,
    /// Transactions that may have read the configuration.
    pub(crate) readers: u32,
    /// Whether a transaction changes the configuration.
    pub(crate) is_changing: bool,
}
