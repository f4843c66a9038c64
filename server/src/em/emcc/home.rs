//! The home cluster: its users log in at phones of other clusters.

use engine::{
    Actor, Configuration, HomeConfiguration, HomeLogin, PeerAnswer, PinCheck, ProfileChoice,
    UserSecret, ports::Outcome,
};
use terms::{Alarm, ErrorCode, MultipleLoginBehavior, Release, key};

use super::{Peer, lines};
use crate::{
    cluster::{About, Source},
    em::{ATTEMPTS, Em, EmOperation, Journal, pin::Proof, refusals::Subject, store_code},
};

/// The name of another cluster's phone, distinct from a phone of the same name in this cluster.
fn phone_elsewhere(peer: &Peer, phone: &str) -> String {
    format!("{phone} ({})", peer.cluster.id)
}

/// Whether a user's other logins count when a stay is admitted.
fn are_counted(configuration: &Configuration) -> bool {
    let behavior = configuration.parameters.multiple_login_behavior();
    behavior != MultipleLoginBehavior::Allowed && configuration.release >= Release::V12_5
}

/// A user whose PIN was right, and who chooses a device profile.
pub(crate) struct HomeTicket {
    proof: Proof,
    /// The cluster that owns the phone.
    visiting: String,
}

impl Em {
    /// Logs a user of this cluster in at a phone of another cluster, or refuses.
    ///
    /// # Errors
    /// The reason for the refusal, or the fault; either is recorded.
    pub(super) async fn home_log_in(
        &self,
        peer: &Peer,
        remote: u64,
        request: &HomeLogin,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        self.cluster.counters.attempted.inc();
        lines::home_login(journal, peer, remote, request);
        let done = self.admitted_at_home(peer, remote, request, journal).await;
        if let Err(code) = done {
            self.refused_at_home(
                peer,
                (&request.phone, &request.user),
                request.profile.as_deref(),
                code,
            );
        }
        done
    }

    /// Checks a user's PIN at a phone of another cluster.
    /// A check helps a guesser as much as a log-in does, so the same limits hold.
    ///
    /// # Errors
    /// The reason for the refusal, such as a wrong PIN, or the fault; either is recorded.
    pub(super) async fn check_pin(
        &self,
        peer: &Peer,
        check: &PinCheck,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        lines::check_pin(journal, &check.user);
        let done = self.checked_pin(peer, check).await;
        if let Err(code) = done {
            self.refused_at_home(peer, (&check.phone, &check.user), None, code);
        }
        done
    }

    async fn checked_pin(&self, peer: &Peer, check: &PinCheck) -> Result<PeerAnswer, ErrorCode> {
        self.is_asked_by(peer)?;
        let phone = phone_elsewhere(peer, &check.phone);
        let PinCheck { user, pin, phone_address, .. } = check;
        let proof = self.pin_shown_by_peer(peer, (&phone, phone_address), user, pin).await?;
        may_log_in(proof).map(|_| PeerAnswer::Done)
    }

    /// Refuses a cluster that is switched off, before it learns whether a PIN is right.
    fn is_asked_by(&self, peer: &Peer) -> Result<(), ErrorCode> {
        let is_enabled = self.cluster.configuration.borrow().is_emcc_partner(&peer.cluster.id);
        if is_enabled { Ok(()) } else { Err(ErrorCode::EmccNotAllowed) }
    }

    /// Records a refused log-in, and raises its alarm.
    fn refused_at_home(
        &self,
        peer: &Peer,
        (phone, user): (&str, &str),
        profile: Option<&str>,
        code: ErrorCode,
    ) {
        let operation = EmOperation::LogIn {
            phone: phone.to_owned(),
            user: user.to_owned(),
            profile: profile.map(ToOwned::to_owned),
            duration: engine::RequestedDuration::Unset,
        };
        let by = Actor { address: peer.address.clone(), ..Actor::cluster(&peer.cluster.id) };
        let subject = Subject::Operation(&operation);
        self.refusals.note(&self.cluster, subject, by, code.number());
        let alarm = match code {
            ErrorCode::NotAuthorized => Alarm::UserInput,
            // A refusal by the login rules raises no alarm.
            ErrorCode::LoggedInElsewhere => return,
            _ => Alarm::FailedAtHome,
        };
        let cluster = &peer.cluster.id;
        self.cluster.alarm(alarm, About { phone, user, cluster, reason: code.number() });
    }

