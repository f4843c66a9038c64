//! Sending the farewells of the outbox to a remote cluster.

use std::time::Duration;

use engine::{PeerAnswer, PostedFarewell, ports::PeerError};
use futures::{StreamExt, stream};
use terms::ErrorCode;
use tokio::time::Instant;

use super::{links::HeldUp, problem::Problem};
use crate::cluster::Cluster;

/// Farewells to one cluster that are in flight at a time.
const AT_A_TIME: usize = 8;
/// Farewells that one read returns at most.
const PAGE_FAREWELLS: u32 = 200;
/// The pause before refused farewells are sent again. The pause doubles from the first value to the second where
/// the reason does not pass by itself.
const PAUSES: (Duration, Duration) = (Duration::from_secs(4), Duration::from_mins(5));

/// The progress of sending the outbox to one cluster.
pub(super) struct Outbox {
    /// Farewells up to this number were sent; those that are still in the outbox were refused.
    sent: u64,
    /// When the refused farewells are sent again.
    again_at: Instant,
    /// The pause after that attempt.
    pause: Duration,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { sent: 0, again_at: Instant::now(), pause: PAUSES.0 }
    }
}

impl Outbox {
    /// Makes the next delivery send the refused farewells too.
    pub(super) fn try_all(&mut self) {
        (self.again_at, self.pause) = (Instant::now(), PAUSES.0);
    }

    /// Sends the farewells that were not sent yet, and after each pause the refused farewells too. A refused
    /// farewell does not hold up the others.
    pub(super) async fn deliver(&mut self, cluster: &Cluster, peer: &str) -> Result<(), Problem> {
        let is_from_start = self.again_at <= Instant::now();
        let mut sent = if is_from_start { 0 } else { self.sent };
        let mut refused = None;
        let (mut is_lasting, mut passes, mut is_silent) = (false, false, false);
        while !is_silent {
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
                        passes |= is_passing(&problem);
                        refused = Some(problem);
                    }
                    // The cluster answers other requests: the next round sends the rest.
                    Err(Problem::Peer(problem @ PeerError::NoAnswer(_))) => {
                        is_silent = true;
                        refused = Some(problem);
                    }
                    done => done?,
                }
            }
        }
        if is_silent {
            self.try_all();
        } else {
            self.sent = sent;
        }
        if is_from_start && !is_silent {
            let pause = std::mem::replace(&mut self.pause, PAUSES.0);
            self.again_at = Instant::now() + pause;
            if is_lasting {
                self.pause = (pause * 2).min(PAUSES.1);
            }
        }
        if passes {
            self.again_at = self.again_at.min(Instant::now() + PAUSES.0);
        }
        if refused.is_some() || is_from_start {
            let next =
                cluster.clock.now().after(self.again_at.saturating_duration_since(Instant::now()));
            let held_up = refused.clone().map(|problem| HeldUp { problem, next });
            let is_new = cluster.peers.links.holds_up(peer, held_up);
            if let Some(problem) = refused.filter(|_| is_new) {
                tracing::warn!(%problem, "a remote cluster refuses log-outs");
            }
        }
        Ok(())
    }
}

/// Whether the reason of a refusal passes by itself: the cluster is busy, or its database can't be written.
fn is_passing(problem: &PeerError) -> bool {
    use ErrorCode::{Busy, Database, PolicyValidation, Unknown, UserInfo};
    let PeerError::Refused(code) = problem else { return false };
    matches!(code, Busy | Database | PolicyValidation | Unknown | UserInfo)
}

