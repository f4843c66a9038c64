//! The addresses of host names in the *Trusted List of IPs*.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use engine::UtcMillis;
use futures::future::join_all;
use tracing::Instrument;

/// The longest time that looking up a name may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// The time for which the addresses of a name are good, in milliseconds.
const NAME_MS: u64 = 60_000;

/// The names that were looked up.
#[derive(Default)]
pub(super) struct TrustedNames {
    known: Mutex<HashMap<String, Known>>,
    turn: tokio::sync::Mutex<()>,
}

struct Known {
    addresses: Vec<IpAddr>,
    /// When the last look-up of the name began.
    at: UtcMillis,
}

impl TrustedNames {
    /// Whether one of these names has this address.
    /// The method waits for the look-up of a new name. The old addresses of a name count while the
    /// name is looked up again.
    pub(super) async fn have(
        self: &Arc<Self>,
        wanted: &[&str],
        address: IpAddr,
        now: UtcMillis,
    ) -> bool {
        if self.is_new(wanted) {
            // One request at a time looks the names up, so that each name is looked up once.
            let _turn = self.turn.lock().await;
            if self.is_new(wanted) {
                self.look_up(wanted.iter().map(ToString::to_string).collect(), now).await;
            }
        }
        let old = self.take_old(wanted, now);
        if !old.is_empty() {
            let names = Arc::clone(self);
            let look_up = async move { names.look_up(old, now).await };
            tokio::spawn(look_up.in_current_span());
        }
        // Only the wanted names count: a late look-up may have restored a name from an old value.
        let known = self.known();
        let mut of_wanted = wanted.iter().filter_map(|name| known.get(*name));
        of_wanted.any(|known| known.addresses.contains(&address))
    }

    fn is_new(&self, wanted: &[&str]) -> bool {
        let known = self.known();
        wanted.iter().any(|name| !known.contains_key(*name))
    }

    /// The names that are due for another look-up; each name is returned once.
    fn take_old(&self, wanted: &[&str], now: UtcMillis) -> Vec<String> {
        let mut known = self.known();
        // All names come from the parameter: drop names from an old value.
        known.retain(|name, _| wanted.contains(&name.as_str()));
        let old = known.iter_mut().filter(|(_, known)| now.millis_since(known.at) >= NAME_MS);
        old.map(|(name, known)| {
            known.at = now;
            name.clone()
        })
        .collect()
    }

    /// Looks names up concurrently. A name whose look-up fails keeps its addresses.
    async fn look_up(&self, names: Vec<String>, now: UtcMillis) {
        let found = join_all(names.iter().map(|name| addresses(name))).await;
        let mut known = self.known();
        for (name, found) in names.into_iter().zip(found) {
            let before = known.remove(&name).map(|known| known.addresses);
            let addresses = found.or(before).unwrap_or_default();
            known.insert(name, Known { addresses, at: now });
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The addresses of a host name; `None` when it can't be looked up.
async fn addresses(name: &str) -> Option<Vec<IpAddr>> {
    let looked_up = tokio::time::timeout(LOOKUP_TIMEOUT, tokio::net::lookup_host((name, 0)));
    if let Ok(Ok(found)) = looked_up.await {
        return Some(found.map(|address| address.ip().to_canonical()).collect());
    }
    tracing::warn!(name, "a trusted name can't be looked up");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "localhost";

    #[tokio::test]
    async fn old_addresses_count_while_they_are_looked_up_again() {
        let names = Arc::new(TrustedNames::default());
        let (there, now) = (IpAddr::from([192, 0, 2, 7]), |ms: i64| UtcMillis(1_000_000 + ms));
        names.known().insert(HERE.to_owned(), Known { addresses: vec![there], at: now(0) });
        assert!(names.have(&[HERE], there, now(59_999)).await);
        assert!(names.take_old(&[HERE], now(59_999)).is_empty());
        assert_eq!(names.take_old(&[HERE], now(60_000)), [HERE]);
        assert!(names.take_old(&[HERE], now(60_001)).is_empty(), "one looks it up for all");
        assert!(names.have(&[HERE], there, now(60_001)).await);
        names.look_up(vec![HERE.to_owned()], now(60_001)).await;
        assert!(!names.have(&[HERE], there, now(60_002)).await);
        assert!(names.have(&[HERE], IpAddr::from([127, 0, 0, 1]), now(60_002)).await);
    }

    #[tokio::test]
    async fn names_of_an_old_value_are_forgotten() {
        let names = Arc::new(TrustedNames::default());
        let here = IpAddr::from([127, 0, 0, 1]);
        assert!(names.have(&[HERE], here, UtcMillis(0)).await);
        assert!(!names.have(&[], here, UtcMillis(1)).await);
        assert!(names.known().is_empty());
    }
}
