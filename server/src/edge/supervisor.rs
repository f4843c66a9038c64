//! What a supervisor (systemd, `Type=notify`) is told. Without one nothing is said.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::interval;

/// The server takes requests.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The server has begun to stop.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Says twice in each period of the watchdog that the program still runs, for as long as the server
/// runs. A program that hangs says nothing, and the supervisor starts it anew. A full disk or a
/// database that another process has locked is no reason: that is what `/readyz` says.
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
