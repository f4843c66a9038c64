//! The filter of the event feed.

use crate::{
    api::Change,
    text::{t, use_i18n},
};

/// The filter of the event feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FeedFilter {
    All,
    Logins,
    Refusals,
    Ends,
}

impl FeedFilter {
    /// All filters, in the order in which they are shown.
    pub(super) const ALL: [Self; 4] = [Self::All, Self::Logins, Self::Refusals, Self::Ends];

    /// The filter's label.
    pub(super) fn name(self) -> &'static str {
        let i18n = use_i18n();
        match self {
            Self::All => t!(i18n, feed.all),
            Self::Logins => t!(i18n, feed.logins),
            Self::Refusals => t!(i18n, feed.refusals),
            Self::Ends => t!(i18n, feed.ends),
        }
    }

    /// Whether the filter shows a change.
    pub(super) fn shows(self, change: &Change) -> bool {
        match change {
            Change::Began(_) => matches!(self, Self::All | Self::Logins),
            Change::Refused { .. } | Change::Alarm(..) => {
                matches!(self, Self::All | Self::Refusals)
            }
            Change::Ended { .. } => matches!(self, Self::All | Self::Ends),
            Change::Configured => false,
        }
    }
}
