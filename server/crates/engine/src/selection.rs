//! Scopes as conditions that a store can ask of its rows.

use terms::{LoginFilter, Release};

use crate::{LimitSource, LoginId, Scope, UtcMillis};

/// Conditions on an open login, all of which hold. Without any it is every open login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// It is one of these.
    pub ids: Option<Vec<LoginId>>,
    /// It passes this filter.
    pub filter: LoginFilter,
    /// Its limit was set by this.
    pub limit_source: Option<LimitSource>,
    /// It began then or earlier.
    pub began_until: Option<UtcMillis>,
    /// Its user is of this cluster.
    pub own_user: bool,
    /// Its phone is of this cluster too.
    pub own_phone: bool,
    /// Its user has another open login that began later (with `own_phone` one at such a phone); of two of one
    /// moment, one with a greater id.
    pub is_followed: bool,
}

impl Selection {
    /// The same among logins within the cluster: below release 12.5 stays at other clusters do not count.
    #[must_use]
    pub fn within_the_cluster_below(self, release: Release) -> Self {
        let own_phone = self.own_phone || (self.is_followed && release < Release::V12_5);
        Self { own_phone, ..self }
    }
}

impl Scope {
    /// The open logins that the scope means at `now`.
    #[must_use]
    pub fn selection(&self, now: UtcMillis) -> Selection {
        let all = Selection::default();
        match self {
            Self::Selected { ids } => Selection { ids: Some(ids.clone()), ..all },
            Self::Matching { filter } => Selection { filter: filter.clone(), ..all },
            // How many logins a visitor may have is for the visitor's home cluster to say.
            Self::Extra => Selection { own_user: true, is_followed: true, ..all },
            Self::PastLimit { minutes } => Selection {
                limit_source: Some(LimitSource::System),
                began_until: Some(UtcMillis(now.0 - i64::from(*minutes) * 60_000)),
                ..all
            },
        }
    }

    /// The logins that the scope meant at `then`, as far as they are open still: those that began later
    /// are not among them.
    #[must_use]
    pub fn selection_at(&self, then: UtcMillis) -> Selection {
        let selection = self.selection(then);
        let until = selection.began_until.map_or(then, |until| until.min(then));
        Selection { began_until: Some(until), ..selection }
    }
}
