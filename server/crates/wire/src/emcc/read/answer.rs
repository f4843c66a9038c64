//! Reading answers.

use engine::{
    DeviceProfile, HomeConfiguration, Line, NamedUser, PeerAnswer, PeerRequest, ProfileChoice,
    SipAccount, SpeedDial,
};
use terms::{ErrorCode, NotUnderstood};

use super::{
    super::{ANSWER, MAX_LINES, MAX_PROFILES, MAX_SPEED_DIALS, element},
    children, cluster, login_ids, secret, text, user_id,
};
use crate::{
    content::{missing, name, optional, required},
    markup::not_well_formed,
    percent::decoded,
    tree::{self, Element},
};

/// Reads the answer of a remote cluster to a request.
///
/// # Errors
/// If the answer is not well-formed, is too large or is no answer to this request.
pub fn read_answer(request: &PeerRequest, xml: &str) -> Result<PeerAnswer, NotUnderstood> {
    let root = tree::parse(xml)?;
    if root.name != ANSWER {
        return Err(missing(ANSWER, "the answer"));
    }
    if let Some(failure) = root.child("failure") {
        return Ok(PeerAnswer::Refused(code(failure)));
    }
    let asked = element(request);
    let answer = child(&root, asked, ANSWER)?;
    match request {
        PeerRequest::CheckUser(asked) => user(answer, asked),
        PeerRequest::HomeLogin(_) => home_login(answer),
        PeerRequest::CheckPin(_) | PeerRequest::HomeLogout(_) | PeerRequest::VisitingLogout(_) => {
            child(answer, "success", asked).map(|_| PeerAnswer::Done)
        }
        PeerRequest::Stays(_) => login_ids(child(answer, "over", asked)?).map(PeerAnswer::Over),
        PeerRequest::Update(_) => cluster(answer, asked).map(PeerAnswer::Cluster),
    }
}

/// The code of a failure; the failure's other content is ignored.
fn code(failure: &Element) -> ErrorCode {
    let number = failure.child("error").and_then(|error| error.attribute("code"));
    let number = number.and_then(|number| number.trim().parse().ok());
    number.and_then(ErrorCode::from_number).unwrap_or(ErrorCode::Unknown)
}

fn user(answer: &Element, asked: &NamedUser) -> Result<PeerAnswer, NotUnderstood> {
    let user = child(answer, "user", "checkUser")?;
    if user.child("doesNotExist").is_some() {
        return Ok(PeerAnswer::User(None));
    }
    child(user, "exists", "user")?;
    let id = match (user.attribute("id"), asked) {
        (Some(id), _) => name(decoded(id.trim()), "id")?,
        (None, NamedUser::Id(asked)) => asked.clone(),
        (None, NamedUser::Number(_)) => return Err(missing("id", "user")),
    };
    Ok(PeerAnswer::User(Some(id)))
}

fn home_login(answer: &Element) -> Result<PeerAnswer, NotUnderstood> {
    match answer.child("deviceProfiles") {
        Some(choice) if answer.child("success").is_none() => {
            profiles(choice).map(PeerAnswer::Choose)
        }
        _ => {
            child(answer, "success", "homeLogin")?;
            configuration(answer).map(PeerAnswer::LoggedIn)
        }
    }
}

fn profiles(choice: &Element) -> Result<ProfileChoice, NotUnderstood> {
    let ticket = secret(choice, "ticket")?.ok_or_else(|| missing("ticket", "deviceProfiles"))?;
    let names = children(choice, "deviceProfileName", MAX_PROFILES)?.into_iter();
    let names = names.map(|profile| name(profile.text().to_owned(), "deviceProfileName"));
    Ok(ProfileChoice { ticket, profiles: names.collect::<Result<_, _>>()? })
}

fn configuration(answer: &Element) -> Result<HomeConfiguration, NotUnderstood> {
    // An unreadable `secondsLeft` is an error, since `None` is unlimited.
    let seconds = answer.child("secondsLeft").map(|seconds| seconds.text().parse());
    Ok(HomeConfiguration {
        user: user_id(answer, "homeLogin")?,
        profile: profile(child(answer, "deviceProfile", "homeLogin")?)?,
        call_server: optional(answer, "callServer")?.unwrap_or_default(),
        seconds_left: seconds
            .transpose()
            .map_err(|_| not_well_formed("secondsLeft is no number"))?,
    })
}

fn profile(profile: &Element) -> Result<DeviceProfile, NotUnderstood> {
    let (mut lines, mut sip) = (Vec::new(), Vec::<SipAccount>::new());
    for key in children(profile, "line", MAX_LINES)? {
        let dn = number(key, "dn", "line")?;
        let is_first = sip.iter().all(|account| account.dn != dn);
        if is_first && key.child("sipUser").is_some() {
            let (user, password) = (text(key, "sipUser")?, text(key, "sipPassword")?);
            sip.push(SipAccount { dn: dn.clone(), user, password });
        }
        lines.push(Line { dn, label: text(key, "label")? });
    }
    let dials = children(profile, "speedDial", MAX_SPEED_DIALS)?.into_iter().map(|key| {
        let number = number(key, "number", "speedDial")?;
        Ok(SpeedDial { number, label: text(key, "label")? })
    });
    Ok(DeviceProfile {
        name: name(required(profile, "name", "deviceProfile")?.to_owned(), "name")?,
        model: text(profile, "model")?,
        speed_dials: dials.collect::<Result<_, _>>()?,
        lines,
        sip,
    })
}

/// The number of a line or speed dial, with the blanks that the number has in the home cluster.
fn number(
    key: &Element,
    element: &'static str,
    parent: &'static str,
) -> Result<String, NotUnderstood> {
    name(child(key, element, parent)?.whole_text().to_owned(), element)
}

/// A required child.
fn child<'a>(
    parent: &'a Element,
    element: &'static str,
    parent_name: &'static str,
) -> Result<&'a Element, NotUnderstood> {
    parent.child(element).ok_or_else(|| missing(element, parent_name))
}
