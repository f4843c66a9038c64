//! What is looked back at: ended logins, and who changed what.

use terms::{ActorKind, EndCause};

use crate::{Actor, EndedLogin, UtcMillis};

/// Where a walk from the latest to the earliest stands: it goes on with what is before this. What is
/// written meanwhile is later, so that a walk meets each row once and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The moment of a row.
    pub at: UtcMillis,
    /// Tells it from others of the same moment.
    pub number: i64,
}

/// Which ended logins.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Part of a user id, phone name or profile name, as [`terms::LoginFilter::needle`] gives it.
    pub find: String,
    /// Only with this cause.
    pub cause: Option<EndCause>,
    /// Only what ended then or later.
    pub since: Option<UtcMillis>,
    /// Only what ended before.
    pub before: Option<UtcMillis>,
    /// How many to skip.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// A page of ended logins, the last ended first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// The logins of this page.
    pub rows: Vec<EndedLogin>,
    /// How many match.
    pub matching: u64,
}

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

/// Refusals since a moment, by error number, the most frequent first.
pub type RefusalCounts = Vec<(u16, u64)>;

/// What a change of parameters would mean for the logins that are open now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Users who are on more than one phone, with how many; at most [`Impact::NAMED`] of them.
    pub several: Vec<(String, u64)>,
    /// How many users are on more than one phone.
    pub several_users: u64,
    /// How many logins that is beyond one for each.
    pub extra_logins: u64,
    /// Logins that would be past their time, as user and phone; at most [`Impact::NAMED`].
    pub past: Vec<(String, String)>,
    /// How many those are.
    pub past_logins: u64,
}

impl Impact {
    /// The most users or logins that are named.
    pub const NAMED: u32 = 10;
}
