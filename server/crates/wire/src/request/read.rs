//! Reading requests and queries.

use terms::{MAX_LOGIN_TIME_MINUTES, NotUnderstood};

use super::{Duration, EmRequest, RequestedOperation, StatedOrigin};
use crate::{
    content::{bounded, missing, name, optional, required},
    percent::decoded as user_id,
    tree::{self, Element},
};

/// Reads a request or query.
///
/// # Errors
/// If the request is not well-formed or does not match the grammar.
pub fn parse(xml: &str) -> Result<EmRequest, NotUnderstood> {
    let root = tree::parse(xml)?;
    let info = root.child("appInfo").ok_or_else(|| missing("appInfo", of_root(&root)))?;
    let app_id = name(user_id(required(info, "appID", "appInfo")?), "appID")?;
    let app_certificate = if info.child("appEncryptedCertificate").is_some() {
        None
    } else {
        let certificate = required(info, "appCertificate", "appInfo")?.to_owned();
        Some(bounded(certificate, "appCertificate")?)
    };
    let asked = root.children.iter().find(|child| child.name != "appInfo");
    let asked = asked.ok_or_else(|| missing("operation", of_root(&root)))?;
    let operation = match (root.name.as_str(), asked.name.as_str()) {
        ("request", "login") => login(asked)?,
        ("request", "logout") => RequestedOperation::Logout { device: device(asked, "logout")? },
        ("request", "logoutAll") => RequestedOperation::LogoutAll,
        ("query", "deviceUserQuery") => {
            let texts = asked.texts("deviceName").map(ToOwned::to_owned);
            RequestedOperation::DeviceUsers(names(texts, "deviceName", "deviceUserQuery")?)
        }
        ("query", "userDevicesQuery") => {
            RequestedOperation::UserDevices(ids(asked, "userDevicesQuery")?)
        }
        ("query", "checkUser") => RequestedOperation::CheckUsers(ids(asked, "checkUser")?),
        // The developer guide's grammar has one of these names, its example the other name.
        ("query", "deviceProfileQuery" | "userDeviceProfileQuery") => {
            RequestedOperation::DeviceProfiles(ids(asked, "deviceProfileQuery")?)
        }
        (root, asked) => RequestedOperation::Unknown(format!("{root}/{asked}")),
    };
    let origin = StatedOrigin {
        remote_address: optional(asked, "remoteIPAddr")?,
        via: asked
            .child("isViaHeaderSet")
            .is_some_and(|via| via.text().eq_ignore_ascii_case("true")),
    };
    Ok(EmRequest { app_id, app_certificate, origin, operation, shown: root.shown() })
}

fn login(login: &Element) -> Result<RequestedOperation, NotUnderstood> {
    Ok(RequestedOperation::Login {
        device: device(login, "login")?,
        user: name(user_id(required(login, "userID", "login")?), "userID")?,
        profile: optional(login, "deviceProfile")?,
        duration: match login.child("exclusiveDuration") {
            Some(asked) => duration(asked)?,
            None => Duration::Unset,
        },
    })
}

/// The duration in an `exclusiveDuration`; an empty element leaves the duration unset.
fn duration(asked: &Element) -> Result<Duration, NotUnderstood> {
    if asked.child("indefinite").is_some() {
        return Ok(Duration::Indefinite);
    }
    let time = match asked.child("time") {
        Some(time) => time.text(),
        None if asked.children.is_empty() && asked.text().is_empty() => "",
        None => return Err(missing("time", "exclusiveDuration")),
    };
    if time.is_empty() {
        return Ok(Duration::Unset);
    }
    if !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotUnderstood::NotMinutes);
    }
    // Digits alone fail to parse only if the number is too large.
    let minutes = time.parse().ok().filter(|minutes| *minutes <= MAX_LOGIN_TIME_MINUTES);
    Ok(Duration::Minutes(minutes.ok_or(NotUnderstood::TooManyMinutes)?))
}

fn device(operation: &Element, parent: &'static str) -> Result<String, NotUnderstood> {
    name(required(operation, "deviceName", parent)?.to_owned(), "deviceName")
}

fn ids(query: &Element, parent: &'static str) -> Result<Vec<String>, NotUnderstood> {
    names(query.texts("userID").map(user_id), "userID", parent)
}

/// One or more names; only the size of a body bounds their number.
fn names(
    texts: impl Iterator<Item = String>,
    element: &'static str,
    parent: &'static str,
) -> Result<Vec<String>, NotUnderstood> {
    let names: Vec<_> = texts.map(|text| name(text, element)).collect::<Result<_, _>>()?;
    if names.is_empty() { Err(missing(element, parent)) } else { Ok(names) }
}

/// The name of the root element if it is `request` or `query`: a client may send any other name.
fn of_root(root: &Element) -> &'static str {
    match root.name.as_str() {
        "request" => "request",
        "query" => "query",
        _ => "the root element",
    }
}

#[cfg(test)]
mod tests;
