//! The rules, pure: facts and a request in, a decision out.

use std::net::IpAddr;

use terms::{EndCause, ErrorCode, LoginType, MultipleLoginBehavior, ServiceParameters, key};

use crate::{
    Actor, EndedLogin, LimitSource, LoginId, LoginRequest, LogoutRequest, ProfileRight, UtcMillis,
    effective_limit,
};

/// What a store read about a login request, all in one transaction.
#[derive(Clone, Debug)]
pub struct LoginFacts<'a> {
    /// The service parameters in force.
    pub parameters: &'a ServiceParameters,
    /// The phone, if there is one of that name.
    pub phone: Option<PhoneFacts>,
    /// The user, if there is one of that id.
    pub user: Option<UserFacts>,
    /// The name of the device profile that the request names, in its stored spelling, if there is
    /// one of that name.
    pub profile: Option<String>,
    /// The user's open logins.
    pub open_of_user: Vec<OpenLogin>,
    /// The open login on the phone.
    pub open_on_phone: Option<OpenLogin>,
}

/// A phone.
#[derive(Clone, Debug)]
pub struct PhoneFacts {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// What it is called, for instance where it stands.
    pub description: String,
    /// Whether Extension Mobility is enabled on it.
    pub extension_mobility: bool,
    /// The address that an administrator set.
    pub address: Option<String>,
}

/// A user.
#[derive(Clone, Debug)]
pub struct UserFacts {
    /// The user id in its stored spelling.
    pub id: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// The user's own maximum login time in minutes.
    pub max_login_minutes: Option<u32>,
    /// The user's device profiles; the first is the default.
    pub profiles: Vec<String>,
}

/// An open login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLogin {
    /// Its identity.
    pub id: LoginId,
    /// Whose it is.
    pub user: String,
    /// Where it is.
    pub phone: String,
    /// The device profile it uses.
    pub profile: String,
    /// How user and phone belong to this cluster.
    pub login_type: LoginType,
    /// When it began.
    pub from: UtcMillis,
    /// When its time is up.
    pub until: Option<UtcMillis>,
}

impl OpenLogin {
    /// The login, ended.
    #[must_use]
    pub fn ended(self, cause: EndCause, by: Actor, reason: String, ended: UtcMillis) -> EndedLogin {
        let Self { id, user, phone, profile, login_type, from, .. } = self;
        EndedLogin { id, user, phone, profile, login_type, from, ended, cause, by, reason }
    }

    fn is_due(&self, now: UtcMillis) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// A login that is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The user id in its stored spelling.
    pub user: String,
    /// The phone's name.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The device profile to use.
    pub profile: String,
    /// When its time is up; `None` is unlimited.
    pub until: Option<UtcMillis>,
    /// Who set that limit.
    pub limit_source: LimitSource,
    /// Whether it was not admitted under *Multiple Logins Allowed*: the database then keeps any
    /// other such login of the user out.
    pub sole: bool,
    /// What must end before it begins, each with its cause.
    pub end_first: Vec<(OpenLogin, EndCause)>,
}

/// Admits or refuses a login, in the order of refusals 28, 11, 22, 23, 12, 18, 25.
///
/// A login whose time is up at `now` holds nothing: it is ended as expired with the admission, even
/// if the timer has not come to it yet.
///
/// # Errors
/// The code of the first rule that refuses.
pub fn login(
    facts: &LoginFacts<'_>,
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
    if !taken.is_empty() {
        return Err(ErrorCode::DeviceTaken);
    }
    let (due_of_user, elsewhere): (Vec<_>, Vec<_>) =
        facts.open_of_user.iter().partition(|open| open.is_due(now));

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
        effective_limit(request.duration, user.max_login_minutes, facts.parameters);
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
    })
}

/// Whether the request may name this device profile for the user.
fn may_name(user: &UserFacts, profile: &str, request: &LoginRequest) -> bool {
    match request.profile_right {
        ProfileRight::Any => true,
        ProfileRight::Own => user.profiles.iter().any(|own| key(own) == key(profile)),
    }
}

/// Says which login a log-out at a phone ends, and with which cause, in the order of refusals
/// 28, 11, 5, 19; somebody who may log out nobody but `only`, and finds another, lacks the right (10).
///
/// # Errors
/// The code of the first rule that refuses.
pub fn logout(
    phone: Option<&PhoneFacts>,
    open: Option<&OpenLogin>,
    request: &LogoutRequest,
    now: UtcMillis,
) -> Result<EndCause, ErrorCode> {
    let phone = at(phone, request.phone_address)?;
    if !phone.extension_mobility {
        return Err(ErrorCode::LogoutDisabled);
    }
    let open = open.ok_or(ErrorCode::NobodyLoggedIn)?;
    if request.only.as_deref().is_some_and(|only| key(only) != key(&open.user)) {
        return Err(ErrorCode::NoProxyRights);
    }
    Ok(if open.is_due(now) { EndCause::Expired } else { EndCause::Logout })
}

/// The phone, which must have this address, if one is given.
fn at(phone: Option<&PhoneFacts>, wanted: Option<IpAddr>) -> Result<&PhoneFacts, ErrorCode> {
    let own = || phone?.address.as_deref().and_then(terms::address);
    if wanted.is_some() && own() != wanted {
        return Err(ErrorCode::UntrustedIp);
    }
    phone.ok_or(ErrorCode::NoSuchDevice)
}
