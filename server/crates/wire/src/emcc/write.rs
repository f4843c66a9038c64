//! Writing requests.

mod answer;

use std::fmt::Write;

use engine::{
    ClusterInfo, HomeLogin, LoginId, NamedUser, PeerMessage, PeerRequest, PinCheck, StayEnd,
    StayRole, Stays, UserNumber, UserSecret,
};
use quick_xml::escape::escape;
use terms::{EndCause, Named};

use super::{REQUEST, element, typed};
use crate::{markup::is_char, percent::encoded, tree};

pub use answer::answer;

/// A request as it is sent.
#[must_use]
pub fn message(message: &PeerMessage) -> String {
    written(message, |secret| secret)
}

/// A request as the trace shows it: without PIN, ticket and certificate.
#[must_use]
pub fn shown(message: &PeerMessage) -> String {
    tree::cut(written(message, |_| "***"))
}

/// A request with each secret replaced by the result of `secret`.
fn written(message: &PeerMessage, secret: fn(&str) -> &str) -> String {
    let PeerMessage { number, sender, request } = message;
    // The sender's id follows the user or phone of the request.
    let (about, rest) = match request {
        PeerRequest::CheckUser(user) => (user_id(typed(user)), login_type(user)),
        PeerRequest::CheckPin(check) => (device(&check.phone), pin_check(check, secret)),
        PeerRequest::HomeLogin(login) => (device(&login.phone), home_login(login, secret)),
        PeerRequest::HomeLogout(end) | PeerRequest::VisitingLogout(end) => {
            (device(&end.phone), stay_end(end))
        }
        PeerRequest::Stays(stays) => (String::new(), part_of_stays(stays)),
        PeerRequest::Update(info) => (String::new(), cluster(info, secret)),
    };
    let content =
        text("requestNum", &number.to_string()) + &about + &text("clusterId", sender) + &rest;
    nest(REQUEST, &nest(element(request), &content))
}

fn login_type(user: &NamedUser) -> String {
    match user {
        NamedUser::Id(_) => String::new(),
        NamedUser::Number(UserNumber::PrimaryExtension(_)) => text("loginType", "DN"),
        NamedUser::Number(UserNumber::SelfServiceId(_)) => text("loginType", "SP"),
    }
}

fn pin_check(check: &PinCheck, secret: fn(&str) -> &str) -> String {
    user_id(&check.user)
        + &text("PIN", secret(&check.pin))
        + &text("remoteIPAddr", &check.phone_address)
}

fn home_login(login: &HomeLogin, secret: fn(&str) -> &str) -> String {
    let shown = match &login.secret {
        UserSecret::Pin(pin) => text("PIN", secret(pin)),
        UserSecret::Ticket(ticket) => text("ticket", secret(ticket)),
    };
    user_id(&login.user)
        + &shown
        + &optional("deviceProfile", login.profile.as_deref())
        + &text("model", &login.model)
        + &text("description", &login.description)
        + &text("remoteIPAddr", &login.phone_address)
        + &nest("EMURI", &encoded(&login.log_out_url).to_string())
        + &login_ids(&[login.login])
}

fn stay_end(end: &StayEnd) -> String {
    login_ids(end.login.as_slice()) + &optional("cause", end.cause.map(EndCause::name))
}

fn part_of_stays(stays: &Stays) -> String {
    let role = match stays.sender_is {
        StayRole::Home => "home",
        StayRole::Visiting => "visiting",
    };
    text("role", role) + &login_ids(&stays.logins)
}

fn cluster(info: &ClusterInfo, secret: fn(&str) -> &str) -> String {
    text("release", &info.release.to_string())
        + &text("emcc", &info.emcc.to_string())
        + if info.compares { "<compares/>" } else { "" }
        + &optional("nextCertificate", info.next_certificate.as_deref().map(secret))
}

fn device(name: &str) -> String {
    text("deviceName", name)
}

fn user_id(id: &str) -> String {
    nest("userID", &encoded(id).to_string())
}

fn login_ids(ids: &[LoginId]) -> String {
    ids.iter().map(|LoginId(id)| nest("loginId", &id.to_string())).collect()
}

/// An element with this text.
fn text(name: &str, text: &str) -> String {
    nest(name, &escaped(text))
}

/// An element with an optional text; empty for `None`.
fn optional(name: &str, found: Option<&str>) -> String {
    found.map(|found| text(name, found)).unwrap_or_default()
}

/// An element with this content.
fn nest(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

/// An escaped text on one line: control characters become character references.
fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in escape(text).chars() {
        match c {
            c if !is_char(c) => line.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => {
                // Writing to a String can't fail.
                let _ = write!(line, "&#{};", u32::from(c));
            }
            c => line.push(c),
        }
    }
    line
}
