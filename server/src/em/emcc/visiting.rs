//! The visiting cluster: users of other clusters log in at its phones.

use std::time::Duration;

use engine::{
    Actor, Configuration, HomeLogin, Intent, Login, NamedUser, PeerAnswer, PeerRequest, PinCheck,
    ProfileChoice, UserId, UserSecret,
    emcc::visiting,
    ports::{Outcome, PeerError},
};
use terms::{Alarm, ErrorCode, Parameter};

use super::lines;
use crate::{
    cluster::About,
    edge::Sampled,
    em::{Em, Journal, Origin, store_code, throttle::Throttle},
};

/// The longest wait for a permit: a log-in without a permit must not take longer than a log-in with a wrong PIN.
const PERMIT_WAIT: Duration = Duration::from_millis(500);

/// The shared state of log-ins of users of other clusters.
#[derive(Default)]
pub(in crate::em) struct Visits {
    /// The permits of *Maximum Concurrent Requests*, apart from those of the EM service: a log-in that waits for
    /// the home cluster must not hold a permit that the home cluster may need here for a user of this cluster.
    throttle: Throttle,
    /// Home logins that failed.
    pub(super) failed: Sampled,
    /// Users whom several clusters claim.
    pub(super) claimed_twice: Sampled,
}

/// A log-in of a user who is not of this cluster.
pub(crate) struct VisitRequest {
    /// The phone's name.
    pub(crate) phone: String,
    /// The user, as named at the phone.
    pub(crate) named: NamedUser,
    /// The user with the home cluster, if an earlier step found that cluster.
    pub(crate) user: Option<UserId>,
    /// The PIN or ticket that the user shows.
    pub(crate) secret: UserSecret,
    /// The device profile, if the user has chosen one.
    pub(crate) profile: Option<String>,
    /// The origin of the phone's request.
    pub(crate) origin: Origin,
    /// The address that logs the phone out.
    pub(crate) log_out_url: String,
}

/// Why a user of another cluster is not logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotVisited {
    /// No home cluster has found the PIN right. The phone shows no more than for a wrong PIN, since the reason
    /// would tell a guesser that the user exists.
    Unproven(ErrorCode),
    /// The PIN is right, and this cluster or the home cluster refuses.
    Refused(ErrorCode),
}

impl NotVisited {
    /// The error code.
    pub(crate) const fn code(self) -> ErrorCode {
        match self {
            Self::Unproven(code) | Self::Refused(code) => code,
        }
    }

    /// The meaning of a refusal by the home cluster.
    /// The home cluster sends some codes before it verifies the PIN; a user who shows a ticket has shown the PIN
    /// before.
    const fn by_home(code: ErrorCode, secret: &UserSecret) -> Self {
        use ErrorCode as Code;
        let is_before_pin = matches!(
            code,
            Code::NotAuthorized
                | Code::NoSuchUser
                | Code::Busy
                | Code::Parsing
                | Code::Unknown
                | Code::Database
                | Code::PolicyValidation
                | Code::UserInfo
                | Code::VisitingClusterUnknown
                | Code::InvalidClusterId
                | Code::EmccNotAllowed
                | Code::NoResponse
        );
        match secret {
            UserSecret::Pin(_) if is_before_pin => Self::Unproven(code),
            _ => Self::Refused(code),
        }
    }
}

