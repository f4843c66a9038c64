//! The visiting cluster: users of others log in at its phones.

use std::time::Duration;

use engine::{
    Actor, Configuration, HomeLogin, Intent, Login, NamedUser, PeerAnswer, PeerRequest,
    ProfileChoice, Shown, UserId,
    emcc::visiting,
    ports::{Outcome, PeerError},
};
use futures::{StreamExt, stream::FuturesUnordered};
use terms::{Alarm, ErrorCode, Parameter};

use tokio::time::{Instant, timeout_at};

use super::{home::is_enabled, lines};
use crate::{
    cluster::About,
    em::{Em, Journal, Origin, store_code},
};

/// How long other remote clusters are waited for once one claims a user.
const OTHER_CLAIMS: Duration = Duration::from_millis(300);

/// A log-in of a user who is not of this cluster.
pub(crate) struct VisitRequest {
    /// The phone's name.
    pub(crate) phone: String,
    /// The user, as named at the phone.
    pub(crate) named: NamedUser,
    /// The user with the home cluster, where that is known from a step before.
    pub(crate) user: Option<UserId>,
    /// What the user shows.
    pub(crate) shown: Shown,
    /// The device profile, where one was chosen.
    pub(crate) profile: Option<String>,
    /// From where the phone asks.
    pub(crate) origin: Origin,
    /// The address that logs the phone out.
    pub(crate) log_out_url: String,
}

/// Why a user of another cluster is not logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotVisited {
    /// Nobody claims the user, as far as is known: the phone says no more than of a wrong PIN.
    NobodyClaims(ErrorCode),
    /// This cluster refuses, or the home cluster, or home does not answer.
    Refused(ErrorCode),
}

impl NotVisited {
    /// The error.
    pub(crate) const fn code(self) -> ErrorCode {
        match self {
            Self::NobodyClaims(code) | Self::Refused(code) => code,
        }
    }
}

impl From<ErrorCode> for NotVisited {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

/// What became of a log-in.
pub(crate) enum Visited {
    /// The user is logged in.
    LoggedIn(Login),
    /// The user has to choose a device profile.
    Choose {
        /// The user, with the home cluster.
        user: UserId,
        /// The profiles.
        choice: ProfileChoice,
    },
}

impl Em {
    /// Whether users of other clusters may log in here.
    pub(crate) fn takes_visitors(&self) -> bool {
        let configuration = self.cluster.configuration.borrow();
        configuration.remote_clusters.iter().any(|cluster| cluster.enabled)
    }

    /// Logs a user of another cluster in.
    ///
    /// # Errors
    /// Why that is refused, by this cluster or at home.
    pub(crate) async fn visit(
        &self,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        let begun = self.cluster.clock.now();
        self.cluster.counters.attempted.inc();
        lines::visit(journal, request);
        let visited = self.visited(request, journal).await;
        if let Err(why) = &visited {
            let millis = self.cluster.clock.now().millis_since(begun);
            lines::refused_visit(journal, &self.cluster, why.code(), millis);
            self.sound(request, *why);
        }
        visited
    }

    async fn visited(
        &self,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        // Read anew: a cluster that was switched off a moment ago is asked no more.
        let configuration = self.cluster.store.configuration().await.map_err(store_code)?;
        self.may_come_from_there(request, &configuration).await?;
        let mut is_remembered = request.user.is_some();
        let mut user = if let Some(user) = &request.user {
            user.clone()
        } else {
            let (user, remembered) =
                self.find_home(&request.named, &configuration, journal).await?;
            is_remembered = remembered;
            user
        };
        loop {
            let may_be_elsewhere = is_remembered && request.user.is_none();
            if !is_enabled(&configuration, &user.cluster) {
                return Err(NotVisited::NobodyClaims(ErrorCode::EmccNotAllowed));
            }
            let visited = self.visit_of(user, request, journal).await;
            match visited {
                // Home does not know the user any more: somebody else may.
                Err(ErrorCode::NoSuchUser) if may_be_elsewhere => {
                    self.cluster.peers.homes.forget(&request.named);
                    (user, is_remembered) =
                        self.find_home(&request.named, &configuration, journal).await?;
                }
                // Or the PIN was wrong: home does not say which. The next log-in asks all clusters again.
                Err(ErrorCode::NotAuthorized) if may_be_elsewhere => {
                    self.cluster.peers.homes.forget(&request.named);
                    return Err(ErrorCode::NotAuthorized.into());
                }
                visited => return visited.map_err(Into::into),
            }
        }
    }

