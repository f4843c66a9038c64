//! The history: ended logins, from the latest to the earliest.

use terms::{EndCause, SoughtText};

use crate::{EndedLogin, UtcMillis};

/// The position of a walk from the latest to the earliest row.
///
/// The walk continues with the rows before the cursor. Rows that are written meanwhile are later, so a walk
/// visits each row once and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The time of a row.
    pub at: UtcMillis,
    /// Distinguishes rows of the same time.
    pub number: i64,
}

/// A selection of ended logins.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Texts of the login and of its end, as [`terms::LoginFilter::texts`] gives them.
    pub find: Vec<SoughtText>,
    /// Only logins that ended with this cause.
    pub cause: Option<EndCause>,
    /// Only logins that ended at this time or later.
    pub since: Option<UtcMillis>,
    /// Only logins that ended before this time.
    pub before: Option<UtcMillis>,
    /// The number of rows to skip.
    pub offset: u32,
    /// The maximum number of rows.
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
