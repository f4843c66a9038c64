//! Users: what the page of one shows, and users and phones by a part of a name.

use engine::{FoundNames, UserDetail, UserDetailLimits};
use terms::{ActorKind, Role};

use super::{Admin, AdminError, Caller};
use crate::cluster::LockedName;

/// A user, with what only the running cluster knows.
#[derive(Debug)]
pub struct UserOverview {
    /// The stored part.
    pub detail: UserDetail,
    /// The locks of the id after wrong PINs, the longest first.
    pub locks: Vec<LockedName>,
    /// The maximum time of a login within this cluster without a maximum of the user's own, in minutes; 0 is unlimited.
    pub intra_minutes: u32,
    /// The maximum time of a login at another cluster, likewise.
    pub inter_minutes: u32,
}

impl Admin {
    /// Users and phones by a part of a name; at most `limit` of each.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn find_names(
        &self,
        caller: &Caller,
        find: &str,
        limit: u32,
    ) -> Result<FoundNames, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.find_names(find, limit).await?)
    }

    /// A user by the name that lists show; `None` when nothing is known about such a user.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn user(
        &self,
        caller: &Caller,
        name: &str,
        limits: UserDetailLimits,
    ) -> Result<Option<UserOverview>, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let Some(detail) = cluster.store.user_detail(name, limits).await? else { return Ok(None) };
        let locks = if detail.is_meant_by_id {
            cluster.secrets.locks_of(ActorKind::User, &detail.user.id)
        } else {
            Vec::new()
        };
        // From the store: the copy in memory may lag behind the event that made a page read anew.
        let parameters = cluster.store.configuration().await?.parameters;
        let (intra_minutes, inter_minutes) =
            (parameters.intra_limit_minutes(), parameters.inter_limit_minutes());
        Ok(Some(UserOverview { detail, locks, intra_minutes, inter_minutes }))
    }
}
