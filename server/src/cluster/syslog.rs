//! Alarms as messages to a syslog server: RFC 5424 over UDP (RFC 5426), facility local7 as the original's.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use engine::UtcMillis;
use syslog_fmt::{
    Facility, Severity,
    v5424::{Config, Formatter, Timestamp},
};
use terms::{Alarm, Named};
use tokio::net::UdpSocket;

/// The name of the program in messages.
const PROGRAM: &str = "sojourn";

/// Sends messages to a syslog server. UDP acknowledges nothing: a lost message is lost.
#[derive(Clone, Debug)]
pub(super) struct Syslog {
    to: SocketAddr,
    formatter: Formatter,
}

impl Syslog {
    /// A sender of messages to the server at this address.
    pub(super) fn new(to: SocketAddr) -> Self {
        let system = rustix::system::uname();
        let process = std::process::id().to_string();
        let config = Config {
            facility: Facility::Local7,
            hostname: system.nodename().to_str().ok(),
            app_name: Some(PROGRAM),
            proc_id: Some(&process),
        };
        Self { to, formatter: config.into_formatter() }
    }

    /// Sends an alarm as one line.
    ///
    /// # Errors
    /// When the system can't send it.
    pub(super) async fn send(&self, alarm: Alarm, at: UtcMillis, line: &str) -> io::Result<()> {
        let at = jiff::Timestamp::from_millisecond(at.0).map_err(io::Error::other)?.to_string();
        let mut message = Vec::new();
        let (at, name) = (Timestamp::PreformattedStr(&at), Some(alarm.name()));
        // Without the byte order mark of the RFC, which many servers store as a part of the text.
        let bytes = line.as_bytes();
        self.formatter.write_without_data(&mut message, severity(alarm), at, bytes, name)?;
        let from: SocketAddr = match self.to {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        UdpSocket::bind(from).await?.send_to(&message, self.to).await.map(drop)
    }
}

/// The severities of the alarm catalogue are those of syslog.
fn severity(alarm: Alarm) -> Severity {
    match alarm.severity() {
        3 => Severity::Err,
        _ => Severity::Warning,
    }
}
