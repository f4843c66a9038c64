//! Scopes as conditions on the rows of a store.

use std::time::Duration;

use terms::{ClockTime, LoginCondition, Release};

use crate::{LimitSource, LoginId, Scope, UtcMillis};

/// The longest time between the moment that an operation takes for the present and its transaction.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// A time of the day that the clock has reached. Logins end at phones that have this log-out time, by their own
/// setting or by the cluster's, if the setting was made before the clock reached the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOutTime {
    /// The time of the day.
    pub time: ClockTime,
    /// When the clock reached it: logins that began earlier end.
    pub at: UtcMillis,
    /// The present plus the longest wait of the operation: a login that began after this moment began while the
    /// clock was ahead, and ends as well.
    pub latest: UtcMillis,
}

/// Conditions on an open login, all of which must hold. Without conditions every open login is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The login has one of these identities.
    pub ids: Option<Vec<LoginId>>,
    /// The login passes this filter.
    pub filter: LoginCondition,
    /// The login's limit has this source.
    pub limit_source: Option<LimitSource>,
    /// The login began at this time or earlier.
    pub began_until: Option<UtcMillis>,
    /// The user belongs to this cluster.
    pub own_user: bool,
    /// The phone belongs to this cluster.
    pub own_phone: bool,
    /// The clock has logged the login out.
    pub log_out_at: Option<LogOutTime>,
    /// The user has another open login that began later, or at the same time and with a greater id; with
    /// `own_phone`, only logins at phones of this cluster count.
    pub is_followed: bool,
}

impl Selection {
    /// Restricts `is_followed` to logins within the cluster below release 12.5, where stays at other clusters
    /// do not count.
    #[must_use]
    pub fn within_the_cluster_below(self, release: Release) -> Self {
        let own_phone = self.own_phone || (self.is_followed && release < Release::V12_5);
        Self { own_phone, ..self }
    }
}

impl Scope {
    /// Selects the open logins in the scope at `now`.
    #[must_use]
    pub fn selection(&self, now: UtcMillis) -> Selection {
        let all = Selection::default();
        match self {
            Self::Selected { ids } => Selection { ids: Some(ids.clone()), ..all },
            Self::Matching { filter } => Selection { filter: filter.at(now.0), ..all },
            // The home cluster of a visitor limits the visitor's logins.
            Self::Extra => Selection { own_user: true, is_followed: true, ..all },
            Self::PastLimit { minutes } => Selection {
                limit_source: Some(LimitSource::System),
                began_until: Some(UtcMillis(now.0 - i64::from(*minutes) * 60_000)),
                ..all
            },
            Self::ClockTime { time, at } => Selection {
                log_out_at: Some(LogOutTime { time: *time, at: *at, latest: now.after(MAX_WAIT) }),
                own_phone: true,
                ..all
            },
        }
    }

    /// Selects the logins in the scope at `then` that are still open; logins that began later are not
    /// selected.
    #[must_use]
    pub fn selection_at(&self, then: UtcMillis) -> Selection {
        let selection = self.selection(then);
        let until = selection.began_until.map_or(then, |until| until.min(then));
        Selection { began_until: Some(until), ..selection }
    }
}
