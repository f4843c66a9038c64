//! Phones that could not be notified of a change.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use engine::UtcMillis;
use lru::LruCache;
use terms::phone_key;

/// The most phones that are remembered; past that, the earliest failure is dropped.
const MOST_PHONES: usize = 10_000;

/// The most phones that are shown.
const MOST_SHOWN: usize = 100;

/// The channels by which a phone is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// A push to the phone.
    Push,
    /// An order to the call server to make the phone read its configuration anew.
    CallServer,
}

/// Why a phone could not be notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// No answer came from the phone's address in time.
    NoAnswer,
    /// The answer was an error of the phone, or not understood.
    Error,
    /// The phone did not accept the credentials.
    NotAuthorized,
    /// The call server did not answer, or answered with an error.
    CallServer,
    /// The phone did not read its configuration after the call server's notification.
    NotRead,
}

/// The phones whose last notification failed.
pub struct Unanswered(Mutex<LruCache<String, Failed>>);

/// A phone that could not be notified, with the failure of each [`Channel`].
struct Failed {
    /// The phone's name.
    phone: String,
    push: Option<(UtcMillis, NotTold)>,
    call_server: Option<(UtcMillis, NotTold)>,
}

impl Failed {
    /// The last failure.
    fn last(&self) -> Option<(UtcMillis, NotTold)> {
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
    /// Notes the outcome of the last notification of a phone.
    pub(super) fn note(&self, phone: &str, by: Channel, at: UtcMillis, failed: Option<NotTold>) {
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

    /// The time and reason of the last failed notification; `None` if the last notification
    /// succeeded.
    #[must_use]
    pub fn of(&self, phone: &str) -> Option<(UtcMillis, NotTold)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        phones.peek(&phone_key(phone)).and_then(Failed::last)
    }

    /// The phones whose last notification failed, the latest first, at most [`MOST_SHOWN`].
    #[must_use]
    pub fn last(&self) -> Vec<(String, UtcMillis)> {
        let phones = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = phones.iter().take(MOST_SHOWN);
        failed.filter_map(|(_, failed)| Some((failed.phone.clone(), failed.last()?.0))).collect()
    }
}
