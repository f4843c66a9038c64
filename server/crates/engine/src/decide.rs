//! The rules as pure functions, from facts and a request to a decision.

use std::net::IpAddr;

use terms::{EndCause, ErrorCode, MultipleLoginBehavior, PhoneAddress, key};

use crate::{
    Facts, Intent, LimitSource, LoginRequest, LogoutRequest, OpenLogin, PhoneFacts, ProfileRight,
    UserFacts, UserId, UtcMillis, effective_limit, emcc::home,
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
    pub end_first: Vec<(OpenLogin, EndCause)>,
    /// An expired intent of a visit to the phone: the intent is given up before the login begins.
    pub give_up_first: Option<Intent>,
}

/// Admits or refuses a login, in the order of refusals 28, 11, 22, 23, 12, 18, 25.
///
/// A login that has expired at `now` blocks neither its phone nor its user: the admission ends such a login
/// as expired, even if the timer has not ended it yet.
///
/// # Errors
/// The code of the first rule that refuses.
pub fn login(
    facts: &Facts,
    request: &LoginRequest,
    now: UtcMillis,
) -> Result<Admission, ErrorCode> {
    let phone = at(facts.phone.as_ref(), request.phone_address)?;
    if !phone.extension_mobility {
        return Err(ErrorCode::LoginDisabled);
    }
    let user = facts.user.as_ref().filter(|user| user.enabled).ok_or(ErrorCode::NoSuchUser)?;
    let profile = match &request.profile {
        Some(_) => facts.profile.as_ref().filter(|profile| may_name(user, profile, request)),
        None => user.profiles.first(),
    }
    .ok_or(ErrorCode::NoSuchProfile)?;

    let (due_on_phone, taken): (Vec<_>, Vec<_>) =
        facts.open_on_phone.iter().partition(|open| open.is_due(now));
    let intent = facts.intent_on_phone.as_ref();
    if !taken.is_empty() || intent.is_some_and(|intent| !intent.is_due(now)) {
        return Err(ErrorCode::DeviceTaken);
    }
    let of_user = facts.open_of_user.iter().filter(|open| home::counts(facts, open));
    let (due_of_user, elsewhere): (Vec<_>, Vec<_>) = of_user.partition(|open| open.is_due(now));

    let mut end_first: Vec<(OpenLogin, EndCause)> = Vec::new();
    for due in due_on_phone.into_iter().chain(due_of_user) {
        if !end_first.iter().any(|(open, _)| open.id == due.id) {
            end_first.push((due.clone(), EndCause::Expired));
        }
    }
    let behavior = facts.parameters.multiple_login_behavior();
    match behavior {
        MultipleLoginBehavior::Allowed => {}
        MultipleLoginBehavior::NotAllowed if elsewhere.is_empty() => {}
        MultipleLoginBehavior::NotAllowed => return Err(ErrorCode::LoggedInElsewhere),
        MultipleLoginBehavior::AutoLogout => {
            end_first
                .extend(elsewhere.into_iter().map(|open| (open.clone(), EndCause::AutoLogout)));
        }
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
) -> Result<(&'f OpenLogin, EndCause), ErrorCode> {
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
