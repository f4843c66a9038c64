//! Phones that could not be told of a change.

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

/// The ways by which a phone is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// A push to the phone.
    Push,
    /// An order to the call server to let it read its configuration anew.
    CallServer,
}

/// Why a phone could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing answered at the phone's address in time.
    NoAnswer,
    /// The answer was none that a phone gives, or an error of the phone.
    Error,
    /// The phone did not accept the credentials.
    NotAuthorized,
    /// The call server did not answer, or with an error.
    CallServer,
    /// The phone did not read its configuration when the call server let it.
    NotRead,
}

/// The phones that could not be told the last time.
pub struct Unanswered(Mutex<LruCache<String, Failed>>);

/// A phone that could not be told, by each [`Channel`].
struct Failed {
    /// The phone's name.
    phone: String,
    push: Option<(UtcMillis, Why)>,
    call_server: Option<(UtcMillis, Why)>,
}

impl Failed {
    /// The last time.
    fn last(&self) -> Option<(UtcMillis, Why)> {
        self.push.into_iter().chain(self.call_server).max_by_key(|(at, _)| *at)
    }
}

impl Default for Unanswered {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_PHONES).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl Unanswered {
    /// Notes how telling a phone went the last time.
    pub(super) fn note(&self, phone: &str, by: Channel, at: UtcMillis, failed: Option<Why>) {
        let mut phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = phone_key(phone);
        let mut entry = phones.pop(&key).unwrap_or_else(|| Failed {
            phone: phone.to_owned(),
            push: None,
            call_server: None,
        });
        let place = match by {
            Channel::Push => &mut entry.push,
            Channel::CallServer => &mut entry.call_server,
        };
        *place = failed.map(|why| (at, why));
        if entry.last().is_some() {
            phones.put(key, entry);
        }
    }

    /// When a phone could not be told the last time, and why; `None` if it was.
    #[must_use]
    pub fn of(&self, phone: &str) -> Option<(UtcMillis, Why)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        phones.peek(&phone_key(phone)).and_then(Failed::last)
    }

    /// The phones that could not be told the last time, the last ones first, at most [`MOST_SHOWN`].
    #[must_use]
    pub fn last(&self) -> Vec<(String, UtcMillis)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = phones.iter().take(MOST_SHOWN);
        failed.filter_map(|(_, failed)| Some((failed.phone.clone(), failed.last()?.0))).collect()
    }
}
