//! Permits for viewers of the console, bounded in all and per viewer.

use crate::shares::Shares;

/// Requests that are worked on at a time.
const QUERIES: usize = 16;
/// Requests of one administrator that are worked on at a time.
const QUERIES_EACH: usize = 4;
/// Requests of one administrator that wait for a permit.
const WAITING_EACH: usize = 32;
/// Searches of the trace at a time: one of each administrator.
const SEARCHES: usize = 2;
/// Files that are sent at a time.
const DOWNLOADS: usize = 8;
/// Files that are sent to one administrator at a time.
const DOWNLOADS_EACH: usize = 2;
/// Phones in the browser that ask for changes.
const PHONES: usize = 256;
/// Phones of one administrator that ask for changes.
const PHONES_EACH: usize = 32;
/// Websockets that may be open at a time.
const SOCKETS: usize = 2_000;
/// Websockets of one session.
const SOCKETS_OF_A_SESSION: usize = 32;
/// Websockets of one administrator.
const SOCKETS_OF_AN_ADMINISTRATOR: usize = 256;

/// The permits for all work for viewers.
pub struct Viewers {
    /// For requests that read the database.
    pub queries: Shares,
    /// For looking through the trace.
    pub searches: Shares,
    /// For files that are sent.
    pub downloads: Shares,
    /// For phones in the browser that ask for changes.
    pub phones: Shares,
    /// For websockets, by session.
    pub sockets: Shares,
    /// For websockets, by administrator, in all sessions.
    pub sockets_of_administrators: Shares,
}

impl Default for Viewers {
    fn default() -> Self {
        Self {
            queries: Shares::new(QUERIES, QUERIES_EACH, WAITING_EACH),
            searches: Shares::new(SEARCHES, 1, QUERIES_EACH),
            downloads: Shares::new(DOWNLOADS, DOWNLOADS_EACH, 0),
            phones: Shares::new(PHONES, PHONES_EACH, 0),
            sockets: Shares::new(SOCKETS, SOCKETS_OF_A_SESSION, 0),
            sockets_of_administrators: Shares::new(SOCKETS, SOCKETS_OF_AN_ADMINISTRATOR, 0),
        }
    }
}
