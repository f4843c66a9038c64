//! The effective configuration of a phone: its own, or the device profile of a login.

use terms::{button_count, model_number};

use crate::{DeviceProfile, HomeConfiguration, Line, Login, Phone, SipAccount, SpeedDial};

/// Users and phones of this cluster that were found by a part of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundNames {
    /// The ids of users.
    pub users: Vec<String>,
    /// Phones.
    pub phones: Vec<FoundPhone>,
}

/// The configuration that a phone has now, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveConfiguration {
    /// Its lines now.
    pub lines: Vec<Line>,
    /// Its speed dials now.
    pub speed_dials: Vec<SpeedDial>,
    /// The accounts of the lines at the call server.
    pub sip: Vec<SipAccount>,
    /// Host and port of the home cluster's call server, for a visit; `None` is the site's call server.
    pub call_server: Option<String>,
    /// The numbers of the profile's lines and speed dials for which a phone of another model has no button.
    pub left_out: Vec<String>,
    /// Why the phone has this configuration.
    pub why: ConfigurationCause,
}

/// Why a phone has its effective configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigurationCause {
    /// No user is logged in: the phone shows its own configuration.
    Own,
    /// The phone shows the device profile of a login.
    Profile,
    /// The device profile of the login does not exist any more: the phone shows its own configuration.
    ProfileMissing,
}

/// The effective configuration of a phone: the login's device profile, or the phone's own configuration.
/// A profile replaces the phone's own lines, which are not reachable during a login.
///
/// The configuration is computed from the login and never stored, so it changes in the transaction that
/// changes the login.
#[must_use]
pub fn effective(
    phone: &Phone,
    login: Option<&Login>,
    profile: Option<&DeviceProfile>,
) -> EffectiveConfiguration {
    let own = |why| EffectiveConfiguration {
        lines: phone.lines.clone(),
        speed_dials: phone.speed_dials.clone(),
        sip: phone.sip.clone(),
        call_server: None,
        left_out: Vec::new(),
        why,
    };
    match (login, profile) {
        (None, _) => own(ConfigurationCause::Own),
        (Some(_), None) => own(ConfigurationCause::ProfileMissing),
        (Some(_), Some(profile)) => of_profile(phone, profile),
    }
}

/// The effective configuration during a visit: the device profile and the call server of the home cluster.
#[must_use]
pub fn effective_visit(phone: &Phone, home: &HomeConfiguration) -> EffectiveConfiguration {
    let call_server = Some(home.call_server.clone());
    EffectiveConfiguration { call_server, ..of_profile(phone, &home.profile) }
}

/// The part of a device profile that a phone shows.
///
/// A profile for another model may have more lines and speed dials than the phone has buttons: lines get
/// buttons first. Expansion modules are not known here, so a profile for the phone's own model is shown whole.
fn of_profile(phone: &Phone, profile: &DeviceProfile) -> EffectiveConfiguration {
    let is_other = model_number(&phone.model) != model_number(&profile.model);
    let buttons = button_count(&phone.model).filter(|_| is_other).unwrap_or(usize::MAX);
    let (mut lines, mut speed_dials) = (profile.lines.clone(), profile.speed_dials.clone());
    let more_lines = lines.split_off(lines.len().min(buttons));
    let more_dials = speed_dials.split_off(speed_dials.len().min(buttons - lines.len()));
    let lines_left_out = more_lines.into_iter().map(|line| line.dn);
    let left_out = lines_left_out.chain(more_dials.into_iter().map(|dial| dial.number));
    EffectiveConfiguration {
        lines,
        speed_dials,
        sip: profile.sip.clone(),
        call_server: None,
        left_out: left_out.collect(),
        why: ConfigurationCause::Profile,
    }
}

/// A phone in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhone {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Its description.
    pub description: String,
}