    /// Sounds the alarm that goes with a refusal, if there is one.
    fn sound(&self, request: &VisitRequest, why: NotVisited) {
        let code = why.code();
        let alarm = match code {
            ErrorCode::NotAuthorized | ErrorCode::NoSuchUser => Alarm::UserInput,
            // The rules are no alarm.
            ErrorCode::LoggedInElsewhere | ErrorCode::DeviceTaken | ErrorCode::NoSuchDevice => {
                return;
            }
            _ => Alarm::FailedHere,
        };
        let user = match &request.named {
            NamedUser::Id(id) => id.as_str(),
            NamedUser::Number(_) => "",
        };
        let about =
            About { phone: &request.phone, user, reason: code.number(), ..About::default() };
        self.cluster.alarm(alarm, about);
    }

    /// Sees that the phone may ask from where it does: *Validate IP Address*, *EMCC Allow Proxy*.
    async fn may_come_from_there(
        &self,
        request: &VisitRequest,
        configuration: &Configuration,
    ) -> Result<(), ErrorCode> {
        let VisitRequest { phone, origin, .. } = request;
        let allow = Parameter::EmccAllowProxy;
        let valid =
            self.addresses.validate(&self.cluster, configuration, allow, origin, Some(phone));
        match valid.await? {
            Some(address) => {
                let is_own = self.addresses.is_own(&self.cluster, configuration, phone, address);
                if is_own.await? { Ok(()) } else { Err(ErrorCode::UntrustedIp) }
            }
            None => Ok(()),
        }
    }

    /// The home cluster of a user, and whether it was remembered: all remote clusters are asked at once, and
    /// home is the one that claims the user.
    async fn find_home(
        &self,
        named: &NamedUser,
        configuration: &Configuration,
        journal: &mut Journal,
    ) -> Result<(UserId, bool), NotVisited> {
        let (peers, now) = (&self.cluster.peers, self.cluster.clock.now());
        if let Some(user) = peers.homes.find(named, now) {
            if let Some(peer) = self.cluster.remote_cluster(&user.cluster) {
                lines::known_home(journal, &user, &peer.url);
            }
            return Ok((user, true));
        }
        lines::find_home(journal, named);
        let clusters = configuration.remote_clusters.iter();
        let enabled: Vec<_> = clusters.filter(|cluster| cluster.enabled).collect();
        if enabled.is_empty() {
            return Err(NotVisited::NobodyClaims(ErrorCode::NoRemoteCluster));
        }
        let number = journal.number();
        // One that does not answer now is not waited for.
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
        let mut patience = None;
        loop {
            let next = match patience {
                None => asked.next().await,
                // Others that claim the user too are likely to be about as fast.
                Some(until) => timeout_at(until, asked.next()).await.ok().flatten(),
            };
            let Some((peer, answer)) = next else { break };
            match answer {
                Ok(PeerAnswer::User(Some(id))) => {
                    claims.push((peer, UserId { cluster: peer.id.clone(), id }));
                    patience.get_or_insert_with(|| Instant::now() + OTHER_CLAIMS);
                }
                Ok(PeerAnswer::User(None)) => {}
                Ok(PeerAnswer::Refused(ErrorCode::DnAmbiguous)) => {
                    return Err(ErrorCode::DnAmbiguous.into());
                }
                Ok(_) | Err(_) => silent = Some(ErrorCode::NoResponse),
            }
        }
        match claims.as_slice() {
            [] => Err(NotVisited::NobodyClaims(silent.unwrap_or(ErrorCode::NoSuchUser))),
            [(peer, user)] => {
                peers.homes.remember(named, user.clone(), now);
                lines::found_home(journal, user, &peer.url);
                Ok((user.clone(), false))
            }
            _ => {
                let clusters: Vec<_> = claims.iter().map(|(peer, _)| peer.id.as_str()).collect();
                tracing::warn!(?clusters, "several clusters claim the same user");
                Err(ErrorCode::EmccConfiguration.into())
            }
        }
    }

