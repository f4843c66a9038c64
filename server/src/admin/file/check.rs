//! The checks of a configuration file that need no database.

use std::collections::HashMap;

use terms::{MAX_LOGIN_TIME_MINUTES, PhoneAddress, key, phone_key, saving};

use super::{DeviceProfile, File, MaxLogin, OwnOr, SipLine, Site};
use crate::admin::{remote_clusters::check_url, retention::check_retention};
use engine::{LogOutRules, PinRules, SpeedDial};
use jiff::tz::TimeZone;

/// The longest name or text, in characters.
pub(in crate::admin) const MAX_CHARS: usize = 256;

/// Checks everything that can be checked.
///
/// # Errors
/// One clear text for the first thing that is wrong.
pub(super) fn check(file: &File) -> Result<(), String> {
    if let Some(release) = &file.cluster.release {
        release
            .parse::<terms::Release>()
            .map_err(|error| format!("release: {release:?} {error}"))?;
    }
    check_retention(&file.cluster.retention())?;
    idle_minutes("cluster", file.cluster.idle_minutes)?;
    check_pin_rules(&file.pin_rules)?;
    check_site(&file.site)?;
    saving::named(&file.service_parameters).map_err(|error| error.to_string())?;
    unique("application user", file.app_users.iter().map(|user| &user.id), key)?;
    unique("user", file.users.iter().map(|user| &user.id), key)?;
    unique("device profile", file.device_profiles.iter().map(|profile| &profile.name), key)?;
    unique("phone", file.phones.iter().map(|phone| &phone.name), phone_key)?;
    unique(
        "remote cluster",
        file.remote_clusters.iter().map(|cluster| &cluster.id),
        str::to_owned,
    )?;
    for user in &file.app_users {
        if user.password.as_deref().is_some_and(|password| !can_be_sent(password)) {
            return Err(format!(
                "application user {}: a password has 1 to {MAX_CHARS} characters and no blanks around it",
                user.id
            ));
        }
    }
    for user in &file.users {
        let digits = |pin: &str| can_be_sent(pin) && pin.bytes().all(|b| b.is_ascii_digit());
        if user.pin.as_deref().is_some_and(|pin| !digits(pin)) {
            return Err(format!("user {}: a pin has 1 to {MAX_CHARS} digits", user.id));
        }
        let minutes = user.max_login_minutes.as_ref().and_then(MaxLogin::minutes);
        if minutes.is_some_and(|minutes| minutes > MAX_LOGIN_TIME_MINUTES) {
            return Err(format!(
                "user {}: max_login_minutes must be from 0 to {MAX_LOGIN_TIME_MINUTES}",
                user.id
            ));
        }
        unique(&format!("user {}: profile", user.id), user.profiles.iter().flatten(), key)?;
        for (field, number) in [
            ("primary_extension", &user.primary_extension),
            ("self_service_id", &user.self_service_id),
        ] {
            let is_blank = |number: &str| number.contains(char::is_whitespace);
            if number.as_deref().is_some_and(is_blank) {
                return Err(format!("user {}: {field}: a number has no blanks", user.id));
            }
            text(&format!("user {}", user.id), field, number.as_deref())?;
        }
    }
    for DeviceProfile { name, model, lines, speed_dials } in &file.device_profiles {
        let what = format!("device profile {name}");
        text(&what, "model", model.as_deref())?;
        keys(&what, lines.as_deref(), speed_dials.as_deref())?;
    }
    for phone in &file.phones {
        let what = format!("phone {}", phone.name);
        text(&what, "model", phone.model.as_deref())?;
        text(&what, "description", phone.description.as_deref())?;
        keys(&what, phone.lines.as_deref(), phone.speed_dials.as_deref())?;
        idle_minutes(&what, phone.idle_minutes.as_ref().and_then(OwnOr::own))?;
        let address = phone.address.as_ref().filter(|address| !address.is_empty());
        let is_bad = |address: &String| PhoneAddress::parse(address).is_none();
        if address.is_some_and(is_bad) {
            return Err(format!("{what}: the address must be an IP address or a network"));
        }
    }
    for cluster in &file.remote_clusters {
        let what = format!("remote cluster {}", cluster.id);
        if !check_url(&cluster.url) {
            return Err(format!("{what}: the url must be an https address without credentials"));
        }
        text(&what, "description", cluster.description.as_deref())?;
    }
    Ok(())
}

/// Checks the minutes without use after which a user is logged out.
fn idle_minutes(what: &str, minutes: Option<u32>) -> Result<(), String> {
    const MAX: u32 = LogOutRules::MAX_IDLE_MINUTES;
    if minutes.is_some_and(|minutes| minutes > MAX) {
        return Err(format!("{what}: idle_minutes must be from 0 to {MAX}"));
    }
    Ok(())
}

/// Checks the rules for PINs.
fn check_pin_rules(rules: &super::PinRules) -> Result<(), String> {
    let (most, longest) = (PinRules::MAX_HISTORY, PinRules::MAX_MIN_LENGTH);
    if rules.min_length.is_some_and(|length| !(1..=longest).contains(&length)) {
        return Err(format!("pin_rules: min_length must be from 1 to {longest}"));
    }
    if rules.history.is_some_and(|history| history > most) {
        return Err(format!("pin_rules: history must be from 0 to {most}"));
    }
    Ok(())
}

