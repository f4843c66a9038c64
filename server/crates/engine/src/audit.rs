//! The audit: what administrators and commands did.

use terms::ActorKind;

use crate::{Actor, UtcMillis};

/// Which lines of the audit.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Part of an actor, address, action, subject or detail, folded.
    pub find: String,
    /// Only by this kind of actor.
    pub by: Option<ActorKind>,
    /// Only then or later.
    pub since: Option<UtcMillis>,
    /// Only before.
    pub before: Option<UtcMillis>,
    /// How many to skip.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: UtcMillis,
    /// Who, and from where.
    pub by: Actor,
    /// What was done, for instance `log_out`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// How, or from which value to which.
    pub detail: String,
}

/// A page of the audit, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The lines of this page.
    pub rows: Vec<AuditRow>,
    /// How many match.
    pub matching: u64,
}