    /// Holds the phone, asks home, and begins the login.
    async fn visit_of(
        &self,
        user: UserId,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, ErrorCode> {
        let cluster = &self.cluster;
        let (store, now) = (&*cluster.store, cluster.clock.now());
        let id = cluster.ids.login_id();
        let held = engine::intend(store, id, request.phone.clone(), user.clone(), now).await;
        let (intent, phone) = match held.map_err(store_code)? {
            Outcome::Done(held) => held,
            Outcome::Refused(code) => return Err(code),
            Outcome::ConfigurationMoved => return Err(ErrorCode::Busy),
        };
        let question = HomeLogin {
            login: id,
            phone: phone.name.clone(),
            model: phone.model.clone(),
            description: phone.description.clone(),
            phone_address: request.origin.address(),
            user: user.id.clone(),
            shown: request.shown.clone(),
            profile: request.profile.clone(),
            log_out_url: request.log_out_url.clone(),
        };
        let question = PeerRequest::HomeLogin(question);
        let answer = cluster.ask_peer_for(&user.cluster, journal.number(), question).await;
        self.settled(intent, answer, request, journal).await
    }

    /// Does what home has answered.
    async fn settled(
        &self,
        intent: Intent,
        answer: Result<PeerAnswer, PeerError>,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, ErrorCode> {
        let user = intent.user.clone();
        let by = Actor::user(&user.id, request.origin.address());
        let profile = match &answer {
            Ok(PeerAnswer::LoggedIn(home)) => Some(home.profile.name.as_str()),
            _ => None,
        };
        lines::asked_for_login(journal, &intent.phone, profile);
        let (outcome, configuration, refused) = match answer {
            Ok(PeerAnswer::LoggedIn(home)) => (visiting::Outcome::Admitted, Some(home), None),
            Ok(PeerAnswer::Choose(choice)) => {
                let settle = self.settle(intent, visiting::Outcome::Refused, None, by).await;
                return settle.map(|_| Visited::Choose { user, choice });
            }
            Ok(PeerAnswer::Refused(code)) => (refusal_of(code, &request.shown), None, Some(code)),
            Ok(_) => (visiting::Outcome::Lost, None, Some(ErrorCode::NoResponse)),
            Err(problem) => {
                tracing::warn!(cluster = user.cluster, %problem, "a home login has failed");
                let is_lost = problem.may_be_done();
                let lost = visiting::Outcome::Lost;
                let outcome = if is_lost { lost } else { visiting::Outcome::Refused };
                (outcome, None, Some(ErrorCode::NoResponse))
            }
        };
        let call_server = configuration.as_ref().map(|home| home.call_server.clone());
        let begun = self.settle(intent, outcome, configuration, by).await?;
        if let Some(code) = refused {
            return Err(code);
        }
        // The phone was taken back meanwhile: home is told, and somebody tries again.
        let login = begun.ok_or(ErrorCode::Busy)?;
        self.cluster.counters.logins.inc();
        lines::visiting(journal, &login, &request.log_out_url, &call_server.unwrap_or_default());
        Ok(Visited::LoggedIn(login))
    }

    async fn settle(
        &self,
        intent: Intent,
        outcome: visiting::Outcome,
        configuration: Option<engine::HomeConfiguration>,
        by: Actor,
    ) -> Result<Option<Login>, ErrorCode> {
        let (store, now) = (&*self.cluster.store, self.cluster.clock.now());
        engine::settle(store, intent, outcome, configuration, by, now).await.map_err(store_code)
    }
}

/// Whether a home login that is refused can have been done, or may be yet: home may have met a fault behind its commit,
/// a ticket that is shown twice is refused the second time, and a home that is busy has decided nothing.
fn refusal_of(code: ErrorCode, shown: &Shown) -> visiting::Outcome {
    use ErrorCode::{Busy, Database, NoSuchProfile, PolicyValidation, Unknown, UserInfo};
    let is_open =
        matches!(code, Busy | Unknown | Database | PolicyValidation | UserInfo | NoSuchProfile);
    if is_open || matches!(shown, Shown::Ticket(_)) {
        visiting::Outcome::Lost
    } else {
        visiting::Outcome::Refused
    }
}
