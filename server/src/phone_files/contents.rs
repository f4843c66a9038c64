//! The contents of a phone's file.

use engine::{EffectiveConfiguration, Site};
use sha2::{Digest, Sha256};
use wire::phone::configuration::{
    CallServer, Idle, Line, LineCredentials, PhoneConfiguration, SIP_PORT, SpeedDial,
};

use crate::phone_auth;

/// The address of the log-in screen if the site sets none, after scheme, host and port.
const SERVICE: &str = "/emapp/EMAppServlet?device=#DEVICENAME#&EMCC=#EMCC#";

/// The idle URL of a phone, and its idle time.
#[derive(Clone, Copy)]
pub(super) struct IdleAfter<'a> {
    /// The path of the address, with the phone's secret.
    pub(super) path: &'a str,
    /// The time without use, in seconds.
    pub(super) seconds: u32,
}

/// The file of a phone whose current configuration is `effective`.
/// `own_url` is the base address of this server for the phone; `with_accounts` says whether the phone
/// may have the SIP accounts of its lines. `idle` is for the phone itself too, since it has a secret.
pub(super) fn of(
    effective: &EffectiveConfiguration,
    site: &Site,
    own_url: Option<&str>,
    with_accounts: bool,
    idle: Option<IdleAfter<'_>>,
) -> PhoneConfiguration {
    let account = |dn: &str| {
        let found = effective.sip.iter().find(|account| account.dn == dn);
        let credentials = |account: &engine::SipAccount| LineCredentials {
            user: account.user.clone(),
            secret: account.password.clone(),
        };
        found.filter(|_| with_accounts).map(credentials)
    };
    let lines = effective.lines.iter().map(|line| Line {
        dn: line.dn.clone(),
        label: line.label.clone(),
        credentials: account(&line.dn),
    });
    let speed_dials = effective
        .speed_dials
        .iter()
        .map(|dial| SpeedDial { number: dial.number.clone(), label: dial.label.clone() });
    let is_set = |text: &&str| !text.is_empty();
    let service_url = Some(site.service_url.as_str()).filter(is_set).map(ToOwned::to_owned);
    let service_url = service_url.or_else(|| Some(format!("{}{SERVICE}", own_url?)));
    let base = service_url.as_deref().and_then(base);
    let mut file = PhoneConfiguration {
        lines: lines.collect(),
        speed_dials: speed_dials.collect(),
        call_server: call_server(effective.call_server.as_deref().unwrap_or(&site.call_server)),
        // Without an authentication URL the phone would obey every push.
        authentication_url: base.map(|base| format!("{base}{}", phone_auth::PATH)),
        idle: idle.and_then(|IdleAfter { path, seconds }| {
            Some(Idle { url: format!("{}{path}", base?), seconds })
        }),
        service_url,
        time_zone: Some(site.time_zone.clone()).filter(|zone| !zone.is_empty()),
        version: String::new(),
    };
    file.version = stamp(&file.xml());
    file
}

/// Scheme, host and port of an address.
fn base(url: &str) -> Option<&str> {
    let after = url.find("://")? + 3;
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |end| after + end);
    Some(&url[..end])
}

/// Host and port of a call server.
fn call_server(text: &str) -> Option<CallServer> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            (host, port.parse().ok()?)
        }
        _ => (text, SIP_PORT),
    };
    (!host.is_empty()).then(|| CallServer { host: host.to_owned(), port })
}

/// The version of a file: a text that changes with the file, in the original's format.
fn stamp(xml: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(xml).into();
    let bytes = *digest.first_chunk::<16>().unwrap_or(&[0; 16]);
    format!("{{{}}}", uuid::Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use engine::{ConfigurationCause, SipAccount};

    use super::*;

    fn effective() -> EffectiveConfiguration {
        let (dn, label) = ("2001".to_owned(), "John".to_owned());
        let sip = SipAccount { dn: dn.clone(), user: "john".into(), password: "secret".into() };
        EffectiveConfiguration {
            lines: vec![engine::Line { dn, label }],
            speed_dials: Vec::new(),
            sip: vec![sip],
            call_server: None,
            why: ConfigurationCause::Profile,
            left_out: Vec::new(),
        }
    }

    #[test]
    fn accounts_are_for_the_phone_alone() {
        let file = |with| of(&effective(), &Site::default(), Some("http://em:8080"), with, None);
        assert_eq!(file(true).lines[0].credentials.as_ref().unwrap().user, "john");
        assert_eq!(file(false).lines[0].credentials, None);
        assert!(!file(false).xml().contains("secret"));
        assert_ne!(file(true).version, file(false).version);
        assert_eq!(file(true).version, file(true).version);
    }

    #[test]
    fn addresses_are_the_sites_or_this_servers() {
        let path = "/idle?device=SEP1&secret=5";
        let idle = Some(IdleAfter { path, seconds: 60 });
        let own = of(&effective(), &Site::default(), Some("http://em:8080"), false, idle);
        assert_eq!(own.idle.as_ref().unwrap().url, format!("http://em:8080{path}"));
        assert_eq!(own.service_url.as_deref(), Some(format!("http://em:8080{SERVICE}").as_str()));
        assert_eq!(own.authentication_url.as_deref(), Some("http://em:8080/authenticate"));
        assert_eq!(own.call_server, None);
        let site = Site {
            service_url: "https://site.example/em?device=#DEVICENAME#".to_owned(),
            call_server: "192.0.2.5:5070".to_owned(),
            ..Site::default()
        };
        let set = of(&effective(), &site, Some("http://em:8080"), false, None);
        assert_eq!(set.authentication_url.as_deref(), Some("https://site.example/authenticate"));
        let server = |text: &str| call_server(text).map(|server| (server.host, server.port));
        assert_eq!(server("192.0.2.5:5070"), Some(("192.0.2.5".to_owned(), 5070)));
        assert_eq!(server("pbx.example"), Some(("pbx.example".to_owned(), 5060)));
        assert_eq!(server("[2001:db8::1]:5070"), Some(("[2001:db8::1]".to_owned(), 5070)));
        assert_eq!(server(""), None);
    }
}
