//! The committed state of the store, and counts of what the simulation looks for.

use std::collections::HashSet;

use super::{Committed, Tables};

/// The committed tables, with a journal of the commits.
#[derive(Default)]
pub struct State {
    /// The committed tables.
    pub tables: Tables,
    /// The commits that wrote something, in their order.
    pub journal: Vec<Committed>,
    /// Operations that wrote nothing, each with the length of the journal when the operation read.
    pub read: Vec<(usize, Committed)>,
    /// How many commits ended a login that had already ended.
    pub ended_twice: u32,
    /// How many times a commit gave a cancelled job another state.
    pub uncancelled: u32,
    /// The number of the request that runs now.
    pub current: usize,
    /// How many times an operation ran again.
    pub again: u32,
    /// How many times a transaction violated a unique index, which the locks are there to prevent.
    pub violated: u32,
    pub(crate) locked: HashSet<String>,
    /// The number of transactions that may have read the configuration.
    pub(crate) readers: u32,
    /// Whether a transaction changes the configuration.
    pub(crate) is_changing: bool,
}
