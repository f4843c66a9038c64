//! Sending the farewells of the outbox to a remote cluster.

use std::time::Duration;

use engine::{PeerAnswer, PostedFarewell, ports::PeerError};
use futures::{StreamExt, stream};
use terms::ErrorCode;
use tokio::time::Instant;

use super::{links::HeldUp, problem::Problem};
use crate::cluster::Cluster;

/// Farewells to one cluster that are on their way at a time.
const AT_A_TIME: usize = 8;
/// Farewells that are read at a time.
const PAGE_FAREWELLS: u32 = 200;
/// The pause before farewells that were refused are sent again: it doubles from the first to the second where the
/// reason does not pass by itself.
const PAUSES: (Duration, Duration) = (Duration::from_secs(4), Duration::from_mins(5));

/// How far the outbox to one cluster is sent.
pub(super) struct Outbox {
    /// Farewells up to this number were sent, and those that are still there were refused.
    sent: u64,
    /// When the refused ones are sent again.
    again_at: Instant,
    /// The pause behind that.
    pause: Duration,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { sent: 0, again_at: Instant::now(), pause: PAUSES.0 }
    }
}

impl Outbox {
    /// Lets the next delivery send the refused farewells too.
    pub(super) fn try_all(&mut self) {
        (self.again_at, self.pause) = (Instant::now(), PAUSES.0);
    }

    /// Sends the farewells that were not sent yet, and now and then those that were refused. A refused farewell
    /// holds up no other.
    pub(super) async fn deliver(&mut self, cluster: &Cluster, peer: &str) -> Result<(), Problem> {
        let is_from_start = self.again_at <= Instant::now();
        let mut sent = if is_from_start { 0 } else { self.sent };
        let (mut refused, mut is_lasting) = (None, false);
        loop {
            let (posted, _) = cluster.store.farewells(Some(peer), sent, PAGE_FAREWELLS).await?;
            let Some(last) = posted.last() else { break };
            sent = last.number;
            let page = stream::iter(posted).map(|one| send(cluster, peer, one));
            let mut page = page.buffer_unordered(AT_A_TIME);
            while let Some(done) = page.next().await {
                match done {
                    Err(Problem::Peer(
                        problem @ (PeerError::Refused(_) | PeerError::NotUnderstood),
                    )) => {
                        is_lasting |= !is_passing(&problem);
                        refused = Some(problem);
                    }
                    done => done?,
                }
            }
        }
        self.sent = sent;
        if is_from_start {
            let pause = std::mem::replace(&mut self.pause, PAUSES.0);
            self.again_at = Instant::now() + pause;
            if is_lasting {
                self.pause = (pause * 2).min(PAUSES.1);
            }
        }
        match refused {
            Some(problem) => {
                let pause = self.again_at.saturating_duration_since(Instant::now());
                let next = cluster.clock.now().after(pause);
                if cluster
                    .peers
                    .links
                    .holds_up(peer, Some(HeldUp { problem: problem.clone(), next }))
                {
                    tracing::warn!(%problem, "a remote cluster refuses log-outs");
                }
            }
            None if is_from_start => drop(cluster.peers.links.holds_up(peer, None)),
            None => {}
        }
        Ok(())
    }
}

/// Whether a cluster refuses for a reason that passes by itself: it is busy, or its database can't be written.
fn is_passing(problem: &PeerError) -> bool {
    use ErrorCode::{Busy, Database, PolicyValidation, Unknown, UserInfo};
    let PeerError::Refused(code) = problem else { return false };
    matches!(code, Busy | Database | PolicyValidation | Unknown | UserInfo)
}

/// Sends a farewell, and takes it out of the outbox once it is acknowledged.
pub(crate) async fn send(
    cluster: &Cluster,
    peer: &str,
    posted: PostedFarewell,
) -> Result<(), Problem> {
    let PostedFarewell { number, farewell, .. } = posted;
    match cluster.ask_peer(peer, farewell.request()).await? {
        // A peer of another make says so where there is nothing to end.
        PeerAnswer::Done
        | PeerAnswer::Refused(ErrorCode::NobodyLoggedIn | ErrorCode::NoSuchDevice) => {}
        PeerAnswer::Refused(code) => return Err(PeerError::Refused(code).into()),
        _ => return Err(PeerError::NotUnderstood.into()),
    }
    Ok(engine::acknowledged(&*cluster.store, number).await?)
}
