//! Permits for connections, bounded for each listener and for each peer.
//!
//! A connection that waits for its peer (for a handshake, a head, a body, the next request) gives way
//! when a permit is wanted and none is left.
//! The connection that has waited longest is ended. A peer that opens connections and sends nothing
//! thus ends its own connections, and a request that comes at once is answered. A connection also waits
//! while its answer is sent, or peers that never read would hold every permit. If all connections work,
//! a new connection waits up to `GIVE_WAY_TIMEOUT` for the first that is done: a burst of short
//! requests refuses no connection.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{Bounds, TrustedProxies};

/// How long a connection waits for a permit: until another connection gives way, or ends a request.
const GIVE_WAY_TIMEOUT: Duration = Duration::from_millis(500);
/// How long a connection waits for its peer before it gives way: within this time an answer is sent.
const GRACE: Duration = Duration::from_millis(20);

/// One peer: an IPv4 address, or a /64 network of IPv6, since one host commonly has all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer(u64);

impl Peer {
    pub(super) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(u64::from(u32::from(address))),
            IpAddr::V6(address) => Self((u128::from(address) >> 64) as u64),
        }
    }
}

/// The permits of one listener.
pub(super) struct Permits {
    bounds: Bounds,
    spared: TrustedProxies,
    taken: Mutex<Taken>,
    /// Notified when a permit is returned, or a connection begins to wait for its peer.
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<Peer, usize>,
    /// Connections that wait for their peer, in the order in which the waits began.
    waiting: BTreeMap<u64, WaitingConnection>,
    /// How many waits have begun.
    waits: u64,
}

struct WaitingConnection {
    peer: Option<Peer>,
    since: Instant,
    end: End,
}

/// How a connection is made to end.
#[derive(Clone, Default)]
struct End {
    wanted: CancellationToken,
    /// Cancelled when the permit is returned.
    done: CancellationToken,
}

/// The connection that has waited longest for its peer.
enum Longest {
    /// The connection gives way.
    GivesWay(End),
    /// The connection has waited since then, which is shorter than [`GRACE`].
    Since(Instant),
    /// No connection waits.
    None,
}

/// Why a connection got no permit: no connection that holds one waits, or is done in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPermit {
    /// All permits of the listener are taken.
    Full,
    /// The peer has reached the bound of one peer.
    PeerFull,
}

/// The permit of one connection, returned when dropped.
pub(super) struct Permit {
    permits: Arc<Permits>,
    peer: Option<Peer>,
    end: End,
    /// Key in [`Taken::waiting`] while the connection waits for its peer.
    wait: Mutex<Option<u64>>,
}

impl Permits {
    /// Permits within `bounds`.
    /// Peers in `spared` have no bound of their own: a proxy stands for many clients.
    pub(super) fn new(bounds: Bounds, spared: TrustedProxies) -> Arc<Self> {
        Arc::new(Self { bounds, spared, taken: Mutex::default(), freed: Notify::new() })
    }

    /// Takes a permit for a connection from `address`, which begins by waiting for its peer.
    /// Where none is left the connection that has waited longest is ended: one of the same peer when
    /// the peer has reached its bound. Connections are accepted one after the other, so a full listener
    /// makes the next connections wait; a full peer does not.
    pub(super) async fn take(self: &Arc<Self>, address: IpAddr) -> Result<Permit, NoPermit> {
        let peer = (!self.spared.contains(address)).then(|| Peer::of(address));
        let retry = async {
            loop {
                let reason = match self.try_take(peer) {
                    Ok(permit) => return Ok(permit),
                    Err(reason) => reason,
                };
                match self.longest_waiting(peer, reason) {
                    Longest::GivesWay(end) => {
                        end.wanted.cancel();
                        end.done.cancelled().await;
                    }
                    _ if reason == NoPermit::PeerFull => return Err(reason),
                    Longest::Since(since) => {
                        let _ = timeout_at(since + GRACE, self.freed.notified()).await;
                    }
                    Longest::None => self.freed.notified().await,
                }
            }
        };
        timeout(GIVE_WAY_TIMEOUT, retry).await.unwrap_or(Err(NoPermit::Full))
    }

