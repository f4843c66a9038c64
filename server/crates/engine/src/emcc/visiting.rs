//! The visiting cluster's rules, pure: it owns the phone.
//!
//! A stay begins here in two transactions: [`intend`] before home is asked, [`settle`] when its answer is
//! known, or known to be lost.

use terms::{EndCause, ErrorCode};

use super::{Intent, StayEnd};
use crate::{Facts, LoginId, OpenLogin, PhoneFacts, UtcMillis};

/// An intent that may be written, with what makes room for it.
#[derive(Clone, Debug)]
pub struct Intention<'f> {
    /// The phone.
    pub phone: &'f PhoneFacts,
    /// A login on the phone whose time is up: it ends first.
    pub end_first: Option<&'f OpenLogin>,
    /// An intent that holds the phone no longer: it is given up first.
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

/// What is known of home's answer to a home login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The user is logged in at home.
    Admitted,
    /// Home has refused, or lets the user choose first: it holds nothing open.
    Refused,
    /// The answer is lost: home may have the user logged in.
    Lost,
}

/// What becomes of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The login begins, in the place of the intent.
    Begin,
    /// The intent is dropped.
    Drop,
    /// The intent is dropped, if it is there still, and home is told that the stay must not begin.
    Undo,
    /// Nothing.
    Nothing,
}

/// Settles the intent of this id. One that is not there any more was given up meanwhile: the phone may be
/// somebody else's by now.
#[must_use]
pub fn settle(facts: &Facts, id: LoginId, outcome: Outcome) -> Settlement {
    let is_held = facts.intent_on_phone.as_ref().is_some_and(|intent| intent.id == id);
    let may_begin = facts.phone.as_ref().is_some_and(|phone| phone.extension_mobility);
    match (outcome, is_held) {
        (Outcome::Admitted, true) if may_begin => Settlement::Begin,
        (Outcome::Admitted, _) | (Outcome::Lost, true) => Settlement::Undo,
        (Outcome::Refused, true) => Settlement::Drop,
        // The operation that gave the intent up has told home.
        (Outcome::Refused | Outcome::Lost, false) => Settlement::Nothing,
    }
}

/// What a log-out that home asks for ends here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing<'f> {
    /// This login ends.
    End(&'f OpenLogin, EndCause),
    /// This intent is dropped; the answer that is on its way finds nothing.
    Drop(&'f Intent),
    /// Nothing: it has ended.
    Nothing,
}

/// Says what a log-out by `home` ends. A message with an identity means that stay alone; one without
/// means whoever of home's users is at the phone.
#[must_use]
pub fn log_out<'f>(facts: &'f Facts, home: &str, end: &StayEnd) -> Closing<'f> {
    let is_meant = |id: LoginId| end.login.is_none_or(|login| login == id);
    let open = facts.open_on_phone.as_ref();
    if let Some(open) = open.filter(|open| open.user.cluster == home && is_meant(open.id)) {
        return Closing::End(open, end.cause.unwrap_or(EndCause::Remote));
    }
    let intent = facts.intent_on_phone.as_ref();
    // By phone alone it would be the one before that is meant, which is over.
    let is_meant = |intent: &&Intent| intent.user.cluster == home && end.login == Some(intent.id);
    intent.filter(is_meant).map_or(Closing::Nothing, Closing::Drop)
}
