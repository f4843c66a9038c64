//! The audit: what administrators and commands did.

use terms::ActorKind;

use crate::{Actor, UtcMillis};

/// A selection of lines of the audit.
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
    /// The rows to skip.
    pub offset: u32,
    /// The most rows.
    pub limit: u32,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: UtcMillis,
    /// Who, and from where.
    pub by: Actor,
    /// The action, for instance `log_out`.
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
    /// The number of lines that match.
    pub matching: u64,
}
