//! Administrators: adding one, and checking who signs in.

use engine::{
    Actor,
    ports::{Clock, StoreError},
};
use store::{Administrator, ConsoleStore};

use crate::cluster::{PasswordError, Passwords};

/// The shortest password of an administrator, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The longest name and password, in characters: nothing unbounded gets hashed.
const MAX_CHARS: usize = 256;

/// Why an administrator was not added or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum AdministratorError {
    /// The name does not do.
    #[error("the name must have 1 to 256 characters and no control characters")]
    Name,
    /// The password does not do.
    #[error("the password must have 8 to 256 characters")]
    Password,
    /// The store refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing fails.
    #[error(transparent)]
    Hash(#[from] PasswordError),
}

/// Adds an administrator.
///
/// # Errors
/// When name or password don't do, or there is one of this name.
pub async fn add(
    store: &impl ConsoleStore,
    passwords: &Passwords,
    clock: &dyn Clock,
    name: &str,
    password: &str,
    actor: Actor,
) -> Result<(), AdministratorError> {
    let name = name.trim();
    if !(1..=MAX_CHARS).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AdministratorError::Name);
    }
    if !(MIN_PASSWORD_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(AdministratorError::Password);
    }
    let password_hash = passwords.hash(password.to_owned()).await?;
    let administrator = Administrator { name: name.to_owned(), password_hash };
    Ok(store.add_administrator(administrator, actor, clock.now()).await?)
}

/// The administrator's stored name if the password is right.
///
/// # Errors
/// When the store or hashing fails.
pub async fn verify(
    store: &impl ConsoleStore,
    passwords: &Passwords,
    name: &str,
    password: &str,
) -> Result<Option<String>, AdministratorError> {
    if name.chars().count() > MAX_CHARS || password.chars().count() > MAX_CHARS {
        return Ok(None);
    }
    let (name, hash) = match store.administrator(name.trim()).await? {
        Some(administrator) => (Some(administrator.name), Some(administrator.password_hash)),
        None => (None, None),
    };
    let right = passwords.verify(password.to_owned(), hash).await?;
    Ok(name.filter(|_| right))
}
