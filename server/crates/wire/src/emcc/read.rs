//! Reading requests.

mod answer;

use engine::{
    ClusterInfo, HomeLogin, LoginId, NamedUser, PeerMessage, PeerRequest, PinCheck, StayEnd,
    StayRole, Stays, UserNumber, UserSecret,
};
use terms::{EndCause, Named, NotUnderstood};

use super::{MAX_CERTIFICATE_BYTES, MAX_URL_CHARS, REQUEST, element};
use crate::{
    content::{bounded, missing, name, optional, plain, required},
    markup::not_well_formed,
    percent::decoded,
    tree::{self, Element},
};

pub use answer::read_answer;

/// Whether a document is a message between clusters, by its root element.
#[must_use]
pub fn is_emcc(xml: &str) -> bool {
    tree::parse(xml).is_ok_and(|root| root.name == REQUEST)
}

/// Reads a request of a remote cluster.
///
/// # Errors
/// If the request is not well-formed, is too large or does not match the grammar.
pub fn parse(xml: &str) -> Result<PeerMessage, NotUnderstood> {
    let root = tree::parse(xml)?;
    if root.name != REQUEST {
        return Err(missing(REQUEST, "the message"));
    }
    for asked in &root.children {
        let request = match asked.name.as_str() {
            "checkUser" => PeerRequest::CheckUser(named_user(asked)?),
            "checkPin" => PeerRequest::CheckPin(pin_check(asked)?),
            "homeLogin" => PeerRequest::HomeLogin(home_login(asked)?),
            "homeLogout" => PeerRequest::HomeLogout(stay_end(asked, "homeLogout")?),
            "visitingLogout" => PeerRequest::VisitingLogout(stay_end(asked, "visitingLogout")?),
            "stays" => PeerRequest::Stays(part_of_stays(asked)?),
            "update" => PeerRequest::Update(cluster(asked, "update")?),
            _ => continue,
        };
        let number = asked.child("requestNum").and_then(|number| number.text().parse().ok());
        let sender = optional(asked, "clusterId")?;
        let sender = sender.ok_or_else(|| missing("clusterId", element(&request)))?;
        return Ok(PeerMessage { number: number.unwrap_or_default(), sender, request });
    }
    Err(missing("operation", REQUEST))
}

fn named_user(asked: &Element) -> Result<NamedUser, NotUnderstood> {
    let user = user_id(asked, "checkUser")?;
    match asked.child("loginType").map(|kind| kind.text().to_ascii_uppercase()).as_deref() {
        None | Some("" | "UID") => Ok(NamedUser::Id(user)),
        Some("DN") => Ok(NamedUser::Number(UserNumber::PrimaryExtension(user))),
        Some("SP") => Ok(NamedUser::Number(UserNumber::SelfServiceId(user))),
        Some(_) => Err(not_well_formed("loginType is none of UID, DN and SP")),
    }
}

fn pin_check(asked: &Element) -> Result<PinCheck, NotUnderstood> {
    Ok(PinCheck {
        phone: device(asked, "checkPin")?,
        phone_address: optional(asked, "remoteIPAddr")?.unwrap_or_default(),
        user: user_id(asked, "checkPin")?,
        pin: secret(asked, "PIN")?.ok_or_else(|| missing("PIN", "checkPin"))?,
    })
}

fn home_login(asked: &Element) -> Result<HomeLogin, NotUnderstood> {
    let pin = secret(asked, "PIN")?.map(UserSecret::Pin);
    let ticket = secret(asked, "ticket")?.map(UserSecret::Ticket);
    let login = asked.child("loginId").ok_or_else(|| missing("loginId", "homeLogin"))?;
    Ok(HomeLogin {
        login: login_id(login)?,
        phone: device(asked, "homeLogin")?,
        model: text(asked, "model")?,
        description: text(asked, "description")?,
        phone_address: optional(asked, "remoteIPAddr")?.unwrap_or_default(),
        user: user_id(asked, "homeLogin")?,
        secret: pin.or(ticket).ok_or_else(|| missing("PIN", "homeLogin"))?,
        profile: optional(asked, "deviceProfile")?,
        log_out_url: url(asked)?,
    })
}

