//! The facts about the site that phones get: addresses, and the credentials of pushes.

use std::fmt;

/// The facts about the site that phones get. An empty text means that the value is not set.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The address of the log-in screen, in which a phone replaces `#DEVICENAME#` and `#EMCC#`.
    pub service_url: String,
    /// Host and port of the call server at which phones register.
    pub call_server: String,
    /// The address of the call server's control interface (JSON-RPC over HTTP).
    pub call_server_rpc: String,
    /// The user with whose credentials a push authenticates to a phone.
    pub push_user: String,
    /// The password of that user. The phone verifies the password at the authentication URL.
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

/// A change of [`Site`]; a field that is `None` keeps its value, and an empty text removes the value.
#[derive(Clone, Default)]
pub struct SiteChange {
    /// The address of the log-in screen.
    pub service_url: Option<String>,
    /// Host and port of the call server.
    pub call_server: Option<String>,
    /// The address of the call server's control interface.
    pub call_server_rpc: Option<String>,
    /// The user with whose credentials a push authenticates.
    pub push_user: Option<String>,
    /// The password of that user.
    pub push_password: Option<String>,
    /// The time zone.
    pub time_zone: Option<String>,
}