/// Checks the site's settings for phones.
fn check_site(site: &Site) -> Result<(), String> {
    let is_set = |value: &&String| !value.is_empty();
    let is_http = |url: &reqwest::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if let Some(url) = site.service_url.as_ref().filter(is_set) {
        let url = reqwest::Url::parse(&url.replace('#', "")).ok();
        if url.is_none_or(|url| !is_http(&url)) {
            return Err("site: service_url must be an http or https address".to_owned());
        }
    }
    if let Some(url) = site.call_server_rpc.as_ref().filter(is_set) {
        let url = reqwest::Url::parse(url).ok();
        // The console shows the address, so it must not contain credentials.
        let is_bare = |url: &reqwest::Url| url.username().is_empty() && url.password().is_none();
        if url.is_none_or(|url| url.scheme() != "http" || !url.has_host() || !is_bare(&url)) {
            return Err(
                "site: call_server_rpc must be an http address without credentials".to_owned()
            );
        }
    }
    if let Some(server) = site.call_server.as_ref().filter(is_set) {
        let url = reqwest::Url::parse(&format!("http://{server}")).ok();
        let is_bare = |url: &reqwest::Url| url.path() == "/" && url.username().is_empty();
        if server.ends_with('/') || url.is_none_or(|url| !is_bare(&url)) {
            return Err("site: call_server must be HOST or HOST:PORT, an IPv6 address in brackets"
                .to_owned());
        }
    }
    if let Some(zone) = site.time_zone.as_ref().filter(is_set)
        && TimeZone::get(zone).is_err()
    {
        return Err(format!("site: time_zone: there is no zone {zone:?}, such as Asia/Seoul"));
    }
    for (field, value) in [
        ("service_url", &site.service_url),
        ("call_server", &site.call_server),
        ("call_server_rpc", &site.call_server_rpc),
        ("push_user", &site.push_user),
        ("push_password", &site.push_password),
        ("time_zone", &site.time_zone),
    ] {
        text("site", field, value.as_deref())?;
    }
    if site.push_user.as_deref().is_some_and(|user| user.contains(':')) {
        return Err("site: push_user has no colon".to_owned());
    }
    Ok(())
}

/// Whether a password or PIN can be sent unchanged.
/// The EM API bounds the length of an element's text, and trims blanks.
fn can_be_sent(secret: &str) -> bool {
    !secret.is_empty() && secret.trim() == secret && secret.chars().count() <= MAX_CHARS
}

/// Checks a text that people read.
fn text(what: &str, field: &str, value: Option<&str>) -> Result<(), String> {
    let bad =
        |value: &str| value.chars().count() > MAX_CHARS || value.chars().any(char::is_control);
    if value.is_some_and(bad) {
        return Err(format!("{what}: {field}: at most {MAX_CHARS} characters on one line"));
    }
    Ok(())
}

/// Checks lines and speed dials.
fn keys(
    what: &str,
    lines: Option<&[SipLine]>,
    speed_dials: Option<&[SpeedDial]>,
) -> Result<(), String> {
    for line in lines.into_iter().flatten() {
        let is_empty = |value: &Option<String>| value.as_deref() == Some("");
        let is_half = line.sip_user.is_some() && line.sip_password.is_none();
        if is_half || is_empty(&line.sip_user) || is_empty(&line.sip_password) {
            return Err(format!(
                "{what}: lines: a sip_user has a sip_password, and neither is empty"
            ));
        }
        text(what, "sip_user", line.sip_user.as_deref())?;
        text(what, "sip_password", line.sip_password.as_deref())?;
    }
    let lines = lines.into_iter().flatten().map(|line| ("lines", &line.dn, &line.label));
    let dials = speed_dials.into_iter().flatten();
    let dials = dials.map(|dial| ("speed_dials", &dial.number, &dial.label));
    for (field, number, label) in lines.chain(dials) {
        if number.trim().is_empty() {
            return Err(format!("{what}: {field}: a number is empty"));
        }
        text(what, field, Some(number))?;
        text(what, field, Some(label))?;
    }
    Ok(())
}

/// Checks names, and that no two of them have the same key.
fn unique<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String>,
    key: impl Fn(&str) -> String,
) -> Result<(), String> {
    let mut seen = HashMap::new();
    for name in names {
        let printable = !name.chars().any(char::is_control);
        let key = key(name);
        if name.trim() != name.as_str()
            || key.is_empty()
            || !printable
            || name.chars().count() > MAX_CHARS
        {
            return Err(format!(
                "{what} {name:?}: a name has 1 to {MAX_CHARS} characters that can be seen, no blanks around it and no control characters"
            ));
        }
        match seen.insert(key, name) {
            None => {}
            Some(first) if first == name => {
                return Err(format!("{what} {name:?} is there twice"));
            }
            Some(first) => {
                return Err(format!("{what} {first:?} and {name:?} are two spellings of one name"));
            }
        }
    }
    Ok(())
}
