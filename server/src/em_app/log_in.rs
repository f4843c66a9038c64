//! Logging in: the user, the PIN, and the device profile.

use std::time::Duration;

use engine::{Actor, NamedUser, RequestedDuration};
use terms::{AppError, ErrorCode};
use tokio::time::{Instant, sleep_until};
use wire::{
    phone::Screen,
    request::{self, RequestedOperation},
};

use super::{Call, Failure, fields::IdKind, lines, screens::Screens, ticket::Ticket};
use crate::em::{self, AskerCredentials, Proof};

/// The time of a failed log-in where users of other clusters may log in.
/// This fixed time does not reveal whether a user is of this cluster, of another cluster, or of none. A failure
/// that takes longer is extended to a multiple of it.
const BUDGET: Duration = Duration::from_secs(1);

/// Waits until a multiple of `BUDGET` has passed since `begun`.
async fn wait_for_budget(begun: Instant) {
    let budget = BUDGET.as_millis();
    let parts = begun.elapsed().as_millis() / budget + 1;
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    sleep_until(begun + BUDGET * parts).await;
}

impl Call<'_> {
    /// Logs a user in by a PIN, or asks for the profile if the user has several.
    /// Where users of other clusters may log in, each failure that the phone shows as a wrong PIN takes as long
    /// as a wrong PIN.
    pub(super) async fn log_in(&mut self, typed: &str, pin: &str) -> Result<Screen, Failure> {
        let id_kind = self.fields.id_kind()?;
        if typed.is_empty() || pin.is_empty() {
            return Err(self.refused(typed, AppError::Blank));
        }
        if !self.app.em.takes_visitors() {
            return self.log_in_here(id_kind, typed, pin).await;
        }
        let begun = Instant::now();
        let done = self.log_in_here(id_kind, typed, pin).await;
        if matches!(done, Err(Failure::App(AppError::Authentication))) {
            wait_for_budget(begun).await;
        }
        done
    }

    async fn log_in_here(
        &mut self,
        id_kind: IdKind,
        typed: &str,
        pin: &str,
    ) -> Result<Screen, Failure> {
        let user = self.meant(id_kind, typed).await?;
        // An unassigned number is looked up too, so that the answer takes as long as for a user.
        let known = self.user(user.as_deref().unwrap_or_default()).await?;
        if known.is_none() && self.may_visit() {
            let named = match id_kind.number(typed) {
                Some(number) => NamedUser::Number(number),
                None => NamedUser::Id(typed.to_owned()),
            };
            return self.visit(typed, named, pin).await;
        }
        let typed_and_meant = (typed, user.as_deref());
        let (device, origin) = (self.fields.device.clone(), self.origin.clone());
        let proof = self.app.em.shown_pin(&device, typed_and_meant, pin, &origin).await;
        let proof = proof.map_err(|code| match self.unchecked(typed, code) {
            // An unknown user and a visitor never get busy before the PIN is right; busy would reveal a user of
            // this cluster.
            Failure::Service(ErrorCode::Busy) if self.app.em.takes_visitors() => {
                AppError::Authentication.into()
            }
            failure => failure,
        })?;
        let Some(proof) = proof else {
            return Err(self.refused(typed, AppError::Authentication));
        };
        if proof.must_change() {
            let by = Actor::user(typed, self.origin.address());
            self.app.em.refused(&self.operation(typed), by, ErrorCode::PinChangeRequired);
            return Ok(self.change_pin_form(Some(typed)).await);
        }
        let profiles = known.map(|user| user.profiles).unwrap_or_default();
        lines::authenticated(self.journal, proof.user(), &profiles);
        match profiles.as_slice() {
            [] => Err(self.refused(typed, AppError::NoProfile)),
            [_] => self.log_in_as(proof, None).await,
            _ => {
                let now = self.app.em.cluster.clock.now();
                let ticket = self.app.tickets.give(Ticket::Own(proof, profiles.clone()), now);
                Ok(Screens::new(&self.phone, &self.fields).profiles(&ticket, &profiles))
            }
        }
    }

    /// Logs a user in with a profile of a menu. The ticket is the proof of the PIN.
    pub(super) async fn log_in_with(
        &mut self,
        ticket: &str,
        choice: &str,
    ) -> Result<Screen, Failure> {
        let now = self.app.em.cluster.clock.now();
        let ticket = self.app.tickets.take(ticket, now);
        let ticket = ticket.filter(|ticket| ticket.is_of(&self.fields.device));
        let ticket = ticket.ok_or_else(|| self.refused("", AppError::Authentication))?;
        let profile = choice.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let profile = profile.and_then(|index| ticket.profiles().get(index));
        let profile = profile.ok_or_else(|| self.refused("", AppError::NoProfile))?.clone();
        match ticket {
            Ticket::Own(proof, _) => self.log_in_as(proof, Some(profile)).await,
            Ticket::Visitor { user, choice, .. } => {
                self.visit_with(user, choice.ticket, profile).await
            }
        }
    }

    async fn log_in_as(
        &mut self,
        proof: Proof,
        profile: Option<String>,
    ) -> Result<Screen, Failure> {
        let user = proof.user().to_owned();
        let (device, duration) = (self.fields.device.clone(), request::Duration::Unset);
        let operation = RequestedOperation::Login { device, user: user.clone(), profile, duration };
        let done = self.ask(operation, AskerCredentials::Proof(proof)).await;
        done.map_err(|code| match code {
            // Since the PIN was shown, the PIN was changed, the user was disabled, or the phone was deleted.
            ErrorCode::InvalidAppUser | ErrorCode::NoSuchUser | ErrorCode::NoSuchDevice => {
                AppError::Authentication.into()
            }
            ErrorCode::NoSuchProfile => AppError::NoProfile.into(),
            code => Failure::from(code),
        })?;
        lines::logged_in(self.journal, &user, &self.fields.device);
        Ok(Screens::new(&self.phone, &self.fields).logged_in(&user))
    }

    /// The id of the user that the typed text means; `None` if there is none.
    pub(super) async fn meant(
        &self,
        id_kind: IdKind,
        typed: &str,
    ) -> Result<Option<String>, Failure> {
        let Some(number) = id_kind.number(typed) else { return Ok(Some(typed.to_owned())) };
        let found = self.app.em.users_by(&number).await?;
        match found.as_slice() {
            [] => Ok(None),
            [user] => Ok(Some(user.clone())),
            _ => Err(self.refused(typed, AppError::DnAmbiguous)),
        }
    }

    /// Notes that the application refused a log-in.
    pub(super) fn refused(&self, typed: &str, why: AppError) -> Failure {
        let operation = self.operation(typed);
        let by = Actor::user(typed, self.origin.address());
        self.app.em.refused_at_application(&operation, by, why);
        why.into()
    }

    /// Notes that a PIN could not be checked.
    pub(super) fn unchecked(&self, typed: &str, code: ErrorCode) -> Failure {
        let by = Actor::user(typed, self.origin.address());
        self.app.em.refused(&self.operation(typed), by, code);
        code.into()
    }

    pub(super) fn operation(&self, typed: &str) -> em::EmOperation {
        em::EmOperation::LogIn {
            phone: self.fields.device.clone(),
            user: typed.to_owned(),
            profile: None,
            duration: RequestedDuration::Unset,
        }
    }
}
