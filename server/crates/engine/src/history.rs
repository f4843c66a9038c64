//! The history: ended logins, from the latest to the earliest.

use terms::EndCause;

use crate::{EndedLogin, UtcMillis};

/// Where a walk from the latest to the earliest stands: it goes on with what is before this. What is
/// written meanwhile is later, so that a walk meets each row once and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The moment of a row.
    pub at: UtcMillis,
    /// Tells it from others of the same moment.
    pub number: i64,
}

/// A selection of ended logins.
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
    /// The rows to skip.
    pub offset: u32,
    /// The most rows.
    pub limit: u32,
}

/// A page of ended logins, the last ended first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// The logins of this page.
    pub rows: Vec<EndedLogin>,
    /// The number of logins that match.
    pub matching: u64,
}
