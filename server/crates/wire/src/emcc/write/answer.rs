//! Writing answers.

use engine::{
    DeviceProfile, HomeConfiguration, PeerAnswer, PeerRequest, ProfileChoice, SipAccount,
};
use terms::ErrorCode;

use super::{
    super::{ANSWER, element, error_text, typed},
    cluster, escaped, login_ids, nest, optional, text, user_id,
};
use crate::percent::encoded;

/// The answer to a request as it is sent.
#[must_use]
pub fn answer(request: &PeerRequest, answer: &PeerAnswer) -> String {
    let content = match answer {
        PeerAnswer::User(found) => user(request, found.as_deref()),
        PeerAnswer::LoggedIn(home) => SUCCESS.to_owned() + &configuration(home),
        PeerAnswer::Choose(choice) => profiles(choice),
        PeerAnswer::Done => SUCCESS.to_owned(),
        PeerAnswer::Over(logins) => nest("over", &login_ids(logins)),
        PeerAnswer::Cluster(info) => cluster(info, |secret| secret),
        PeerAnswer::Refused(code) => return nest(ANSWER, &nest("failure", &error(*code))),
    };
    nest(ANSWER, &nest(element(request), &content))
}

const SUCCESS: &str = "<success/>";

/// A user by the stored id, or an unknown user by the id of the request.
fn user(request: &PeerRequest, found: Option<&str>) -> String {
    let asked = match request {
        PeerRequest::CheckUser(user) => typed(user),
        _ => "",
    };
    let id = encoded(found.unwrap_or(asked));
    let exists = if found.is_some() { "<exists/>" } else { "<doesNotExist/>" };
    format!("<user id=\"{id}\">{exists}</user>")
}

fn configuration(home: &HomeConfiguration) -> String {
    let seconds = home.seconds_left.map(|seconds| seconds.to_string());
    user_id(&home.user)
        + &optional("secondsLeft", seconds.as_deref())
        + &text("callServer", &home.call_server)
        + &nest("deviceProfile", &profile(&home.profile))
}

/// A device profile; each SIP account is in the element of its line.
fn profile(profile: &DeviceProfile) -> String {
    let lines = profile.lines.iter().map(|line| {
        let own = profile.sip.iter().find(|account| account.dn == line.dn);
        let account = own.map(account).unwrap_or_default();
        nest("line", &(text("dn", &line.dn) + &text("label", &line.label) + &account))
    });
    let dials = profile.speed_dials.iter().map(|dial| {
        nest("speedDial", &(text("number", &dial.number) + &text("label", &dial.label)))
    });
    let keys: String = lines.chain(dials).collect();
    text("name", &profile.name) + &text("model", &profile.model) + &keys
}

fn account(account: &SipAccount) -> String {
    text("sipUser", &account.user) + &text("sipPassword", &account.password)
}

fn profiles(choice: &ProfileChoice) -> String {
    let names = choice.profiles.iter().map(|name| text("deviceProfileName", name));
    nest("deviceProfiles", &(text("ticket", &choice.ticket) + &names.collect::<String>()))
}

fn error(code: ErrorCode) -> String {
    let (number, text) = (code.number(), escaped(error_text(code)));
    format!("<error code=\"{number}\">{text}</error>")
}
