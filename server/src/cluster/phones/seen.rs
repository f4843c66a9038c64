//! The addresses from which phones last sent a request.

use std::{
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;
use terms::phone_key;

/// Phones whose address is remembered: the most phones that a cluster has.
const MOST_PHONES: usize = 65_536;

/// The addresses from which phones last sent a request, in memory only: a phone sends requests again
/// after a restart.
pub struct LastAddresses(Mutex<LruCache<String, IpAddr>>);

impl Default for LastAddresses {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_PHONES).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl LastAddresses {
    /// Notes the address of a phone's request.
    pub(super) fn note(&self, phone: &str, address: IpAddr) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.put(phone_key(phone), address);
    }

    /// The address from which a phone last sent a request.
    pub(super) fn address(&self, phone: &str) -> Option<IpAddr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).peek(&phone_key(phone)).copied()
    }
}
