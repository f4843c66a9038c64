//! What a phone is now: its own, or what a login made of it.

use crate::{DeviceProfile, Line, Login, Phone, SipAccount, SpeedDial};

/// What a phone shows now, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveConfiguration {
    /// Its lines now.
    pub lines: Vec<Line>,
    /// Its speed dials now.
    pub speed_dials: Vec<SpeedDial>,
    /// The accounts of those lines at the call server.
    pub sip: Vec<SipAccount>,
    /// Why.
    pub why: Why,
}

/// Why a phone shows what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody is logged in: it shows its own.
    Own,
    /// A login gave it its device profile.
    Profile,
    /// A login wants a device profile that is not there any more: it shows its own.
    ProfileMissing,
}

/// What a phone shows: the whole of the login's device profile, or the phone's own. A profile
/// replaces, it adds nothing: a phone's own lines are not reachable during a login.
///
/// It is computed from the login and never stored, so it changes with the login in the same
/// transaction by construction.
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
        why,
    };
    match (login, profile) {
        (None, _) => own(Why::Own),
        (Some(_), None) => own(Why::ProfileMissing),
        (Some(_), Some(profile)) => EffectiveConfiguration {
            lines: profile.lines.clone(),
            speed_dials: profile.speed_dials.clone(),
            sip: profile.sip.clone(),
            why: Why::Profile,
        },
    }
}

/// A phone with everything about it, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneDetail {
    /// The phone.
    pub phone: Phone,
    /// Who is on it.
    pub login: Option<Login>,
    /// What it shows now, and why.
    pub effective: EffectiveConfiguration,
    /// The number of the last event that this knows of.
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
        assert_eq!((now.lines, now.speed_dials, now.why), (line("2001"), vec![], Why::Profile));
        let own = effective(&phone, None, None);
        assert_eq!((own.lines, own.why), (line("1001"), Why::Own));
        assert_eq!(effective(&phone, Some(&login), None).why, Why::ProfileMissing);
    }
}
