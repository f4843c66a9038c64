//! Places for connections: so many at a listener, so many of them for one peer.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Bounds, TrustedProxies};

/// Who counts as one peer: an IPv4 address, or a /64 network of IPv6, which one host has whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Peer(u64);

impl Peer {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(u64::from(u32::from(address))),
            IpAddr::V6(address) => Self((u128::from(address) >> 64) as u64),
        }
    }
}

/// The places of one listener.
pub(super) struct Places {
    bounds: Bounds,
    spared: TrustedProxies,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<Peer, usize>,
}

/// Why a connection got no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// All places of the listener are taken.
    Full,
    /// The peer has as many as one may have.
    PeerFull,
}

/// A place, given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    peer: Option<Peer>,
}

impl Places {
    /// As many places as `bounds` says. Peers in `spared` have no bound of their own: behind a proxy
    /// are many.
    pub(super) fn new(bounds: Bounds, spared: TrustedProxies) -> Arc<Self> {
        Arc::new(Self { bounds, spared, taken: Mutex::default() })
    }

    /// Takes a place for a connection from `address`.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Result<Place, NoPlace> {
        let peer = (!self.spared.contains(address)).then(|| Peer::of(address));
        let mut taken = self.taken();
        if taken.all >= self.bounds.connections {
            return Err(NoPlace::Full);
        }
        if let Some(peer) = peer {
            let of_peer = taken.by_peer.entry(peer).or_default();
            if *of_peer >= self.bounds.of_a_peer {
                return Err(NoPlace::PeerFull);
            }
            *of_peer += 1;
        }
        taken.all += 1;
        drop(taken);
        Ok(Place { places: Arc::clone(self), peer })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        let Some(peer) = self.peer else { return };
        if let Some(of_peer) = taken.by_peer.get_mut(&peer) {
            *of_peer -= 1;
            if *of_peer == 0 {
                taken.by_peer.remove(&peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, of_a_peer: usize, spared: &str) -> Arc<Places> {
        Places::new(Bounds { connections, of_a_peer }, spared.parse().unwrap())
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_peer_leaves_places_for_the_others_and_gives_its_own_back() {
        let places = places(3, 2, "");
        let first = places.take(address("192.0.2.1")).ok().unwrap();
        let _second = places.take(address("::ffff:192.0.2.1")).ok().unwrap();
        assert_eq!(places.take(address("192.0.2.1")).err(), Some(NoPlace::PeerFull));
        let _other = places.take(address("192.0.2.2")).ok().unwrap();
        assert_eq!(places.take(address("192.0.2.3")).err(), Some(NoPlace::Full));
        drop(first);
        assert!(places.take(address("192.0.2.1")).is_ok());
        assert_eq!(places.taken().by_peer.len(), 2, "peers without connections are not kept");
    }

    #[test]
    fn a_network_of_ipv6_is_one_peer() {
        let places = places(9, 1, "");
        let _one = places.take(address("2001:db8::1")).ok().unwrap();
        assert_eq!(places.take(address("2001:db8::2")).err(), Some(NoPlace::PeerFull));
        assert!(places.take(address("2001:db8:0:1::2")).is_ok());
    }

    #[test]
    fn a_trusted_proxy_has_no_bound_of_its_own() {
        let places = places(3, 1, "192.0.2.0/24");
        let held: Vec<_> =
            (0..3).map(|_| places.take(address("192.0.2.9")).ok().unwrap()).collect();
        assert_eq!(places.take(address("192.0.2.9")).err(), Some(NoPlace::Full));
        drop(held);
    }
}
