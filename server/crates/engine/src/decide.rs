//! The rules as pure functions, from facts and a request to a decision.

use std::net::IpAddr;

use terms::{EndCause, ErrorCode, MultipleLoginBehavior, PhoneAddress, key};

use crate::{
    Facts, Intent, LimitSource, Login, LoginId, LoginRequest, LogoutRequest, PhoneFacts,
    ProfileRight, UserFacts, UserId, UtcMillis, effective_limit, emcc::home,
};

/// An admitted login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The user's id in its stored spelling; the user is of this cluster.
    pub user: String,
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The device profile to use.
    pub profile: String,
    /// When the login expires; `None` is unlimited.
    pub until: Option<UtcMillis>,
    /// The source of that limit.
    pub limit_source: LimitSource,
    /// Whether *Multiple Login Behavior* is not *Multiple Logins Allowed*: the database then accepts no
    /// second sole login of the user.
    pub sole: bool,
    /// The logins that must end before the login begins, each with its cause.
    pub end_first: Vec<(Login, EndCause)>,
    /// An expired intent of a visit to the phone: the intent is given up before the login begins.
    pub give_up_first: Option<Intent>,
}

/// Why a login is not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAdmitted {
    /// The code of the first rule that refuses.
    pub code: ErrorCode,
    /// The logins without which the rules would admit the login (codes 18 and 25).
    pub in_the_way: Vec<Login>,
}

impl From<ErrorCode> for NotAdmitted {
    fn from(code: ErrorCode) -> Self {
        Self { code, in_the_way: Vec::new() }
    }
}

/// Admits or refuses a login, in the order of refusals 28, 11, 22, 23, 12, 18, 25.
///
/// A login that has expired at `now` blocks neither its phone nor its user: the admission ends such a login
/// as expired, even if the timer has not ended it yet. Likewise the admission ends a login of `named`, which an
/// administrator has named as one to end.
///
/// # Errors
/// The code of the first rule that refuses, with the logins in the way.
pub fn login(
    facts: &Facts,
    request: &LoginRequest,
    named: &[LoginId],
    now: UtcMillis,
) -> Result<Admission, NotAdmitted> {
    let phone = at(facts.phone.as_ref(), request.phone_address)?;
    if !phone.extension_mobility {
        return Err(ErrorCode::LoginDisabled.into());
    }
    let user = facts.user.as_ref().filter(|user| user.enabled).ok_or(ErrorCode::NoSuchUser)?;
    let profile = match &request.profile {
        Some(_) => facts.profile.as_ref().filter(|profile| may_name(user, profile, request)),
        None => user.profiles.first(),
    }
    .ok_or(ErrorCode::NoSuchProfile)?;

    let behavior = facts.parameters.multiple_login_behavior();
    let Others { due: mut end_first, mut ends, on_phone, elsewhere } =
        others(facts, behavior, named, now);
    end_first.append(&mut ends);
    let intent = facts.intent_on_phone.as_ref();
    if intent.is_some_and(|intent| !intent.is_due(now)) {
        // No end of a login would admit the user while another log-in is under way at the phone.
        return Err(ErrorCode::DeviceTaken.into());
    }
    if !on_phone.is_empty() {
        let in_the_way = on_phone.into_iter().chain(elsewhere).collect();
        return Err(NotAdmitted { code: ErrorCode::DeviceTaken, in_the_way });
    }
    if !elsewhere.is_empty() {
        return Err(NotAdmitted { code: ErrorCode::LoggedInElsewhere, in_the_way: elsewhere });
    }
    let (minutes, limit_source) =
        effective_limit(request.duration, user.max_login_minutes, &facts.parameters);
    Ok(Admission {
        user: user.id.clone(),
        phone: phone.name.clone(),
        model: phone.model.clone(),
        description: phone.description.clone(),
        profile: profile.clone(),
        until: (minutes > 0).then(|| now.plus_minutes(minutes)),
        limit_source,
        sole: behavior != MultipleLoginBehavior::Allowed,
        end_first,
        give_up_first: intent.cloned(),
    })
}

