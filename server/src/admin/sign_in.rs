//! Signing in to the console, and adding the first administrator: requests without a caller.

use engine::Actor;
use terms::Role;

use super::{Admin, AdminError, Administrators, Caller};
use crate::shortened::shortened;

impl Admin {
    /// The administrators of this cluster, and the check of their passwords.
    #[must_use]
    pub fn administrators(&self) -> Administrators<'_> {
        Administrators::of(self.gate.open_to_strangers())
    }

    /// The stored name of the administrator whose password this is; `None` for a wrong password.
    /// The audit has the entry before this returns.
    ///
    /// # Errors
    /// When there were too many wrong passwords, or the store or hashing fails.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<Option<String>, AdminError> {
        let cluster = self.gate.open_to_strangers();
        let Some(found) = self.administrators().verify(name, password, address).await? else {
            cluster.counters.sign_ins_refused.inc();
            if let Some(times) = cluster.sign_ins_refused.count() {
                let (actor, name) = (Actor::administrator("", address), shortened(name));
                let detail = format!("{times} since the last line");
                let now = cluster.clock.now();
                cluster.store.note(actor, "sign_in_refused", name, detail, now).await?;
            }
            return Ok(None);
        };
        let (name, now) = (found.name, cluster.clock.now());
        let actor = Actor::administrator(&name, address);
        cluster.store.note(actor, "sign_in", name.clone(), String::new(), now).await?;
        Ok(Some(name))
    }

    /// Writes to the audit that the caller signs out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let (actor, now) = (caller.actor().clone(), cluster.clock.now());
        let name = actor.name.clone();
        Ok(cluster.store.note(actor, "sign_out", name, String::new(), now).await?)
    }

    /// Adds the first administrator if `code` is the code of the one-time link.
    /// Returns false when the code is wrong or used up.
    ///
    /// # Errors
    /// When the name or the password is invalid, or the store fails.
    pub async fn add_first(
        &self,
        code: &str,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<bool, AdminError> {
        let invitation = &self.gate.open_to_strangers().invitation;
        self.administrators().add_first(invitation, code, name, password, address).await
    }

    /// Whether the one-time link of this code is valid.
    #[must_use]
    pub fn invites(&self, code: &str) -> bool {
        self.gate.open_to_strangers().invitation.accepts(code)
    }
}
