//! The visiting cluster's rules, as pure functions. The visiting cluster owns the phone.
//!
//! A stay begins at the visiting cluster in two transactions: [`intend`] before the request to the home cluster,
//! [`settle`] when the answer is known, or known to be lost.

use terms::{EndCause, ErrorCode};

use super::{Intent, StayEnd};
use crate::{Facts, Login, LoginId, PhoneFacts, UtcMillis};

/// An admitted intent, with the expired rows that hold its phone.
#[derive(Clone, Debug)]
pub struct Intention<'f> {
    /// The phone.
    pub phone: &'f PhoneFacts,
    /// An expired login on the phone: the login ends first.
    pub end_first: Option<&'f Login>,
    /// An expired intent for the phone: that intent is given up first.
    pub give_up_first: Option<&'f Intent>,
}

/// Admits or refuses the intent to log a user of another cluster in, in the order of refusals 11, 22, 18.
///
/// # Errors
/// The code of the first rule that refuses.
pub fn intend(facts: &Facts, now: UtcMillis) -> Result<Intention<'_>, ErrorCode> {
    let phone = facts.phone.as_ref().ok_or(ErrorCode::NoSuchDevice)?;
    if !phone.extension_mobility {
        return Err(ErrorCode::LoginDisabled);
    }
    let (end_first, give_up_first) = (facts.open_on_phone.as_ref(), facts.intent_on_phone.as_ref());
    let is_taken = end_first.is_some_and(|open| !open.is_due(now))
        || give_up_first.is_some_and(|intent| !intent.is_due(now));
    if is_taken {
        return Err(ErrorCode::DeviceTaken);
    }
    Ok(Intention { phone, end_first, give_up_first })
}

/// The outcome of a home login, as far as the visiting cluster knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The user is logged in at home.
    Admitted,
    /// The home cluster has refused, or lets the user choose a profile first: no stay is open there.
    Refused,
    /// The answer is lost: the home cluster may have logged the user in.
    Lost,
}

/// The effect of settling an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The login begins, and replaces the intent.
    Begin,
    /// The intent is dropped.
    Drop,
    /// The intent is dropped, if it still exists, and a farewell tells the home cluster that the stay must not begin.
    Undo,
    /// Nothing.
    Nothing,
}

/// Settles the intent of this id. An intent that no longer exists was given up or dropped meanwhile: another user
/// may be logged in at the phone.
#[must_use]
pub fn settle(facts: &Facts, id: LoginId, outcome: Outcome) -> Settlement {
    let is_held = facts.intent_on_phone.as_ref().is_some_and(|intent| intent.id == id);
    let may_begin = facts.phone.as_ref().is_some_and(|phone| phone.extension_mobility);
    match (outcome, is_held) {
        (Outcome::Admitted, true) if may_begin => Settlement::Begin,
        (Outcome::Admitted, _) | (Outcome::Lost, true) => Settlement::Undo,
        (Outcome::Refused, true) => Settlement::Drop,
        // The operation that gave the intent up has posted the farewell.
        (Outcome::Refused | Outcome::Lost, false) => Settlement::Nothing,
    }
}

/// The effect of a log-out by the home cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing<'f> {
    /// This login ends.
    End(&'f Login, EndCause),
    /// This intent is dropped; the answer in transit finds no intent.
    Drop(&'f Intent),
    /// Nothing: the stay has already ended.
    Nothing,
}

/// Returns what a log-out by `home` ends. A message with an identity ends only that stay; a message without
/// an identity ends the stay of whichever user of `home` is logged in at the phone.
#[must_use]
pub fn log_out<'f>(facts: &'f Facts, home: &str, end: &StayEnd) -> Closing<'f> {
    let is_meant = |id: LoginId| end.login.is_none_or(|login| login == id);
    let open = facts.open_on_phone.as_ref();
    if let Some(open) = open.filter(|open| open.user.cluster == home && is_meant(open.id)) {
        return Closing::End(open, end.cause.unwrap_or(EndCause::Remote));
    }
    let intent = facts.intent_on_phone.as_ref();
    // A message without an identity means an earlier stay at the phone, which is over, not the intent.
    let is_meant = |intent: &&Intent| intent.user.cluster == home && end.login == Some(intent.id);
    intent.filter(is_meant).map_or(Closing::Nothing, Closing::Drop)
}
