//! The values of a stored record as texts.

use engine::{AppUser, DeviceProfile, Line, Phone, SpeedDial, StoredRecord, User};
use terms::{LoginTime, RecordField as F};

use super::{RecordValues, numbers};

/// The value of each field of the record; secrets are empty.
pub(super) fn values(record: &StoredRecord) -> RecordValues {
    let values = match record {
        StoredRecord::User(user) => of_user(user),
        StoredRecord::Phone(phone) => of_phone(phone),
        StoredRecord::DeviceProfile(profile) => of_profile(profile),
        StoredRecord::AppUser(user) => of_app_user(user),
    };
    values.into_iter().collect()
}

fn of_user(user: &User) -> Vec<(F, String)> {
    vec![
        (F::Id, user.id.clone()),
        (F::Pin, String::new()),
        (F::PinMustChange, user.pin_must_change.to_string()),
        (F::Enabled, user.enabled.to_string()),
        (F::Emcc, user.emcc.to_string()),
        (F::MaxLoginTime, max_login_time(user.max_login_minutes)),
        (F::Profiles, user.profiles.join("\n")),
        (F::PrimaryExtension, user.primary_extension.clone()),
        (F::SelfServiceId, user.self_service_id.clone()),
    ]
}

/// The text of a maximum login time; `None` is the system's.
pub(super) fn max_login_time(minutes: Option<u32>) -> String {
    match minutes {
        None => String::new(),
        Some(0) => "0".to_owned(),
        Some(minutes) => LoginTime { minutes }.to_string(),
    }
}

fn of_phone(phone: &Phone) -> Vec<(F, String)> {
    vec![
        (F::Name, phone.name.clone()),
        (F::Description, phone.description.clone()),
        (F::Model, phone.model.clone()),
        (F::Address, phone.address.clone().unwrap_or_default()),
        (F::ExtensionMobility, phone.extension_mobility.to_string()),
        (F::Lines, lines(&phone.lines)),
        (F::SpeedDials, speed_dials(&phone.speed_dials)),
        (F::LogOutAt, phone.log_out_at.map(|at| at.to_string()).unwrap_or_default()),
        (F::IdleMinutes, phone.idle_minutes.map(|minutes| minutes.to_string()).unwrap_or_default()),
    ]
}

fn of_profile(profile: &DeviceProfile) -> Vec<(F, String)> {
    vec![
        (F::Name, profile.name.clone()),
        (F::Model, profile.model.clone()),
        (F::Lines, lines(&profile.lines)),
        (F::SpeedDials, speed_dials(&profile.speed_dials)),
    ]
}

fn of_app_user(user: &AppUser) -> Vec<(F, String)> {
    vec![(F::Id, user.id.clone()), (F::Password, String::new()), (F::Proxy, user.proxy.to_string())]
}

fn lines(lines: &[Line]) -> String {
    numbers::text(lines.iter().map(|line| (&*line.dn, &*line.label)))
}

fn speed_dials(dials: &[SpeedDial]) -> String {
    numbers::text(dials.iter().map(|dial| (&*dial.number, &*dial.label)))
}
