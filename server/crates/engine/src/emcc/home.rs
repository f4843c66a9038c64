//! The home cluster's rules, as pure functions.
//!
//! The home cluster owns the user, and its *Multiple Login Behavior* applies.

use std::cmp::Ordering;

use terms::{EndCause, ErrorCode, LoginType, MultipleLoginBehavior, Release, key};

use super::{HomeLogin, StayEnd};
use crate::{Facts, LimitSource, Login, UserId, UtcMillis, inter_limit};

/// An admitted stay.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The user's id in its stored spelling.
    pub user: String,
    /// The device profile to use.
    pub profile: String,
    /// When the stay expires; `None` is unlimited.
    pub until: Option<UtcMillis>,
    /// The source of that limit.
    pub limit_source: LimitSource,
    /// Whether the database accepts no second sole login of the user, as in an admission within the cluster.
    pub sole: bool,
    /// The logins that must end before the stay begins, each with its cause.
    pub end_first: Vec<(Login, EndCause)>,
}

/// The home cluster's decision on an admitted home login.
#[derive(Clone, Debug)]
pub enum Decision<'f> {
    /// The stay begins.
    Begin(Admission),
    /// The stay is open: the request is a repetition, and gets the first answer again.
    Again(&'f Login),
}

/// Admits or refuses the stay of a user whose PIN was right, in the order of refusals 38, 23, 31, 37, 12, 25.
///
/// A stay that is open at home on the phone ends first (cause `remote`): the visiting cluster owns the phone, and
/// knows that the phone is free.
///
/// # Errors
/// The code of the first rule that refuses.
pub fn log_in<'f>(
    facts: &'f Facts,
    request: &HomeLogin,
    now: UtcMillis,
) -> Result<Decision<'f>, ErrorCode> {
    if facts.is_over {
        // The visiting cluster has given the stay up, or the stay has ended since.
        return Err(ErrorCode::EmccNotAllowed);
    }
    match facts.open_on_phone.as_ref().map(|open| (open, open.id.cmp(&request.login))) {
        Some((open, Ordering::Equal)) if open.user.is(&UserId::own(&request.user)) => {
            return Ok(Decision::Again(open));
        }
        // Identities grow with time: this request is older than the open stay, and has arrived late; or the
        // identity belongs to the stay of another user.
        Some((_, Ordering::Greater | Ordering::Equal)) => return Err(ErrorCode::EmccNotAllowed),
        Some((_, Ordering::Less)) | None => {}
    }
    let user = facts.user.as_ref().filter(|user| user.enabled).ok_or(ErrorCode::NoSuchUser)?;
    if !user.emcc {
        return Err(ErrorCode::EmccNotActivated);
    }
    if facts.has_namesake {
        return Err(ErrorCode::DuplicateDevice);
    }
    let is_wanted =
        |own: &&String| request.profile.as_ref().is_none_or(|name| key(own) == key(name));
    let profile = user.profiles.iter().find(is_wanted).ok_or(ErrorCode::NoSuchProfile)?;

    let mut end_first: Vec<(Login, EndCause)> = Vec::new();
    end_first.extend(facts.open_on_phone.iter().map(|open| (open.clone(), EndCause::Remote)));
    let is_here = |open: &&Login| facts.open_on_phone.as_ref().is_some_and(|on| on.id == open.id);
    let others = facts.open_of_user.iter().filter(|open| !is_here(open));
    let (due, elsewhere): (Vec<_>, Vec<_>) = others.partition(|open| open.is_due(now));
    end_first.extend(due.into_iter().map(|open| (open.clone(), EndCause::Expired)));
    let behavior = behavior(facts);
    match behavior {
        MultipleLoginBehavior::Allowed => {}
        MultipleLoginBehavior::NotAllowed if elsewhere.is_empty() => {}
        MultipleLoginBehavior::NotAllowed => return Err(ErrorCode::LoggedInElsewhere),
        MultipleLoginBehavior::AutoLogout => {
            end_first
                .extend(elsewhere.into_iter().map(|open| (open.clone(), EndCause::AutoLogout)));
        }
    }
    let (minutes, limit_source) = inter_limit(user.max_login_minutes, &facts.parameters);
    Ok(Decision::Begin(Admission {
        user: user.id.clone(),
        profile: profile.clone(),
        until: (minutes > 0).then(|| now.plus_minutes(minutes)),
        limit_source,
        sole: behavior != MultipleLoginBehavior::Allowed,
        end_first,
    }))
}

/// The behavior that applies to stays: below release 12.5 stays neither count as multiple logins nor end as such.
fn behavior(facts: &Facts) -> MultipleLoginBehavior {
    if facts.release < Release::V12_5 {
        return MultipleLoginBehavior::Allowed;
    }
    facts.parameters.multiple_login_behavior()
}

/// Whether an open login counts for a login within the cluster.
pub(crate) fn counts(facts: &Facts, open: &Login) -> bool {
    facts.release >= Release::V12_5 || open.login_type != LoginType::Elsewhere
}

/// The effect of a log-out by the visiting cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing<'f> {
    /// This stay ends.
    End(&'f Login, EndCause),
    /// The stay is not open, but a message in transit may still begin it: a tombstone refuses that message.
    Bury,
    /// Nothing: the message names no stay, and no stay is open on the phone.
    Nothing,
}

/// Returns what a log-out by the visiting cluster ends. The facts are those of the phone.
#[must_use]
pub fn log_out<'f>(facts: &'f Facts, end: &StayEnd) -> Closing<'f> {
    let is_meant = |open: &&Login| end.login.is_none_or(|login| login == open.id);
    match facts.open_on_phone.as_ref().filter(is_meant) {
        Some(open) => Closing::End(open, end.cause.unwrap_or(EndCause::Remote)),
        None if end.login.is_some() => Closing::Bury,
        None => Closing::Nothing,
    }
}
