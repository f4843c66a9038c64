//! How many connections a server holds, and for how long a peer may keep one without using it.

use std::time::Duration;

/// Descriptors that are kept for files, the database and the listeners themselves.
const RESERVED_DESCRIPTORS: u64 = 48;
/// Descriptors that are kept for pushes to phones.
const PUSH_DESCRIPTORS: u64 = 32;
/// The most connections of one listener, whatever the limit of descriptors.
const MOST_CONNECTIONS: u64 = 8_192;
/// The most connections that one peer has at one listener.
const MOST_OF_A_PEER: usize = 1_024;
/// One peer has at most one in this number of a listener's connections.
const PEER_PART: usize = 4;
/// The connections that one peer may have in any case.
const LEAST_OF_A_PEER: usize = 4;

/// How long a TLS handshake may take, from the first byte to the last.
pub(super) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may wait for the head of a request to be whole: for its first byte, for
/// its last, and, between two requests, for the next one.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a write may make no progress because the peer reads nothing.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a request's body may take, from the first byte to the last.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest head of a request, in bytes; also how much of a body is read ahead.
pub(super) const HEAD_BYTES: usize = 8 * 1024;
/// The most that a client sends in a TLS handshake, in bytes: its hello and its certificate.
pub(super) const HANDSHAKE_BYTES: usize = 16 * 1024;

/// The bounds of one listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Connections at a time.
    pub(crate) connections: usize,
    /// Connections of one peer at a time; trusted proxies are exempt.
    pub(crate) of_a_peer: usize,
}

impl Bounds {
    /// Raises the soft limit of descriptors to the hard limit, and divides it among `listeners`.
    pub(crate) fn of_this_process(listeners: u64) -> Self {
        let descriptors = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
            tracing::warn!(%error, "the limit of descriptors can't be read or raised");
            RESERVED_DESCRIPTORS * 4
        });
        Self::within(descriptors, listeners)
    }

    fn within(descriptors: u64, listeners: u64) -> Self {
        // A process with few descriptors pushes to few phones at a time.
        let reserved = RESERVED_DESCRIPTORS + PUSH_DESCRIPTORS.min(descriptors / 16);
        let connections = descriptors.saturating_sub(reserved) / listeners.max(1);
        let connections = usize::try_from(connections.clamp(1, MOST_CONNECTIONS)).unwrap_or(1);
        let of_a_peer = (connections / PEER_PART).clamp(LEAST_OF_A_PEER, MOST_OF_A_PEER);
        Self { connections, of_a_peer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_leave_descriptors_for_the_database_and_one_peer_leaves_most_for_the_others() {
        let within = |descriptors| {
            let Bounds { connections, of_a_peer } = Bounds::within(descriptors, 2);
            (connections, of_a_peer)
        };
        assert_eq!(within(64), (6, 4));
        assert_eq!(within(256), (96, 24));
        assert_eq!(within(1_024), (472, 118));
        assert_eq!(within(1_048_576), (8_192, 1_024));
        assert_eq!(Bounds::within(1_024, 3).connections, 314, "a third listener has its part");
    }
}