    fn try_take(self: &Arc<Self>, peer: Option<Peer>) -> Result<Permit, NoPermit> {
        let mut taken = self.taken();
        // Check the peer's own bound first: a peer that has reached it ends no other peer's connection.
        let of_peer = peer.and_then(|peer| taken.by_peer.get(&peer)).copied().unwrap_or_default();
        if of_peer >= self.bounds.of_a_peer {
            return Err(NoPermit::PeerFull);
        }
        if taken.all >= self.bounds.connections {
            return Err(NoPermit::Full);
        }
        if let Some(peer) = peer {
            *taken.by_peer.entry(peer).or_default() += 1;
        }
        taken.all += 1;
        let end = End::default();
        let wait = Mutex::new(Some(taken.begin_wait(peer, &end)));
        Ok(Permit { permits: Arc::clone(self), peer, end, wait })
    }

    /// Removes the connection that has waited longest, and at least for [`GRACE`], from those that may give way.
    fn longest_waiting(&self, peer: Option<Peer>, reason: NoPermit) -> Longest {
        let mut taken = self.taken();
        let fits = |waiting: &WaitingConnection| reason == NoPermit::Full || waiting.peer == peer;
        let found = taken.waiting.iter().find(|(_, waiting)| fits(waiting));
        let Some((wait, since)) = found.map(|(wait, waiting)| (*wait, waiting.since)) else {
            return Longest::None;
        };
        if since.elapsed() < GRACE {
            return Longest::Since(since);
        }
        let end = taken.waiting.remove(&wait).map(|waiting| waiting.end);
        end.map_or(Longest::None, Longest::GivesWay)
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn begin_wait(&mut self, peer: Option<Peer>, end: &End) -> u64 {
        self.waits += 1;
        let waiting = WaitingConnection { peer, since: Instant::now(), end: end.clone() };
        self.waiting.insert(self.waits, waiting);
        self.waits
    }
}

impl Permit {
    /// Returns when the connection must give way to another connection.
    pub(super) async fn gives_way(&self) {
        self.end.wanted.cancelled().await;
    }

    /// Marks the connection as working: it has a whole request, or is no longer HTTP, and doesn't give way.
    /// Returns `false` when the connection has to give way already; then no request may be started.
    pub(super) fn works(&self) -> bool {
        let wait = self.wait().take();
        wait.is_none_or(|wait| self.permits.taken().waiting.remove(&wait).is_some())
    }

    /// Marks the connection as waiting for its peer again.
    pub(super) fn waits(&self) {
        let mut wait = self.wait();
        if wait.is_none() {
            *wait = Some(self.permits.taken().begin_wait(self.peer, &self.end));
            self.permits.freed.notify_one();
        }
    }

    fn wait(&self) -> MutexGuard<'_, Option<u64>> {
        self.wait.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.works();
        let mut taken = self.permits.taken();
        taken.all -= 1;
        if let Some(peer) = self.peer
            && let Some(of_peer) = taken.by_peer.get_mut(&peer)
        {
            *of_peer -= 1;
            if *of_peer == 0 {
                taken.by_peer.remove(&peer);
            }
        }
        drop(taken);
        self.end.done.cancel();
        self.permits.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn permits(connections: usize, of_a_peer: usize, spared: &str) -> Arc<Permits> {
        Permits::new(Bounds { connections, of_a_peer }, spared.parse().unwrap())
    }

    /// A permit of a connection that is at work.
    async fn take(permits: &Arc<Permits>, address: &str) -> Result<Permit, NoPermit> {
        let permit = permits.take(address.parse().unwrap()).await?;
        assert!(permit.works());
        Ok(permit)
    }

    #[tokio::test(start_paused = true)]
    async fn one_peer_leaves_permits_for_the_others_and_gives_its_own_back() {
        let permits = permits(3, 2, "");
        let first = take(&permits, "192.0.2.1").await.ok().unwrap();
        let _second = take(&permits, "::ffff:192.0.2.1").await.ok().unwrap();
        assert_eq!(take(&permits, "192.0.2.1").await.err(), Some(NoPermit::PeerFull));
        let _other = take(&permits, "192.0.2.2").await.ok().unwrap();
        assert_eq!(take(&permits, "192.0.2.3").await.err(), Some(NoPermit::Full));
        drop(first);
        assert!(take(&permits, "192.0.2.1").await.is_ok());
        assert_eq!(permits.taken().by_peer.len(), 2, "peers without connections are not kept");
    }

