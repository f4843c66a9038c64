//! Hashing of passwords and PINs, kept off the threads that answer requests.

use std::sync::Arc;

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};
use tokio::sync::Semaphore;

/// Checks that may wait for a processor; one more is refused as busy.
const WAITING: usize = 128;

/// A bounded number of argon2id computations at a time (19 MiB, two passes: the crate's defaults,
/// which are OWASP's).
#[derive(Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting.
    #[error("too many passwords are being checked")]
    Busy,
    /// The stored hash does not read, or hashing failed.
    #[error("a password hash is not usable: {0}")]
    Hash(String),
}

impl Passwords {
    /// As many at a time as there are processors.
    #[must_use]
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            running: Arc::new(Semaphore::new(processors)),
            waiting: Arc::new(Semaphore::new(WAITING)),
        }
    }

    /// Hashes a password; the answer is a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.compute(move || {
            let salt = SaltString::generate(&mut OsRng);
            Argon2::default()
                .hash_password(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|error| PasswordError::Hash(error.to_string()))
        })
        .await
    }

    /// Whether a password belongs to a stored hash. Without a hash the answer is no after as much
    /// work, so that the time does not tell who exists.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        self.compute(move || {
            if let Some(hash) = hash {
                let hash = PasswordHash::new(&hash)
                    .map_err(|error| PasswordError::Hash(error.to_string()))?;
                Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            } else {
                let salt = SaltString::generate(&mut OsRng);
                let _ = Argon2::default().hash_password(password.as_bytes(), &salt);
                Ok(false)
            }
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let waiting = Arc::clone(&self.waiting).try_acquire_owned();
        let waiting = waiting.map_err(|_| PasswordError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|_| PasswordError::Busy)?;
        // The places go with the work: whoever asked may go away, and it goes on all the same.
        let work = move || {
            let _places = (waiting, running);
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Err(PasswordError::Hash(error.to_string())))
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    /// A client that goes away takes no place along, or many of them would be too many at once.
    #[tokio::test]
    async fn work_whose_asker_has_gone_still_holds_its_place() {
        let passwords = Passwords::new();
        let places = passwords.running.available_permits();
        let (begun, begins) = std::sync::mpsc::channel();
        let (go_on, goes_on) = std::sync::mpsc::channel::<()>();
        let mut asked = Box::pin(passwords.compute(move || {
            let _ = begun.send(());
            let _ = goes_on.recv();
            Ok(())
        }));
        assert!(asked.as_mut().now_or_never().is_none());
        tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
        drop(asked);
        assert_eq!(passwords.running.available_permits(), places - 1);
        go_on.send(()).unwrap();
        // Whoever takes all places waits for the one that is worked on.
        let all = u32::try_from(places).unwrap();
        assert!(passwords.running.acquire_many(all).await.is_ok());
    }

    #[tokio::test]
    async fn a_password_belongs_to_its_own_hash_alone() {
        let passwords = Passwords::new();
        let hash = passwords.hash("s3cret".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("s3cret".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("S3cret".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("s3cret".into(), None).await.unwrap());
    }
}
