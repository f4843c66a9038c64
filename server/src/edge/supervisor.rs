//! Messages to the supervisor (systemd, `Type=notify`).
//! Without a supervisor no message is sent.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::interval;

/// Reports that the server takes requests.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Reports that the server has begun to stop.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Reports twice in each period of the watchdog that the program still runs, for as long as the server runs.
/// A program that hangs reports nothing, and the supervisor restarts it. A full disk or a database that
/// another process has locked is no reason for a restart: `/readyz` reports these.
pub(crate) async fn watchdog() {
    let Some(period) = sd_notify::watchdog_enabled().filter(|period| !period.is_zero()) else {
        return std::future::pending().await;
    };
    let mut beat = interval((period / 2).max(Duration::from_millis(1)));
    loop {
        beat.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the supervisor can't be told");
    }
}