    #[tokio::test]
    async fn a_network_of_ipv6_is_one_peer() {
        let permits = permits(9, 1, "");
        let _one = take(&permits, "2001:db8::1").await.ok().unwrap();
        assert_eq!(take(&permits, "2001:db8::2").await.err(), Some(NoPermit::PeerFull));
        assert!(take(&permits, "2001:db8:0:1::2").await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_trusted_proxy_has_no_bound_of_its_own() {
        let permits = permits(3, 1, "192.0.2.0/24");
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(take(&permits, "192.0.2.9").await.ok().unwrap());
        }
        assert_eq!(take(&permits, "192.0.2.9").await.err(), Some(NoPermit::Full));
    }

    /// Holds a permit, as a connection does, until it must give way.
    fn wait(permit: Permit) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { permit.gives_way().await })
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_that_has_waited_longest_gives_way() {
        let permits = permits(3, 3, "");
        let at_work = take(&permits, "192.0.2.1").await.ok().unwrap();
        let waited = take(&permits, "192.0.2.2").await.ok().unwrap();
        let first = wait(permits.take("192.0.2.3".parse().unwrap()).await.ok().unwrap());
        waited.waits();
        let second = wait(waited);
        let third = permits.take("192.0.2.4".parse().unwrap()).await.ok().unwrap();
        assert!(first.is_finished() && !second.is_finished());
        assert!(third.works());
        let fourth = permits.take("192.0.2.5".parse().unwrap()).await.ok().unwrap();
        assert!(second.is_finished());
        assert!(fourth.works());
        assert_eq!(take(&permits, "192.0.2.6").await.err(), Some(NoPermit::Full));
        assert!(at_work.gives_way().now_or_never().is_none());
    }

    /// A peer that sends one request after the other has connections that work or have only begun to wait.
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_busy_with_all_it_may_have_holds_nobody_up() {
        let permits = permits(9, 2, "");
        let busy = take(&permits, "192.0.2.1").await.ok().unwrap();
        let _working = take(&permits, "192.0.2.1").await.ok().unwrap();
        busy.waits();
        let refused = permits.take("192.0.2.1".parse().unwrap()).now_or_never();
        assert_eq!(refused.unwrap().err(), Some(NoPermit::PeerFull));
        tokio::time::advance(GRACE).await;
        let given = wait(busy);
        assert!(permits.take("192.0.2.1".parse().unwrap()).await.is_ok() && given.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn while_all_work_a_connection_waits_for_the_first_that_is_done() {
        let permits = permits(2, 2, "");
        let ends = take(&permits, "192.0.2.1").await.ok().unwrap();
        let goes_on = take(&permits, "192.0.2.2").await.ok().unwrap();
        let mut next = Box::pin(permits.take("192.0.2.3".parse().unwrap()));
        assert!(futures::poll!(&mut next).is_pending());
        drop(ends);
        let next = next.await.ok().unwrap();
        assert!(next.works());
        let mut last = Box::pin(permits.take("192.0.2.4".parse().unwrap()));
        assert!(futures::poll!(&mut last).is_pending());
        goes_on.waits();
        let given = wait(goes_on);
        assert!(last.await.is_ok() && given.is_finished(), "one that is answered gives way");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_has_to_give_way_begins_nothing() {
        let permits = permits(1, 1, "");
        let chosen = permits.take("192.0.2.1".parse().unwrap()).await.ok().unwrap();
        assert!(
            permits.take("192.0.2.2".parse().unwrap()).await.is_err(),
            "it does not end in time"
        );
        assert!(!chosen.works());
        chosen.gives_way().await;
    }

    /// This also holds where the listener is full and a connection of another peer has waited longer.
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_has_all_it_may_have_ends_one_of_its_own() {
        let permits = permits(2, 1, "");
        let other = wait(permits.take("192.0.2.1".parse().unwrap()).await.ok().unwrap());
        let own = wait(permits.take("192.0.2.2".parse().unwrap()).await.ok().unwrap());
        tokio::time::advance(GRACE).await;
        assert!(take(&permits, "192.0.2.2").await.is_ok());
        assert!(own.is_finished() && !other.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_whose_connections_are_all_at_work_is_refused_at_once_and_ends_nobody() {
        let permits = permits(2, 1, "");
        let other = wait(permits.take("192.0.2.1".parse().unwrap()).await.ok().unwrap());
        let _own = take(&permits, "192.0.2.2").await.ok().unwrap();
        let refused = permits.take("192.0.2.2".parse().unwrap()).now_or_never();
        assert_eq!(refused.unwrap().err(), Some(NoPermit::PeerFull));
        assert!(!other.is_finished());
    }
}
