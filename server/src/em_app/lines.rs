//! The trace lines of the application, in the order of the original.

use engine::PhoneStatus;
use terms::model_number;
use wire::{
    request::{EmRequest, RequestedOperation},
    trace::Shape,
};

use super::{fields::Fields, reply::Phone};
use crate::em::{Journal, Origin};

/// The address under which the original's application asks its EM service.
const SERVICE_URL: &str = "https://localhost:8443/emservice/EMServiceServlet";

/// The original's query for a user's device profiles.
const PROFILES_QUERY: &str = "SELECT Device.name, Device.tkDeviceProfile, \
    EndUserDeviceMap.defaultprofile FROM Device INNER JOIN EndUserDeviceMap ON Device.pkid = \
    EndUserDeviceMap.fkDevice WHERE EndUserDeviceMap.fkEndUser = (SELECT pkid FROM EndUser WHERE \
    my_lower(userid)=my_lower(?)) and device.tkDeviceProfile=1 AND \
    EndUserDeviceMap.tkuserassociation = ?";
/// The original's number of English, United States.
const LOCALE: u8 = 1;

/// The head of every request.
pub(super) fn received(journal: &mut Journal, fields: &Fields, phone: &Phone, origin: &Origin) {
    let number = journal.number();
    journal.say_unnumbered(Shape::AppRequest, &[&number]);
    let protocol = if phone.is_secure { "https" } else { "http" };
    journal.say_unnumbered(Shape::AppProtocol, &[&protocol]);
    let or_null = |value: &Option<String>| value.clone().unwrap_or_else(|| "null".to_owned());
    let filled = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let lang = phone.accept_language.as_deref().and_then(|list| list.split([',', ';']).next());
    let via = origin.via.is_some();
    journal.say_unnumbered(
        Shape::AppParameters,
        &[
            &or_null(&fields.log_out),
            &fields.device,
            &or_null(&filled(&fields.user)),
            &or_null(&fields.choice),
            &"null",
            &origin.address(),
            &via,
            &"null",
            &lang.unwrap_or("null"),
            &or_null(&phone.accept_charset),
            &or_null(&fields.emcc),
            &or_null(&fields.id_kind),
        ],
    );
}

/// The check before each screen whether the phone takes an alternate script; no model here does.
pub(super) fn no_alternate_script(journal: &mut Journal, device: &str, model: Option<&str>) {
    journal.say_unnumbered(Shape::CheckAlternateScript, &[]);
    if let Some(number) = model.and_then(model_number) {
        journal.say_unnumbered(Shape::NoAlternateScript, &[&device, &number, &LOCALE]);
    }
}

/// The phone's script is known.
pub(super) fn script(journal: &mut Journal, device: &str) {
    journal.say_unnumbered(Shape::AlternateScript, &[&device, &""]);
}

/// A question to the EM service.
pub(super) fn posting(journal: &mut Journal, message: &EmRequest) {
    journal.say_unnumbered(Shape::Posting, &[&message.shown]);
    let shape = match message.operation {
        RequestedOperation::Login { .. } | RequestedOperation::Logout { .. } => Shape::PostingLogin,
        _ => Shape::PostingQuery,
    };
    journal.say_unnumbered(shape, &[&SERVICE_URL]);
    journal.say_unnumbered(Shape::PostUrl, &[&SERVICE_URL]);
}

/// The current and the last user of the phone.
pub(super) fn login_status(journal: &mut Journal, device: &str, status: Option<&PhoneStatus>) {
    let id = |user: Option<&engine::UserId>| user.map_or("null".to_owned(), |user| user.id.clone());
    let (user, last) = match status {
        Some(status) => (id(status.user.as_ref()), id(status.last_user.as_ref())),
        None => ("null".to_owned(), "null".to_owned()),
    };
    let is_visit = status.and_then(|status| status.user.as_ref());
    let is_visit = is_visit.is_some_and(|user| !user.cluster.is_empty());
    let emcc = if is_visit { "yes" } else { "no" };
    let status = format!("{device}:{user}:{last}:null:{emcc}");
    journal.say_unnumbered(Shape::LoginStatus, &[&status]);
}

/// The form is sent.
pub(super) fn login_page(journal: &mut Journal, device: &str) {
    journal.say_unnumbered(Shape::LoginPage, &[&device]);
}

/// The question whether the user is one of this cluster.
pub(super) fn is_user_local(journal: &mut Journal, user: &str) {
    journal.say_unnumbered(Shape::IsUserLocal, &[&user]);
}

/// The answer whether the user is one of this cluster.
pub(super) fn user_checked(journal: &mut Journal, user: Option<&str>) {
    journal.say_unnumbered(Shape::DocumentFromStream, &[]);
    journal.say_unnumbered(Shape::ValueFromDocument, &[]);
    if let Some(user) = user {
        journal.say_unnumbered(Shape::UserExistsLocally, &[&user]);
        journal.say_unnumbered(Shape::EmRequest, &[&user]);
    }
}

/// The PIN was right.
pub(super) fn authenticated(journal: &mut Journal, user: &str, profiles: &[String]) {
    journal.say_unnumbered(Shape::UserAuthenticated, &[&user]);
    journal.say_unnumbered(Shape::UserPassed, &[&user]);
    let query = format!("{PROFILES_QUERY} : parameter ( '{user}' )");
    journal.say_unnumbered(Shape::UserQuery, &[&query]);
    for profile in profiles {
        journal.say_unnumbered(Shape::UserProfileName, &[profile]);
    }
    let profiles = profiles.join(" ");
    let info = format!(
        "UserInfo:  UserID: {user} Password:  Locale: {LOCALE} Authentication proxy rights: \
         falseDevice Profiles:  {profiles}"
    );
    journal.say_unnumbered(Shape::DeviceProfiles, &[&user, &info]);
}

/// The user is not of this cluster: the remote clusters are asked.
pub(super) fn emcc_request(journal: &mut Journal, user: &str, log_out_url: &str) {
    journal.say_unnumbered(Shape::EmccRequest, &[&user]);
    journal.say_unnumbered(Shape::AppEmUri, &[&log_out_url]);
}

/// A login has begun.
pub(super) fn logged_in(journal: &mut Journal, user: &str, device: &str) {
    journal.say_unnumbered(Shape::LoginPerformed, &[&user, &device]);
}

/// A login has ended.
pub(super) fn logged_out(journal: &mut Journal, device: &str, emcc: bool) {
    journal.say_unnumbered(Shape::LogoutPerformed, &[&"null", &device]);
    journal.say_unnumbered(Shape::AppEmcc, &[&emcc]);
}

/// The charset of the answer is chosen.
pub(super) fn charset(journal: &mut Journal, phone: &Phone) {
    let Some(accepted) = &phone.accept_charset else { return };
    let charset = phone.charset().label();
    journal.say_unnumbered(Shape::FindCharset, &[accepted]);
    journal.say_unnumbered(Shape::FirstToken, &[&charset]);
    journal.say_unnumbered(Shape::SecondToken, &[&charset]);
    journal.say_unnumbered(Shape::CharsetQuality, &[&1, &charset]);
    journal.say_unnumbered(Shape::ReturnCharset, &[&1, &charset]);
    journal.say_unnumbered(Shape::MyCharset, &[&charset]);
}
