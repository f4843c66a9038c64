//! Administrators: adding and changing them, and checking who signs in.

use engine::ports::Clock;
use store::{Administrator, AdministratorChange, ConsoleStore};
use terms::{ActorKind, LoginFilter, Role};

use super::{AdminError, Caller};
use crate::cluster::Passwords;

/// The shortest password of an administrator, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The longest name and password, in characters: nothing unbounded gets hashed.
const MAX_CHARS: usize = 256;

/// What managing administrators needs.
pub struct Administrators<'a, S> {
    /// Where they are kept.
    pub store: &'a S,
    /// Hashing.
    pub passwords: &'a Passwords,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl<S: ConsoleStore> Administrators<'_, S> {
    /// Adds an administrator.
    ///
    /// # Errors
    /// When the caller may not, name or password don't do, or there is one of this name.
    pub async fn add(
        &self,
        caller: &Caller,
        name: &str,
        password: &str,
        role: Role,
    ) -> Result<(), AdminError> {
        caller.must_be(Role::Administrator)?;
        self.insert(caller, name, password, role, false).await
    }

    /// Adds the first administrator; whoever calls this has shown the one-time link.
    ///
    /// # Errors
    /// When name or password don't do, or there is an administrator already.
    pub async fn add_first(
        &self,
        caller: &Caller,
        name: &str,
        password: &str,
    ) -> Result<(), AdminError> {
        self.insert(caller, name, password, Role::Administrator, true).await
    }

    async fn insert(
        &self,
        caller: &Caller,
        name: &str,
        password: &str,
        role: Role,
        first: bool,
    ) -> Result<(), AdminError> {
        let name = name.trim();
        if !(1..=MAX_CHARS).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(AdminError::Name);
        }
        let password_hash = self.hash(password).await?;
        let new = Administrator { name: name.to_owned(), password_hash, role, enabled: true };
        let now = self.clock.now();
        Ok(self.store.add_administrator(new, first, caller.actor.clone(), now).await?)
    }

    /// Changes role or state, which ends the other's sessions.
    ///
    /// # Errors
    /// When the caller may not, there is none of this name, or nobody would be left.
    pub async fn change(
        &self,
        caller: &Caller,
        name: &str,
        role: Option<Role>,
        enabled: Option<bool>,
    ) -> Result<(), AdminError> {
        caller.must_be(Role::Administrator)?;
        let change = AdministratorChange { password_hash: None, role, enabled };
        self.apply(caller, name, change).await
    }

    /// Sets a password; everybody may set their own. Ends all sessions with the old one.
    ///
    /// # Errors
    /// When the caller may not, the password does not do, or there is none of this name.
    pub async fn set_password(
        &self,
        caller: &Caller,
        name: &str,
        password: &str,
    ) -> Result<(), AdminError> {
        own_or_administrator(caller, name)?;
        let password_hash = Some(self.hash(password).await?);
        let change = AdministratorChange { password_hash, ..AdministratorChange::default() };
        self.apply(caller, name, change).await
    }

    /// Ends all sessions of an administrator but the one with this hash; everybody may end their
    /// own.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn sign_out_everywhere(
        &self,
        caller: &Caller,
        name: &str,
        keep: Option<[u8; 32]>,
    ) -> Result<(), AdminError> {
        own_or_administrator(caller, name)?;
        let (name, actor) = (name.to_owned(), caller.actor.clone());
        self.store.delete_sessions_of(name, keep, actor, self.clock.now()).await?;
        Ok(())
    }

    /// Removes an administrator.
    ///
    /// # Errors
    /// As [`Administrators::change`].
    pub async fn remove(&self, caller: &Caller, name: &str) -> Result<(), AdminError> {
        caller.must_be(Role::Administrator)?;
        let (name, actor) = (name.to_owned(), caller.actor.clone());
        Ok(self.store.remove_administrator(name, actor, self.clock.now()).await?)
    }

    async fn apply(
        &self,
        caller: &Caller,
        name: &str,
        change: AdministratorChange,
    ) -> Result<(), AdminError> {
        let (name, actor) = (name.to_owned(), caller.actor.clone());
        Ok(self.store.change_administrator(name, change, actor, self.clock.now()).await?)
    }

    async fn hash(&self, password: &str) -> Result<String, AdminError> {
        if !(MIN_PASSWORD_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
            return Err(AdminError::Password);
        }
        Ok(self.passwords.hash(password.to_owned()).await?)
    }

    /// The administrator if the password is right and they may sign in.
    ///
    /// # Errors
    /// When the store or hashing fails.
    pub async fn verify(
        &self,
        name: &str,
        password: &str,
    ) -> Result<Option<Administrator>, AdminError> {
        if name.chars().count() > MAX_CHARS || password.chars().count() > MAX_CHARS {
            return Ok(None);
        }
        let known = self.store.administrator(name.trim()).await?.filter(|known| known.enabled);
        let hash = known.as_ref().map(|known| known.password_hash.clone());
        let right = self.passwords.verify(password.to_owned(), hash).await?;
        Ok(known.filter(|_| right))
    }
}

fn own_or_administrator(caller: &Caller, name: &str) -> Result<(), AdminError> {
    let own = caller.actor.kind == ActorKind::Administrator
        && LoginFilter::fold(&caller.actor.name) == LoginFilter::fold(name);
    if own { Ok(()) } else { caller.must_be(Role::Administrator) }
}
