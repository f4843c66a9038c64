//! The list of refusals: from the latest to the earliest.

use terms::SoughtText;

use crate::{Refusal, UtcMillis};

/// A selection of refusals.
#[derive(Clone, Debug, Default)]
pub struct RefusalQuery {
    /// Parts of a user id, phone name, sender or address, as [`terms::LoginFilter::texts`] gives them.
    pub find: Vec<SoughtText>,
    /// Only refusals with this error number.
    pub code: Option<u16>,
    /// Only rows whose last refusal was at this time or later.
    pub since: Option<UtcMillis>,
    /// Only rows whose first refusal was before this time.
    pub before: Option<UtcMillis>,
    /// The number of rows to skip.
    pub offset: u32,
    /// The maximum number of rows.
    pub limit: u32,
}

/// A refusal, and the login that was in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalRow {
    /// The refusal.
    pub refusal: Refusal,
    /// The user who held the phone (error 18), or the phone at which the user was logged in (error 25); `None` when
    /// no stored login shows it.
    pub held_by: Option<String>,
}

/// A page of refusals, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalPage {
    /// The rows of this page.
    pub rows: Vec<RefusalRow>,
    /// The number of rows that match.
    pub matching: u64,
}