/// A phone with its login and effective configuration, read in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneDetail {
    /// The phone.
    pub phone: Phone,
    /// The open login on the phone.
    pub login: Option<Login>,
    /// The configuration that the phone has now, and why.
    pub effective: EffectiveConfiguration,
    /// The number of the last event that the detail reflects.
    pub as_of: u64,
}

#[cfg(test)]
mod tests {
    use terms::LoginType;
    use uuid::Uuid;

    use super::*;
    use crate::{Actor, LoginId, PhoneId, UserId, UtcMillis};

    fn line(dn: &str) -> Vec<Line> {
        vec![Line { dn: dn.to_owned(), label: String::new() }]
    }

    #[test]
    fn a_login_replaces_the_phones_own_lines_and_its_end_brings_them_back() {
        let phone = Phone {
            name: "SEP1".into(),
            model: "8861".into(),
            description: "Lobby".into(),
            extension_mobility: true,
            address: None,
            lines: line("1001"),
            speed_dials: vec![SpeedDial { number: "9".into(), label: "Desk".into() }],
            sip: Vec::new(),
            log_out_at: None,
            log_out_since: UtcMillis::default(),
            idle_minutes: None,
            last_user: None,
        };
        let profile = DeviceProfile {
            name: "john-UDP".into(),
            model: "8861".into(),
            lines: line("2001"),
            speed_dials: Vec::new(),
            sip: Vec::new(),
        };
        let login = Login {
            id: LoginId(Uuid::nil()),
            user: UserId::own("john"),
            phone: PhoneId::own(&phone.name),
            model: phone.model.clone(),
            description: phone.description.clone(),
            profile: profile.name.clone(),
            login_type: LoginType::Em,
            from: UtcMillis(0),
            until: None,
            by: Actor::SYSTEM,
        };
        let now = effective(&phone, Some(&login), Some(&profile));
        assert_eq!(
            (now.lines, now.speed_dials, now.why),
            (line("2001"), vec![], ConfigurationCause::Profile)
        );
        let own = effective(&phone, None, None);
        assert_eq!((own.lines, own.why), (line("1001"), ConfigurationCause::Own));
        assert_eq!(effective(&phone, Some(&login), None).why, ConfigurationCause::ProfileMissing);
    }

    #[test]
    fn a_phone_of_another_model_shows_what_fits_and_says_what_does_not() {
        let line = |dn: &str| Line { dn: dn.to_owned(), label: String::new() };
        let dial = |number: &str| SpeedDial { number: number.to_owned(), label: String::new() };
        let profile = |model: &str| DeviceProfile {
            name: "john-UDP".into(),
            model: model.into(),
            lines: ["1", "2", "3"].map(line).into(),
            speed_dials: ["7", "8"].map(dial).into(),
            sip: Vec::new(),
        };
        let phone = |model: &str| Phone {
            name: "SEP1".into(),
            model: model.into(),
            description: String::new(),
            extension_mobility: true,
            address: None,
            lines: Vec::new(),
            speed_dials: Vec::new(),
            sip: Vec::new(),
            log_out_at: None,
            log_out_since: UtcMillis::default(),
            idle_minutes: None,
            last_user: None,
        };
        let shown = |model: &str, made_for: &str| of_profile(&phone(model), &profile(made_for));
        let of_7841 = shown("Cisco 7841", "Cisco 8861");
        assert_eq!((of_7841.lines.len(), of_7841.speed_dials.len()), (3, 1));
        assert_eq!(of_7841.left_out, ["8"]);
        let of_7821 = shown("7821", "Cisco 8861");
        assert_eq!((of_7821.lines.len(), of_7821.speed_dials.len()), (2, 0));
        assert_eq!(of_7821.left_out, ["3", "7", "8"]);
        for (model, made_for) in [("CP-7821", "Cisco 7821"), ("unknown", "8861"), ("8861", "7841")]
        {
            assert!(shown(model, made_for).left_out.is_empty(), "{model} {made_for}");
        }
    }
}
