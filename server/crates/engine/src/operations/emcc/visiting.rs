//! The operations of the visiting cluster.

use async_trait::async_trait;
use terms::{EndCause, LoginType};

use crate::{
    Actor, EndedLogin, EventKind, Farewell, HomeConfiguration, Intent, LimitSource, Login, LoginId,
    PhoneFacts, PhoneId, StayEnd, StoreError, UserId, UtcMillis,
    emcc::visiting::{self, Closing, Settlement, intend, log_out, settle},
    operations::{
        end::{Ending, end, give_up},
        work::Work,
    },
    ports::Outcome,
    transaction::{Names, Transaction},
};

/// How long a visit goes on after the limit that the home cluster has set, in milliseconds. The timer of the
/// home cluster ends the visit; the timer of this cluster ends it only while home can't be reached.
pub(super) const GRACE_MS: i64 = 30_000;

/// How long a visit goes on without a confirmation by the home cluster, in milliseconds.
const UNCONFIRMED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// When a visit ends by itself, if the home cluster reports `seconds_left` at `now`.
pub(super) fn safety_expiry(now: UtcMillis, seconds_left: Option<u64>) -> UtcMillis {
    let left = seconds_left.and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1_000));
    let at_most = left.map_or(UNCONFIRMED_MS, |ms| ms.saturating_add(GRACE_MS).min(UNCONFIRMED_MS));
    UtcMillis(now.0.saturating_add(at_most))
}

/// Writes the intent to log in a user of another cluster.
pub(crate) struct Intend {
    pub(crate) id: LoginId,
    /// The phone's name.
    pub(crate) phone: String,
    /// The user, of the home cluster.
    pub(crate) user: UserId,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Intend {
    type Output = Outcome<(Intent, PhoneFacts)>;

    fn names(&self) -> Names {
        let (user, phone) = (Some(self.user.clone()), Some(PhoneId::own(&self.phone)));
        Names { user, phone, ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let facts = tx.facts().await?;
        let intention = match intend(&facts, self.now) {
            Ok(intention) => intention,
            Err(code) => return Ok(Outcome::Refused(code)),
        };
        if let Some(due) = intention.end_first {
            end(tx, due.clone(), Ending::of(EndCause::Expired, &Actor::SYSTEM), self.now).await?;
        }
        if let Some(intent) = intention.give_up_first {
            give_up(tx, intent, self.now).await?;
        }
        let expires = UtcMillis(self.now.0.saturating_add(Intent::HOLD_MS));
        let (phone, user) = (intention.phone.name.clone(), self.user.clone());
        let intent = Intent { id: self.id, phone, user, expires };
        tx.hold(&intent).await?;
        Ok(Outcome::Done((intent, intention.phone.clone())))
    }
}

/// Settles an intent.
pub(crate) struct Settle {
    pub(crate) intent: Intent,
    pub(crate) outcome: visiting::Outcome,
    /// The configuration from the home cluster, which sends it when it has admitted the user.
    pub(crate) configuration: Option<HomeConfiguration>,
    /// The actor who logs the user in.
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Settle {
    /// The login; `None` when no login began.
    type Output = Option<Login>;

    fn names(&self) -> Names {
        let Intent { user, phone, .. } = &self.intent;
        Names { user: Some(user.clone()), phone: Some(PhoneId::own(phone)), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let facts = tx.facts().await?;
        let Intent { id, phone, user, .. } = &self.intent;
        let settlement = settle(&facts, *id, self.outcome);
        let visit = self.configuration.as_ref().zip(facts.phone.as_ref());
        match (settlement, visit) {
            (Settlement::Begin, Some((configuration, phone))) => {
                tx.drop_intent(*id).await?;
                let login = Login {
                    id: *id,
                    user: UserId { cluster: user.cluster.clone(), id: configuration.user.clone() },
                    phone: PhoneId::own(&phone.name),
                    model: phone.model.clone(),
                    description: phone.description.clone(),
                    profile: configuration.profile.name.clone(),
                    login_type: LoginType::Visiting,
                    from: self.now,
                    until: Some(safety_expiry(self.now, configuration.seconds_left)),
                    by: self.by.clone(),
                };
                tx.begin(&login, LimitSource::Home, false).await?;
                tx.keep_visit(*id, configuration).await?;
                tx.event(self.now, EventKind::LoggedIn(login.clone())).await?;
                return Ok(Some(login));
            }
            (Settlement::Drop, _) => tx.drop_intent(*id).await?,
            // Without a phone or a configuration no login can begin.
            (Settlement::Undo | Settlement::Begin, _) => {
                tx.drop_intent(*id).await?;
                tx.post(&Farewell::of_intent(*id, phone, &user.cluster), self.now).await?;
            }
            (Settlement::Nothing, _) => {}
        }
        Ok(None)
    }
}

/// Ends a stay because the home cluster reports its end.
pub(crate) struct VisitingLogOut {
    /// The home cluster, which sends the report.
    pub(crate) home: String,
    pub(crate) end: StayEnd,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for VisitingLogOut {
    type Output = Option<EndedLogin>;

    fn names(&self) -> Names {
        Names { phone: Some(PhoneId::own(&self.end.phone)), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let facts = tx.facts().await?;
        match log_out(&facts, &self.home, &self.end) {
            Closing::End(open, cause) => {
                let by = Actor::cluster(&self.home);
                end(tx, open.clone(), Ending::told(cause, &by), self.now).await.map(Some)
            }
            Closing::Drop(intent) => tx.drop_intent(intent.id).await.map(|()| None),
            Closing::Nothing => Ok(None),
        }
    }
}

/// Gives up at most `limit` intents that hold their phones no longer at `due`; returns how many.
pub(crate) struct GiveUpIntents {
    pub(crate) due: UtcMillis,
    pub(crate) now: UtcMillis,
    pub(crate) limit: u32,
}

#[async_trait]
impl Work for GiveUpIntents {
    type Output = u32;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<u32, StoreError> {
        let mut count = 0;
        for intent in tx.due_intents(self.due, self.limit).await? {
            give_up(tx, &intent, self.now).await?;
            count += 1;
        }
        Ok(count)
    }
}