/// The address that logs the phone out; empty if the request has none.
fn url(asked: &Element) -> Result<String, NotUnderstood> {
    let url = decoded(asked.child("EMURI").map(Element::text).unwrap_or_default());
    if url.chars().count() > MAX_URL_CHARS {
        return Err(NotUnderstood::TooLong { element: "EMURI".into() });
    }
    plain(url, "EMURI")
}

fn stay_end(asked: &Element, parent: &'static str) -> Result<StayEnd, NotUnderstood> {
    let cause = asked.child("cause").map(Element::text);
    Ok(StayEnd {
        login: asked.child("loginId").map(login_id).transpose()?,
        phone: device(asked, parent)?,
        cause: cause.and_then(EndCause::from_name),
    })
}

fn part_of_stays(asked: &Element) -> Result<Stays, NotUnderstood> {
    let sender_is = match required(asked, "role", "stays")? {
        "home" => StayRole::Home,
        "visiting" => StayRole::Visiting,
        _ => return Err(not_well_formed("role is none of home and visiting")),
    };
    Ok(Stays { sender_is, logins: login_ids(asked)? })
}

fn cluster(asked: &Element, parent: &'static str) -> Result<ClusterInfo, NotUnderstood> {
    let release = required(asked, "release", parent)?.parse();
    let certificate = asked.child("nextCertificate").map(Element::whole_text).unwrap_or_default();
    if certificate.len() > MAX_CERTIFICATE_BYTES {
        return Err(NotUnderstood::TooLong { element: "nextCertificate".into() });
    }
    Ok(ClusterInfo {
        release: release.map_err(|_| not_well_formed("a release is not two numbers"))?,
        emcc: required(asked, "emcc", parent)?.eq_ignore_ascii_case("true"),
        next_certificate: (!certificate.is_empty()).then(|| certificate.to_owned()),
        compares: asked.child("compares").is_some(),
    })
}

fn device(asked: &Element, parent: &'static str) -> Result<String, NotUnderstood> {
    name(required(asked, "deviceName", parent)?.to_owned(), "deviceName")
}

fn user_id(parent: &Element, parent_name: &'static str) -> Result<String, NotUnderstood> {
    name(decoded(required(parent, "userID", parent_name)?), "userID")
}

/// The text of a child with the blanks around it; empty for an absent child.
fn text(parent: &Element, element: &'static str) -> Result<String, NotUnderstood> {
    let text = parent.child(element).map(Element::whole_text).unwrap_or_default();
    name(text.to_owned(), element)
}

/// A secret, which is only compared: control characters are allowed.
fn secret(parent: &Element, element: &'static str) -> Result<Option<String>, NotUnderstood> {
    let text = parent.child(element).map(Element::whole_text);
    text.map(|text| bounded(text.to_owned(), element)).transpose()
}

/// The identities of stays in a message, at most [`Stays::MOST`].
fn login_ids(parent: &Element) -> Result<Vec<LoginId>, NotUnderstood> {
    children(parent, "loginId", Stays::MOST)?.into_iter().map(login_id).collect()
}

fn login_id(element: &Element) -> Result<LoginId, NotUnderstood> {
    element.text().parse().map(LoginId).map_err(|_| not_well_formed("a loginId is no UUID"))
}

/// The children of this name, at most `most`.
fn children<'a>(
    parent: &'a Element,
    name: &str,
    most: usize,
) -> Result<Vec<&'a Element>, NotUnderstood> {
    let found: Vec<_> = parent.children.iter().filter(|child| child.name == name).collect();
    if found.len() > most { Err(NotUnderstood::TooLarge) } else { Ok(found) }
}
