//! The audit: the actions of administrators and commands.

use terms::{ActorKind, SoughtText};

use crate::{Actor, UtcMillis};

/// A selection of lines of the audit.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Parts of an actor, address, action, subject or detail, as [`terms::LoginFilter::words`] gives them.
    pub find: Vec<SoughtText>,
    /// Only actions of this kind of actor.
    pub by: Option<ActorKind>,
    /// Only actions at this time or later.
    pub since: Option<UtcMillis>,
    /// Only actions before this time.
    pub before: Option<UtcMillis>,
    /// The number of rows to skip.
    pub offset: u32,
    /// The maximum number of rows.
    pub limit: u32,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// The time of the action.
    pub at: UtcMillis,
    /// The actor, with the source address.
    pub by: Actor,
    /// The action, for instance `log_out`.
    pub action: String,
    /// The object of the action.
    pub subject: String,
    /// Details of the action, or the old and the new value.
    pub detail: String,
}

/// A page of the audit, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The lines of this page.
    pub rows: Vec<AuditRow>,
    /// The number of lines that match.
    pub matching: u64,
}
