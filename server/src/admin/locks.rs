//! Names that are locked because of wrong passwords or PINs.

use terms::{ActorKind, Role};

use super::{Admin, AdminError, Caller};
use crate::cluster::LockedName;

/// The role that may end a lock.
/// To unlock an administrator takes the role that changes administrators.
const fn needed(kind: ActorKind) -> Role {
    match kind {
        ActorKind::User | ActorKind::ApplicationUser | ActorKind::Phone => Role::Operator,
        _ => Role::Administrator,
    }
}

impl Admin {
    /// The names that are locked now, each with whether the caller may end the lock.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn locks(&self, caller: &Caller) -> Result<Vec<(LockedName, bool)>, AdminError> {
        let locked = self.gate.open(caller, Role::Viewer)?.secrets.locked();
        let with_right = |lock: LockedName| {
            let may_clear = caller.may(needed(lock.kind));
            (lock, may_clear)
        };
        Ok(locked.into_iter().map(with_right).collect())
    }

    /// Ends the lock of a name at a source, or at all sources if `source` is empty.
    /// Returns false when there is no such lock.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails. After a failure of the store the
    /// lock has ended in memory, and may be back after a restart.
    pub async fn clear_lock(
        &self,
        caller: &Caller,
        kind: ActorKind,
        name: &str,
        source: &str,
    ) -> Result<bool, AdminError> {
        let cluster = self.gate.open(caller, needed(kind))?;
        let was_locked = cluster.secrets.unlock(kind, name, source, caller.actor());
        cluster.secrets.flush(&*cluster.store, cluster.clock.now()).await?;
        Ok(was_locked)
    }
}
