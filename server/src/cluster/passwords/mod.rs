//! Hashing of passwords and PINs, kept off the threads that answer requests.
//!
//! There are as many hash threads as processors, of low priority, and each thread reuses one
//! memory. The queue of waiting jobs is bounded and fair: see [`FairQueue`].

mod argon;
mod fair_queue;
mod threads;

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time::timeout};

pub use fair_queue::{Class, Share};
use threads::HashThreads;

use super::Source;
use argon::Memory;
use fair_queue::{FairQueue, WAITING_JOBS_PER_CLASS};

/// How long a check may wait for a thread; past that, the caller gets [`PasswordError::Busy`].
const LONGEST_WAIT_SECONDS: u64 = 8;

/// The share of jobs that the console and commands start by themselves.
const OWN: Share = Share { class: Class::Console, source: Source::Unknown };

/// The hash threads of a cluster (argon2id, 19 MiB, two passes: the crate's defaults, which are
/// OWASP's).
#[derive(Clone)]
pub struct Passwords {
    threads: Arc<HashThreads>,
    strangers: usize,
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many jobs are waiting.
    #[error("too many passwords are being checked")]
    Busy,
    /// The stored hash can't be parsed, or hashing failed.
    #[error("a password hash is not usable: {0}")]
    Hash(String),
}

impl Passwords {
    /// Hash threads, one per processor, which start when there is work.
    #[must_use]
    pub fn new() -> Self {
        Self::with_strangers(WAITING_JOBS_PER_CLASS)
    }

    /// As [`Passwords::new`], with at most `most` waiting secrets of strangers.
    #[must_use]
    pub fn with_strangers(most: usize) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let strangers = most.clamp(1, WAITING_JOBS_PER_CLASS);
        Self { threads: Arc::new(HashThreads::new(processors, strangers)), strangers }
    }

    /// The most hash threads that run at a time.
    #[must_use]
    pub(crate) fn threads(&self) -> usize {
        self.threads.count()
    }

    /// How many secrets of strangers may wait for a thread.
    #[must_use]
    pub const fn strangers(&self) -> usize {
        self.strangers
    }

    /// Hashes a new password; the result is a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many jobs are waiting.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.compute(OWN, move |memory| memory.hash(&password)).await
    }

    /// Whether a password belongs to a stored hash.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many jobs are waiting.
    pub async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        self.verify_for(OWN, password, hash).await
    }

    /// As [`Passwords::verify`], in the given share. Without a hash the answer is false after the
    /// same work, so that the time does not reveal which names exist.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many jobs are waiting, in all or of this source.
    pub async fn verify_for(
        &self,
        share: Share,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        self.compute(share, move |memory| memory.verify(&password, hash.as_deref())).await
    }

    async fn compute<T: Send + 'static>(
        &self,
        share: Share,
        work: impl FnOnce(&mut Memory) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let (answer, answered) = oneshot::channel();
        self.threads.give(share, move |memory| {
            // Skip the work if the caller no longer waits for the answer.
            if !answer.is_closed() {
                let _ = answer.send(work(memory));
            }
        });
        // A job that does not fit is dropped, and its answer channel with it.
        match timeout(Duration::from_secs(LONGEST_WAIT_SECONDS), answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(PasswordError::Busy),
        }
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

    const SHARE: Share = Share { class: Class::Stranger, source: Source::Unknown };

    #[tokio::test]
    async fn a_password_belongs_to_its_own_hash_alone() {
        let passwords = Passwords::new();
        let verify = async |password: &str, hash: Option<&String>| {
            passwords.verify_for(SHARE, password.into(), hash.cloned()).await.unwrap()
        };
        let hash = passwords.hash("s3cret".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("s3cret", Some(&hash)).await);
        assert!(!verify("S3cret", Some(&hash)).await);
        assert!(!verify("s3cret", None).await);
        // A hash that the crate makes directly, with parameters other than this module's.
        let other = "$argon2id$v=19$m=512,t=3,p=2$c2FsdHNhbHQ$";
        let memory = argon2::Params::new(512, 3, 2, Some(32)).unwrap();
        let argon =
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, memory);
        let mut out = [0; 32];
        argon.hash_password_into(b"s3cret", b"saltsalt", &mut out).unwrap();
        let output = argon2::password_hash::phc::Output::new(&out).unwrap();
        let other = format!("{other}{output}");
        assert!(verify("s3cret", Some(&other)).await);
        assert!(!verify("s3crets", Some(&other)).await);
    }

    #[tokio::test]
    async fn a_hash_that_wants_more_memory_than_there_is_for_it_is_refused() {
        let hash = "$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ";
        let verified = Passwords::new().verify_for(SHARE, "x".into(), Some(hash.into())).await;
        assert!(matches!(verified, Err(PasswordError::Hash(_))), "{verified:?}");
    }

    #[tokio::test]
    async fn a_source_with_as_much_as_may_wait_is_refused_and_holds_nobody_else_up() {
        let passwords = Passwords::new();
        let from = |number: u8| Share {
            class: Class::Stranger,
            source: Source::of(Some([192, 0, 2, number].into())),
        };
        let flood = (0..200).map(|_| passwords.verify_for(from(1), "x".into(), None));
        let flood = futures::future::join_all(flood);
        let other = async {
            // Queued behind all accepted jobs of the flood.
            let verified = passwords.verify_for(from(2), "x".into(), None).await;
            (verified.unwrap(), std::time::Instant::now())
        };
        let all = async { (flood.await, std::time::Instant::now()) };
        let ((flood, flood_ended), (_, other_ended)) = futures::join!(all, other);
        let is_busy = |result: &&Result<bool, PasswordError>| result.is_err();
        assert!(flood.iter().filter(is_busy).count() >= 200 - 64 - 64, "what exceeds is refused");
        assert!(other_ended < flood_ended);
    }
}
