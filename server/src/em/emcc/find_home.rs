//! Finding the home cluster of a user.

use engine::{Configuration, NamedUser, PeerAnswer, PeerRequest, UserId, ports::PeerError};
use futures::{StreamExt, stream::FuturesUnordered};
use terms::ErrorCode;

use super::{NotVisited, lines};
use crate::em::{Em, Journal};

impl Em {
    /// The home cluster of a user, and whether that cluster was remembered.
    /// All remote clusters are asked at once, and the home cluster is the cluster that claims the user. The method
    /// waits for all answers, up to the time-out of a question, before a cluster gets the PIN: if two clusters
    /// claim the same user, neither gets it.
    ///
    /// # Errors
    /// Why there is no home.
    pub(super) async fn find_home(
        &self,
        named: &NamedUser,
        configuration: &Configuration,
        journal: &mut Journal,
    ) -> Result<(UserId, bool), NotVisited> {
        let (peers, now) = (&self.cluster.peers, self.cluster.clock.now());
        // A cluster that was switched off is no longer a home cluster; another cluster may claim the user.
        let known = peers.homes.find(named, now);
        if let Some(user) = known.filter(|user| configuration.is_emcc_partner(&user.cluster)) {
            if let Some(peer) = self.cluster.remote_cluster(&user.cluster) {
                lines::known_home(journal, &user, &peer.url);
            }
            // Visitors whose home cluster does not answer must not take the permits of other clusters' visitors.
            if let Some(failing) = peers.links.link(&user.cluster).failing {
                return Err(NotVisited::Unproven(match failing.problem {
                    PeerError::Refused(code) => code,
                    _ => ErrorCode::NoResponse,
                }));
            }
            return Ok((user, true));
        }
        lines::find_home(journal, named);
        let enabled: Vec<_> = configuration.emcc_partners().collect();
        if enabled.is_empty() {
            return Err(NotVisited::Unproven(ErrorCode::NoRemoteCluster));
        }
        let number = journal.number();
        // A cluster whose link is failing is not asked.
        let (answering, failing): (Vec<_>, Vec<_>) =
            enabled.into_iter().partition(|peer| peers.links.link(&peer.id).failing.is_none());
        let mut asked: FuturesUnordered<_> = answering
            .into_iter()
            .map(async |peer| {
                let request = PeerRequest::CheckUser(named.clone());
                let answer = self.cluster.ask_peer_for(&peer.id, number, request).await;
                lines::asked_home(&self.cluster, number, peer, &answer);
                (peer, answer)
            })
            .collect();
        let mut claims = Vec::new();
        let mut silent = (!failing.is_empty()).then_some(ErrorCode::NoResponse);
        while let Some((peer, answer)) = asked.next().await {
            match answer {
                Ok(PeerAnswer::User(Some(id))) => {
                    claims.push((peer, UserId { cluster: peer.id.clone(), id }));
                }
                Ok(PeerAnswer::User(None)) => {}
                // The refusal reveals no more than the phone's screen reveals about a number of this cluster.
                Ok(PeerAnswer::Refused(ErrorCode::DnAmbiguous)) => {
                    return Err(NotVisited::Refused(ErrorCode::DnAmbiguous));
                }
                Ok(_) | Err(_) => silent = Some(ErrorCode::NoResponse),
            }
        }
        match claims.as_slice() {
            [] => Err(NotVisited::Unproven(silent.unwrap_or(ErrorCode::NoSuchUser))),
            [(peer, user)] => {
                peers.homes.remember(named, user.clone(), now);
                lines::found_home(journal, user, &peer.url);
                Ok((user.clone(), false))
            }
            _ => {
                if let Some(times) = self.visits.claimed_twice.count() {
                    let clusters: Vec<_> = claims.iter().map(|(peer, _)| &*peer.id).collect();
                    tracing::warn!(times, ?clusters, "several clusters claim the same user");
                }
                Err(NotVisited::Unproven(ErrorCode::EmccConfiguration))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::TestCluster;

    /// The last remote cluster was switched off while a user typed.
    #[tokio::test]
    async fn without_a_remote_cluster_there_is_no_home() {
        let seoul = TestCluster::start("seoul").await;
        let em = Em::new(Arc::clone(&seoul));
        let configuration = seoul.store.configuration().await.unwrap();
        let mut journal = em.begin(8443);
        let named = NamedUser::Id("rak".to_owned());
        let found = em.find_home(&named, &configuration, &mut journal).await;
        assert_eq!(found, Err(NotVisited::Unproven(ErrorCode::NoRemoteCluster)));
    }
}
