//! The facts about the site that phones get: addresses, and the credentials that pushes show.

use std::fmt;

/// The facts about the site that phones get. A text that is empty is not set.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The address of the log-in screen, in which a phone replaces `#DEVICENAME#` and `#EMCC#`.
    pub service_url: String,
    /// Host and port of the call server at which phones register.
    pub call_server: String,
    /// The address at which the call server takes orders (JSON-RPC over HTTP).
    pub call_server_rpc: String,
    /// The user whose credentials a push shows to a phone.
    pub push_user: String,
    /// The password of that user. The phone asks the authentication URL about it.
    pub push_password: String,
    /// The time zone that phones show (IANA name, for instance `Asia/Seoul`).
    pub time_zone: String,
}

/// The password is a secret.
impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service_url, call_server, call_server_rpc, push_user, time_zone, .. } = self;
        f.debug_struct("Site")
            .field("service_url", service_url)
            .field("call_server", call_server)
            .field("call_server_rpc", call_server_rpc)
            .field("push_user", push_user)
            .field("time_zone", time_zone)
            .finish_non_exhaustive()
    }
}

/// A change of [`Site`]; what is `None` stays as it is, and an empty text takes a value away.
#[derive(Clone, Default)]
pub struct SiteChange {
    /// The address of the log-in screen.
    pub service_url: Option<String>,
    /// Host and port of the call server.
    pub call_server: Option<String>,
    /// The address at which the call server takes orders.
    pub call_server_rpc: Option<String>,
    /// The user whose credentials a push shows.
    pub push_user: Option<String>,
    /// The password of that user.
    pub push_password: Option<String>,
    /// The time zone.
    pub time_zone: Option<String>,
}
