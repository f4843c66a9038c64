//! Phones that did not answer a push.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use engine::UtcMillis;
use lru::LruCache;
use terms::phone_key;

/// Phones that are remembered at most, those that failed last.
const MOST_PHONES: usize = 10_000;

/// Phones that are shown at most.
const MOST_SHOWN: usize = 100;

/// Why a push failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing answered at the phone's address in time.
    NoAnswer,
    /// The answer was none that a phone gives, or an error of the phone.
    Error,
    /// The phone did not accept the credentials.
    NotAuthorized,
}

/// The phones that did not answer their last push.
pub struct Unanswered(Mutex<LruCache<String, Failed>>);

/// A push that failed.
struct Failed {
    /// The phone's name.
    phone: String,
    at: UtcMillis,
    why: Why,
}

impl Default for Unanswered {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_PHONES).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl Unanswered {
    /// Notes how the last push to a phone went.
    pub(super) fn note(&self, phone: &str, at: UtcMillis, failed: Option<Why>) {
        let mut phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match failed {
            Some(why) => {
                phones.put(phone_key(phone), Failed { phone: phone.to_owned(), at, why });
            }
            None => {
                phones.pop(&phone_key(phone));
            }
        }
    }

    /// When the last push to a phone failed, and why; `None` if it did not.
    #[must_use]
    pub fn of(&self, phone: &str) -> Option<(UtcMillis, Why)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        phones.peek(&phone_key(phone)).map(|failed| (failed.at, failed.why))
    }

    /// The phones whose last push failed, the last ones first, at most [`MOST_SHOWN`].
    #[must_use]
    pub fn last(&self) -> Vec<(String, UtcMillis)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = phones.iter().take(MOST_SHOWN);
        failed.map(|(_, failed)| (failed.phone.clone(), failed.at)).collect()
    }
}
