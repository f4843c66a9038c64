//! EMCC without transport: answers to remote clusters, and log-ins of their users here.

mod find_home;
mod home;
mod lines;
#[cfg(test)]
mod simulation;
mod visiting;

use engine::{NamedUser, PeerAnswer, PeerMessage, PeerRequest, RemoteCluster, StoreError};
use terms::ErrorCode;
use wire::trace::Shape;

pub(crate) use home::HomeTicket;
pub(super) use lines::ended_for;
pub(super) use visiting::Visits;
pub(crate) use visiting::{NotVisited, VisitRequest, Visited};

use super::{Em, Journal, store_code};

/// A remote cluster that asks, known by its certificate.
pub(crate) struct Peer {
    /// The cluster.
    pub(crate) cluster: RemoteCluster,
    /// The address of its connection; empty where it is not known.
    pub(crate) address: String,
}

impl Em {
    /// Answers a remote cluster.
    pub(crate) async fn answer_peer(
        &self,
        peer: &Peer,
        message: &PeerMessage,
        journal: &mut Journal,
    ) -> PeerAnswer {
        let begun = self.cluster.clock.now();
        lines::received(journal, peer, message);
        let answered = self.answered(peer, message, journal).await;
        answered.unwrap_or_else(|code| {
            let millis = self.cluster.clock.now().millis_since(begun);
            lines::refused_at_home(journal, &self.cluster, code, millis);
            PeerAnswer::Refused(code)
        })
    }

    async fn answered(
        &self,
        peer: &Peer,
        message: &PeerMessage,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        let (store, now) = (&*self.cluster.store, self.cluster.clock.now());
        let id = || peer.cluster.id.clone();
        match &message.request {
            PeerRequest::CheckUser(named) => self.check_user(peer, message, named, journal).await,
            PeerRequest::CheckPin(check) => self.check_pin(peer, check, journal).await,
            PeerRequest::HomeLogin(request) => {
                self.home_log_in(peer, message.number, request, journal).await
            }
            PeerRequest::HomeLogout(end) => {
                let ended = engine::home_log_out(store, id(), end.clone(), now).await;
                self.ended(ended, journal)
            }
            PeerRequest::VisitingLogout(end) => {
                let ended = engine::visiting_log_out(store, id(), end.clone(), now).await;
                self.ended(ended, journal)
            }
            maintenance @ (PeerRequest::Stays(_) | PeerRequest::Update(_)) => {
                self.maintained(&peer.cluster.id, maintenance).await
            }
        }
    }

    /// Answers a maintenance question of a remote cluster, which no user causes, without a line in the
    /// trace.
    pub(crate) async fn answer_maintenance(&self, peer: &str, request: &PeerRequest) -> PeerAnswer {
        self.maintained(peer, request).await.unwrap_or_else(PeerAnswer::Refused)
    }

    async fn maintained(&self, peer: &str, request: &PeerRequest) -> Result<PeerAnswer, ErrorCode> {
        match request {
            PeerRequest::Stays(stays) => {
                let store = &*self.cluster.store;
                let over = engine::answer_stays(store, peer.to_owned(), stays.clone()).await;
                over.map(PeerAnswer::Over).map_err(store_code)
            }
            PeerRequest::Update(info) => {
                if let Some(next) = info.next_certificate.clone() {
                    let learnt = engine::Learnt::Next(next);
                    self.cluster.learn(peer, learnt).await.map_err(store_code)?;
                }
                self.cluster.peers.heard_from(peer, info);
                Ok(PeerAnswer::Cluster(self.cluster.info_for(peer)))
            }
            _ => Err(ErrorCode::Unknown),
        }
    }

    /// Whether a user is one of this cluster. The asker may be a guesser: the answer says no more.
    async fn check_user(
        &self,
        peer: &Peer,
        message: &PeerMessage,
        named: &NamedUser,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        if !self.cluster.configuration.borrow().is_emcc_partner(&peer.cluster.id) {
            return Err(ErrorCode::EmccNotAllowed);
        }
        let typed = match named {
            NamedUser::Id(id) => Some(id.clone()),
            NamedUser::Number(number) => {
                let found = self.users_by(number).await?;
                if found.len() > 1 {
                    return Err(ErrorCode::DnAmbiguous);
                }
                found.into_iter().next()
            }
        };
        let asked = typed.clone().unwrap_or_default();
        lines::check_user(journal, peer, message.number, &asked);
        let found = self.cluster.store.users(typed.as_slice()).await.map_err(store_code)?.1;
        let user = found.into_iter().flatten().next().map(|user| user.id);
        lines::user_checked(journal, &asked, user.is_some());
        Ok(PeerAnswer::User(user))
    }

    /// The answer to a log-out that is done, whether or not there was a login to end.
    fn ended(
        &self,
        ended: Result<Option<engine::EndedLogin>, StoreError>,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        if let Some(ended) = ended.map_err(store_code)? {
            self.cluster.counters.logouts.inc();
            journal.say(Shape::RemoveLogout, &[&ended.phone.name]);
            journal.say(Shape::DeviceLogout, &[&ended.phone.name]);
        }
        Ok(PeerAnswer::Done)
    }
}
