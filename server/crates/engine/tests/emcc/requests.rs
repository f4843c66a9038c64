//! The requests to the engine.

use engine::{
    Actor, ConfigurationChange, HomeLogin, JobId, LoginRequest, LogoutRequest, NewJob,
    ProfileRight, RequestedDuration, Scope, StayEnd, StayRole, Stays, UserEntry, UserSecret,
};
use terms::EndCause;

use super::names::{Number, Phone, Side, Stay, User, login_id};

pub fn home_login(stay: Stay) -> HomeLogin {
    HomeLogin {
        login: login_id(stay.login),
        phone: stay.phone.name().to_owned(),
        model: "8861".to_owned(),
        description: String::new(),
        phone_address: String::new(),
        user: stay.user.id().to_owned(),
        secret: UserSecret::Pin(String::new()),
        profile: None,
        log_out_url: String::new(),
    }
}

pub fn stay_end(login: Option<Number>, phone: Phone) -> StayEnd {
    StayEnd { login: login.map(login_id), phone: phone.name().to_owned(), cause: None }
}

pub fn log_in(stay: Stay) -> LoginRequest {
    LoginRequest {
        phone: stay.phone.name().to_owned(),
        user: stay.user.id().to_owned(),
        profile: None,
        profile_right: ProfileRight::Own,
        phone_address: None,
        duration: RequestedDuration::Unset,
        actor: Actor::SYSTEM,
        authenticated_at: None,
    }
}

pub fn log_out(phone: Phone) -> LogoutRequest {
    LogoutRequest {
        phone: phone.name().to_owned(),
        phone_address: None,
        only: None,
        actor: Actor::SYSTEM,
        authenticated_at: None,
    }
}

pub fn forced(id: JobId, login: Number) -> NewJob {
    NewJob {
        id,
        scope: Scope::Selected { ids: vec![login_id(login)] },
        cause: EndCause::Forced,
        reason: String::new(),
        by: Actor::SYSTEM,
    }
}

pub fn pin_reset(user: User) -> ConfigurationChange {
    let (id, pin_hash) = (user.id().to_owned(), Some("after".to_owned()));
    let user = UserEntry { id, pin_hash, ..UserEntry::default() };
    ConfigurationChange { users: vec![user], ..ConfigurationChange::default() }
}

/// A peer's question about stays.
pub fn stays(sender: Side, logins: &[Number]) -> Stays {
    let sender_is = match sender {
        Side::Seoul => StayRole::Visiting,
        Side::Busan => StayRole::Home,
    };
    Stays { sender_is, logins: logins.iter().map(|number| login_id(*number)).collect() }
}