/// The open logins on the phone and of the user, by what a log-in does to them.
#[derive(Default)]
struct Others {
    /// Logins whose time is up: they end before all others.
    due: Vec<(Login, EndCause)>,
    /// Other logins that end for the new one.
    ends: Vec<(Login, EndCause)>,
    /// The login that keeps the phone taken.
    on_phone: Vec<Login>,
    /// Logins of the user elsewhere that refuse the log-in.
    elsewhere: Vec<Login>,
}

fn others(
    facts: &Facts,
    behavior: MultipleLoginBehavior,
    named: &[LoginId],
    now: UtcMillis,
) -> Others {
    let mut others = Others::default();
    let on_phone = facts.open_on_phone.as_ref();
    // The user's own login on the phone is the one on the phone, and no other one.
    let is_other = |open: &&Login| on_phone.is_none_or(|on_phone| on_phone.id != open.id);
    let of_user = facts.open_of_user.iter().filter(|open| home::counts(facts, open));
    let of_user = of_user.filter(is_other).map(|open| (open, false));
    for (open, is_on_phone) in on_phone.map(|open| (open, true)).into_iter().chain(of_user) {
        let is_named = named.contains(&open.id);
        match behavior {
            _ if open.is_due(now) => others.due.push((open.clone(), EndCause::Expired)),
            _ if is_on_phone && is_named => others.ends.push((open.clone(), EndCause::Forced)),
            _ if is_on_phone => others.on_phone.push(open.clone()),
            // The login goes on beside the new one.
            MultipleLoginBehavior::Allowed => {}
            MultipleLoginBehavior::NotAllowed if is_named => {
                others.ends.push((open.clone(), EndCause::Forced));
            }
            MultipleLoginBehavior::NotAllowed => others.elsewhere.push(open.clone()),
            MultipleLoginBehavior::AutoLogout => {
                others.ends.push((open.clone(), EndCause::AutoLogout));
            }
        }
    }
    others
}

/// Whether the request may name this device profile for the user.
fn may_name(user: &UserFacts, profile: &str, request: &LoginRequest) -> bool {
    match request.profile_right {
        ProfileRight::Any => true,
        ProfileRight::Own => user.profiles.iter().any(|own| key(own) == key(profile)),
    }
}

/// Returns the login that a log-out at a phone ends, and its cause, in the order of refusals 28, 11, 5, 19.
/// A request that may log out only the user `only` is refused with 10 when another user is logged in.
///
/// # Errors
/// The code of the first rule that refuses.
pub fn logout<'f>(
    facts: &'f Facts,
    request: &LogoutRequest,
    now: UtcMillis,
) -> Result<(&'f Login, EndCause), ErrorCode> {
    let phone = at(facts.phone.as_ref(), request.phone_address)?;
    if !phone.extension_mobility {
        return Err(ErrorCode::LogoutDisabled);
    }
    let open = facts.open_on_phone.as_ref().ok_or(ErrorCode::NobodyLoggedIn)?;
    if request.only.as_ref().is_some_and(|only| !open.user.is(&UserId::own(only))) {
        return Err(ErrorCode::NoProxyRights);
    }
    Ok((open, if open.is_due(now) { EndCause::Expired } else { EndCause::Logout }))
}

/// Returns the phone, which must have the address `wanted`, if `wanted` is given.
fn at(phone: Option<&PhoneFacts>, wanted: Option<IpAddr>) -> Result<&PhoneFacts, ErrorCode> {
    let own = || phone?.address.as_deref().and_then(PhoneAddress::parse);
    if wanted.is_some_and(|wanted| own().is_none_or(|own| !own.has(wanted))) {
        return Err(ErrorCode::UntrustedIp);
    }
    phone.ok_or(ErrorCode::NoSuchDevice)
}