/// The outcome of a log-in.
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
        configuration.emcc_partners().next().is_some()
    }

    /// Logs a user of another cluster in.
    ///
    /// # Errors
    /// The reason for the refusal, by this cluster or by the home cluster.
    pub(crate) async fn visit(
        &self,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        let begun = self.cluster.clock.now();
        self.cluster.counters.attempted.inc();
        lines::visit(journal, request);
        let visited = match &request.secret {
            UserSecret::Pin(pin) => self.guessed(request, pin, journal).await,
            UserSecret::Ticket(_) => self.visited(request, journal).await,
        };
        if let Err(why) = &visited {
            let millis = self.cluster.clock.now().millis_since(begun);
            lines::refused_visit(journal, &self.cluster, why.code(), millis);
            self.sound(request, *why);
        }
        visited
    }

    /// A log-in by PIN, within the limits of guesses at this cluster's phones.
    async fn guessed(
        &self,
        request: &VisitRequest,
        pin: &str,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        let mut visited = Err(NotVisited::Unproven(ErrorCode::NotAuthorized));
        let is_right = async || {
            visited = self.visited(request, journal).await;
            !matches!(visited, Err(NotVisited::Unproven(_)))
        };
        match self.guess_elsewhere(&request.phone, pin, &request.origin, is_right).await {
            Ok(()) => visited,
            Err(code) => Err(NotVisited::Unproven(code)),
        }
    }

    async fn visited(
        &self,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        // The store has the newest configuration: a cluster that was just switched off is no longer asked.
        let configuration = self.cluster.store.configuration().await;
        let configuration = configuration.map_err(store_code).map_err(NotVisited::Unproven)?;
        let limit = configuration.parameters.maximum_concurrent_requests();
        let Some(_permit) = self.visits.throttle.enter_within(limit, PERMIT_WAIT).await else {
            self.cluster.counters.throttled.inc();
            return Err(NotVisited::Unproven(ErrorCode::Busy));
        };
        let refused = self.may_come_from_there(request, &configuration).await.err();
        if let Some(user) = &request.user {
            if !configuration.is_emcc_partner(&user.cluster) {
                return Err(NotVisited::Refused(ErrorCode::EmccNotAllowed));
            }
            return self.visit_of(user, refused, request, journal).await;
        }
        let (mut user, mut is_remembered) =
            self.find_home(&request.named, &configuration, journal).await?;
        loop {
            let visited = self.visit_of(&user, refused, request, journal).await;
            match visited {
                // The home cluster no longer knows the user; another cluster may.
                Err(NotVisited::Unproven(ErrorCode::NoSuchUser)) if is_remembered => {
                    self.cluster.peers.homes.forget(&request.named);
                    (user, is_remembered) =
                        self.find_home(&request.named, &configuration, journal).await?;
                }
                // The user may be unknown, or the PIN wrong: the home cluster does not say which. The next log-in
                // asks all clusters again.
                Err(why @ NotVisited::Unproven(ErrorCode::NotAuthorized)) if is_remembered => {
                    self.cluster.peers.homes.forget(&request.named);
                    return Err(why);
                }
                visited => return visited,
            }
        }
    }

    /// Raises the alarm of a refusal, if there is one.
    fn sound(&self, request: &VisitRequest, why: NotVisited) {
        let code = why.code();
        let alarm = match code {
            ErrorCode::NotAuthorized => Alarm::UserInput,
            // A refusal by the login rules raises no alarm.
            ErrorCode::LoggedInElsewhere | ErrorCode::DeviceTaken | ErrorCode::NoSuchDevice => {
                return;
            }
            _ => Alarm::FailedHere,
        };
        let user = match &request.named {
            NamedUser::Id(id) => id.as_str(),
            NamedUser::Number(_) => "",
        };
        let remembered = self.cluster.peers.homes.find(&request.named, self.cluster.clock.now());
        let home = request.user.as_ref().or(remembered.as_ref());
        let cluster = home.map_or("", |user| user.cluster.as_str());
        let about = About { phone: &request.phone, user, cluster, reason: code.number() };
        self.cluster.alarm(alarm, about);
    }

    /// Checks the source address of the phone's request: *Validate IP Address*, *EMCC Allow Proxy*.
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

    /// Holds the phone with an intent, asks the home cluster, and begins the login.
    /// `refused` is the reason if this cluster already refuses the log-in.
    async fn visit_of(
        &self,
        user: &UserId,
        refused: Option<ErrorCode>,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
        if let Some(code) = refused {
            return Err(self.refusal_here(user, code, request, journal).await);
        }
        let cluster = &self.cluster;
        let (store, now) = (&*cluster.store, cluster.clock.now());
        let id = cluster.ids.login_id();
        let held = engine::intend(store, id, request.phone.clone(), user.clone(), now).await;
        let (intent, phone) = match held.map_err(store_code).map_err(NotVisited::Unproven)? {
            Outcome::Done(held) => held,
            Outcome::Refused(code) => {
                return Err(self.refusal_here(user, code, request, journal).await);
            }
            Outcome::ConfigurationMoved => return Err(NotVisited::Unproven(ErrorCode::Busy)),
        };
        let question = HomeLogin {
            login: id,
            phone: phone.name.clone(),
            model: phone.model.clone(),
            description: phone.description.clone(),
            phone_address: request.origin.address(),
            user: user.id.clone(),
            secret: request.secret.clone(),
            profile: request.profile.clone(),
            log_out_url: request.log_out_url.clone(),
        };
        let question = PeerRequest::HomeLogin(question);
        let answer = cluster.ask_peer_for(&user.cluster, journal.number(), question).await;
        self.settled(intent, answer, request, journal).await
    }

    /// The error for the phone when this cluster refuses.
    /// The reason is for the user alone, so the home cluster checks the PIN first. The error for an unknown phone
    /// reveals no more than the error for a wrong PIN anyway.
    async fn refusal_here(
        &self,
        user: &UserId,
        code: ErrorCode,
        request: &VisitRequest,
        journal: &Journal,
    ) -> NotVisited {
        let pin = match &request.secret {
            UserSecret::Ticket(_) => return NotVisited::Refused(code),
            UserSecret::Pin(_) if code == ErrorCode::NoSuchDevice => {
                return NotVisited::Unproven(code);
            }
            UserSecret::Pin(pin) => pin.clone(),
        };
        let check = PeerRequest::CheckPin(PinCheck {
            phone: request.phone.clone(),
            phone_address: request.origin.address(),
            user: user.id.clone(),
            pin,
        });
        match self.cluster.ask_peer_for(&user.cluster, journal.number(), check).await {
            Ok(PeerAnswer::Done) => NotVisited::Refused(code),
            Ok(PeerAnswer::Refused(code)) => NotVisited::Unproven(code),
            Ok(_) | Err(_) => NotVisited::Unproven(ErrorCode::NoResponse),
        }
    }

    /// Applies the answer of the home cluster.
    async fn settled(
        &self,
        intent: Intent,
        answer: Result<PeerAnswer, PeerError>,
        request: &VisitRequest,
        journal: &mut Journal,
    ) -> Result<Visited, NotVisited> {
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
                let settled = settle.map_err(NotVisited::Refused);
                return settled.map(|_| Visited::Choose { user, choice });
            }
            Ok(PeerAnswer::Refused(code)) => (refusal_of(code, &request.secret), None, Some(code)),
            Ok(_) => (visiting::Outcome::Lost, None, Some(ErrorCode::NoResponse)),
            Err(problem) => {
                if let Some(times) = self.visits.failed.count() {
                    tracing::warn!(times, cluster = user.cluster, %problem, "a home login has failed");
                }
                let is_lost = problem.may_be_done();
                let lost = visiting::Outcome::Lost;
                let outcome = if is_lost { lost } else { visiting::Outcome::Refused };
                (outcome, None, Some(ErrorCode::NoResponse))
            }
        };
        let call_server = configuration.as_ref().map(|home| home.call_server.clone());
        let begun = self.settle(intent, outcome, configuration, by).await;
        if let Some(code) = refused {
            return Err(NotVisited::by_home(code, &request.secret));
        }
        let begun = begun.map_err(NotVisited::Refused)?;
        // The phone was taken back meanwhile: a farewell tells the home cluster, and the user tries again.
        let login = begun.ok_or(NotVisited::Refused(ErrorCode::Busy))?;
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

/// Whether a refused home login may have been committed, or may still be.
/// The home cluster may have met a fault after its commit, a ticket that is shown twice is refused the second time,
/// and a busy home cluster has decided nothing.
fn refusal_of(code: ErrorCode, secret: &UserSecret) -> visiting::Outcome {
    use ErrorCode::{Busy, Database, NoSuchProfile, PolicyValidation, Unknown, UserInfo};
    let is_open =
        matches!(code, Busy | Unknown | Database | PolicyValidation | UserInfo | NoSuchProfile);
    if is_open || matches!(secret, UserSecret::Ticket(_)) {
        visiting::Outcome::Lost
    } else {
        visiting::Outcome::Refused
    }
}
