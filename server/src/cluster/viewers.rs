//! Permits of viewers of the console: so many in all, and so many each.

use crate::shares::Shares;

/// Requests that are worked on at a time.
const QUERIES: usize = 16;
/// Those of one administrator.
const QUERIES_EACH: usize = 4;
/// Requests of one administrator that wait for a place.
const WAITING_EACH: usize = 32;
/// Searches of the trace at a time: one of each administrator.
const SEARCHES: usize = 2;
/// Files that are sent at a time.
const DOWNLOADS: usize = 8;
/// Those to one administrator.
const DOWNLOADS_EACH: usize = 2;
/// Phones in the browser that ask what is new.
const PHONES: usize = 256;
/// Those of one administrator.
const PHONES_EACH: usize = 32;
/// Websockets that may be open at a time.
const SOCKETS: usize = 2_000;
/// Those of one session.
const SOCKETS_OF_A_SESSION: usize = 32;
/// Those of one administrator.
const SOCKETS_OF_AN_ADMINISTRATOR: usize = 256;

/// The places of all that viewers do.
pub struct Viewers {
    /// For requests that read the database.
    pub queries: Shares,
    /// For looking through the trace.
    pub searches: Shares,
    /// For files that are sent.
    pub downloads: Shares,
    /// For phones in the browser that ask what is new.
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