/// Sends a farewell, and deletes the farewell from the outbox once the cluster acknowledges it.
pub(crate) async fn send(
    cluster: &Cluster,
    peer: &str,
    posted: PostedFarewell,
) -> Result<(), Problem> {
    let PostedFarewell { number, farewell, .. } = posted;
    match cluster.ask_peer(peer, farewell.request()).await? {
        // A peer of another make answers with these errors when there is no login to end.
        PeerAnswer::Done
        | PeerAnswer::Refused(ErrorCode::NobodyLoggedIn | ErrorCode::NoSuchDevice) => {}
        PeerAnswer::Refused(code) => return Err(PeerError::Refused(code).into()),
        _ => return Err(PeerError::NotUnderstood.into()),
    }
    Ok(engine::acknowledged(&*cluster.store, number).await?)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use engine::{PeerMessage, PeerRequest, UserId, ports::Peers};

    use super::*;
    use crate::cluster::TestCluster;

    /// A remote cluster that refuses the log-outs of some phones.
    #[derive(Default)]
    struct Refusing {
        refused: Mutex<Vec<(&'static str, ErrorCode)>>,
        seen: Mutex<Vec<String>>,
    }

    #[async_trait]
    impl Peers for Refusing {
        async fn ask(&self, _: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError> {
            let PeerRequest::HomeLogout(end) = &message.request else { unreachable!() };
            self.seen.lock().unwrap().push(end.phone.clone());
            let refused = self.refused.lock().unwrap();
            let code = refused.iter().find(|(phone, _)| *phone == end.phone).map(|(_, code)| *code);
            Ok(code.map_or(PeerAnswer::Done, PeerAnswer::Refused))
        }
    }

    /// Posts a farewell for an intent at each of these phones.
    async fn post(cluster: &TestCluster, phones: &[&str]) {
        let (store, now) = (&*cluster.store, cluster.clock.now());
        for phone in phones {
            cluster.apply(&format!("[[phones]]\nname = '{phone}'\n")).await;
            let user = UserId { cluster: "busan".to_owned(), id: "rak".to_owned() };
            let id = cluster.ids.login_id();
            engine::intend(store, id, (*phone).to_owned(), user, now).await.unwrap();
        }
        let all = engine::UtcMillis(i64::MAX);
        engine::give_up_intents(store, all, now, 100).await.unwrap();
    }

    #[tokio::test]
    async fn a_refused_farewell_waits_longer_each_time_and_holds_up_no_other() {
        let busan = Arc::new(Refusing::default());
        let seoul = TestCluster::start_with("seoul", Some(Arc::<Refusing>::clone(&busan))).await;
        let mut outbox = Outbox::default();
        let delivered = async |outbox: &mut Outbox| {
            assert!(outbox.deliver(&seoul, "busan").await.is_ok());
            let mut seen = std::mem::take(&mut *busan.seen.lock().unwrap());
            seen.sort();
            seen
        };
        post(&seoul, &["SEP1", "SEP2"]).await;
        *busan.refused.lock().unwrap() = vec![("SEP1", ErrorCode::EmccNotAllowed)];
        assert_eq!(delivered(&mut outbox).await, ["SEP1", "SEP2"]);
        let held_up = || seoul.peers.links.link("busan").held_up;
        assert!(held_up().is_some());
        post(&seoul, &["SEP3"]).await;
        assert_eq!(delivered(&mut outbox).await, ["SEP3"], "the other one waits");
        for seconds in [8, 16, 32, 64, 128, 256, 300, 300] {
            assert_eq!(outbox.pause.as_secs(), seconds);
            outbox.again_at = Instant::now();
            assert_eq!(delivered(&mut outbox).await, ["SEP1"]);
        }
        outbox.try_all();
        *busan.refused.lock().unwrap() = vec![("SEP1", ErrorCode::Database)];
        for _ in 0..3 {
            assert_eq!(delivered(&mut outbox).await, ["SEP1"]);
            assert_eq!(outbox.pause.as_secs(), 4, "that passes by itself");
            outbox.again_at = Instant::now();
        }
        busan.refused.lock().unwrap().clear();
        assert_eq!(delivered(&mut outbox).await, ["SEP1"]);
        assert_eq!(held_up(), None);
        outbox.try_all();
        assert_eq!(delivered(&mut outbox).await, Vec::<String>::new());
    }
}