    async fn admitted_at_home(
        &self,
        peer: &Peer,
        remote: u64,
        request: &HomeLogin,
        journal: &mut Journal,
    ) -> Result<PeerAnswer, ErrorCode> {
        self.is_asked_by(peer)?;
        // The PIN is checked without a permit, because a guess may have to wait.
        let proof = may_log_in(self.shown_by_peer(peer, request).await?)?;
        lines::authenticated_at_home(journal, peer, remote, proof.user());
        let limit = self.cluster.configuration.borrow().parameters.maximum_concurrent_requests();
        let Some(_permit) = self.throttle.enter(limit).await else {
            self.cluster.counters.throttled.inc();
            return Err(ErrorCode::Busy);
        };
        for _ in 0..ATTEMPTS {
            let asker = self.by_proof_unsaid(&proof).await?.ok_or(ErrorCode::NotAuthorized)?;
            let Some(configuration) = self.configuration(&asker).await? else { continue };
            if !configuration.is_emcc_partner(&peer.cluster.id) {
                return Err(ErrorCode::EmccNotAllowed);
            }
            if let Some(choice) = self.choice(peer, request, &proof).await? {
                return Ok(PeerAnswer::Choose(choice));
            }
            let (store, now) = (&*self.cluster.store, self.cluster.clock.now());
            let visiting = peer.cluster.id.clone();
            let done =
                engine::home_log_in(store, visiting, request.clone(), asker.version, now).await;
            let admitted = match done.map_err(store_code)? {
                Outcome::ConfigurationMoved => continue,
                Outcome::Refused(code) => {
                    if code == ErrorCode::LoggedInElsewhere {
                        lines::logged_in_devices(journal, proof.user());
                    }
                    return Err(code);
                }
                Outcome::Done(admitted) => admitted,
            };
            let counters = &self.cluster.counters;
            counters.logins.inc();
            counters.logouts.inc_by(admitted.ended.len() as u64);
            let are_counted = are_counted(&configuration);
            lines::admitted_at_home(journal, &self.cluster, peer, remote, &admitted, are_counted);
            let login = admitted.login;
            let profile = store.device_profile(&login.profile).await.map_err(store_code)?;
            let call_server = configuration.site.call_server.clone();
            return Ok(PeerAnswer::LoggedIn(HomeConfiguration {
                user: login.user.id,
                profile: profile.ok_or(ErrorCode::NoSuchProfile)?,
                call_server,
                seconds_left: login.until.map(|until| until.millis_since(now) / 1_000),
            }));
        }
        Err(ErrorCode::Busy)
    }

    /// The proof for the PIN or ticket of a request, if that is right. A ticket is used up in any case.
    async fn shown_by_peer(
        &self,
        peer: &Peer,
        request: &HomeLogin,
    ) -> Result<Option<Proof>, ErrorCode> {
        let phone = phone_elsewhere(peer, &request.phone);
        match &request.secret {
            UserSecret::Pin(pin) => {
                let at = (&*phone, &*request.phone_address);
                self.pin_shown_by_peer(peer, at, &request.user, pin).await
            }
            UserSecret::Ticket(code) => {
                let ticket = self.home_tickets.take(code, self.cluster.clock.now());
                let is_its = |ticket: &HomeTicket| {
                    ticket.visiting == peer.cluster.id
                        && ticket.proof.is_of(&phone)
                        && key(ticket.proof.user()) == key(&request.user)
                };
                Ok(ticket.filter(is_its).map(|ticket| ticket.proof))
            }
        }
    }

    /// The proof for a PIN, if the PIN is right.
    async fn pin_shown_by_peer(
        &self,
        peer: &Peer,
        (phone, phone_address): (&str, &str),
        user: &str,
        pin: &str,
    ) -> Result<Option<Proof>, ErrorCode> {
        // The limit per source applies to the phone's address, if the other cluster states it. The other cluster
        // enforces the limit per phone.
        let address = if phone_address.is_empty() { &peer.address } else { phone_address };
        let address = Source::elsewhere(address, &peer.cluster.id);
        self.shown_pin_elsewhere(phone, user, pin, &address).await
    }

    /// The profiles to choose from, if the user has several and the request names none.
    async fn choice(
        &self,
        peer: &Peer,
        request: &HomeLogin,
        proof: &Proof,
    ) -> Result<Option<ProfileChoice>, ErrorCode> {
        if request.profile.is_some() {
            return Ok(None);
        }
        let users = self.cluster.store.users(&[proof.user().to_owned()]).await;
        let user = users.map_err(store_code)?.1.into_iter().flatten().next();
        let profiles = user.map(|user| user.profiles).unwrap_or_default();
        if profiles.len() < 2 {
            return Ok(None);
        }
        let ticket = HomeTicket { proof: proof.clone(), visiting: peer.cluster.id.clone() };
        let ticket = self.home_tickets.give(ticket, self.cluster.clock.now());
        Ok(Some(ProfileChoice { ticket, profiles }))
    }
}

/// The proof, if its user need not choose another PIN first; the user can do so at a phone of this cluster alone.
fn may_log_in(proof: Option<Proof>) -> Result<Proof, ErrorCode> {
    let proof = proof.ok_or(ErrorCode::NotAuthorized)?;
    if proof.must_change() { Err(ErrorCode::PinChangeRequired) } else { Ok(proof) }
}
