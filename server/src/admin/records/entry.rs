//! Reads the typed values of a record as an entry of a change.

use engine::{
    AppUserEntry, ConfigurationChange, Line, LogOutRules, PhoneEntry, ProfileEntry, SpeedDial,
    UserEntry,
};
use terms::{FieldProblem, LogOutAt, LoginTime, PhoneAddress, RecordField as F, RecordKind, key};

use super::{RecordError, RecordValues, line::one_line, numbers, values};

type Read<T> = Result<T, FieldProblem>;

/// The secrets of a record, or their hashes; `None` keeps the stored one.
#[derive(Default)]
pub(super) struct Secrets {
    pub(super) pin: Option<String>,
    pub(super) password: Option<String>,
}

/// A change with one entry, which names the given fields. The entry has no secrets.
pub(super) fn entry(
    kind: RecordKind,
    name: &str,
    values: &RecordValues,
) -> Result<ConfigurationChange, RecordError> {
    let (given, name) = (Given(values), name.to_owned());
    let mut change = ConfigurationChange::default();
    match kind {
        RecordKind::Users => change.users.push(UserEntry {
            id: name,
            pin_hash: None,
            enabled: given.read(F::Enabled, flag)?,
            emcc: given.read(F::Emcc, flag)?,
            max_login_minutes: given.read(F::MaxLoginTime, max_login_minutes)?,
            profiles: given.read(F::Profiles, names)?,
            primary_extension: given.read(F::PrimaryExtension, number)?,
            self_service_id: given.read(F::SelfServiceId, number)?,
            pin_must_change: given.read(F::PinMustChange, flag)?,
        }),
        RecordKind::Phones => change.phones.push(PhoneEntry {
            name,
            model: given.read(F::Model, one_line)?,
            description: given.read(F::Description, one_line)?,
            extension_mobility: given.read(F::ExtensionMobility, flag)?,
            address: given.read(F::Address, address)?,
            lines: given.read(F::Lines, lines)?,
            speed_dials: given.read(F::SpeedDials, speed_dials)?,
            sip: None,
            log_out_at: given.read(F::LogOutAt, log_out_at)?,
            idle_minutes: given.read(F::IdleMinutes, idle_minutes)?,
        }),
        RecordKind::DeviceProfiles => change.profiles.push(ProfileEntry {
            name,
            model: given.read(F::Model, one_line)?,
            lines: given.read(F::Lines, lines)?,
            speed_dials: given.read(F::SpeedDials, speed_dials)?,
            sip: None,
        }),
        RecordKind::ApplicationUsers => change.app_users.push(AppUserEntry {
            id: name,
            password_hash: None,
            proxy: given.read(F::Proxy, flag)?,
        }),
    }
    Ok(change)
}

/// The name of a new record.
pub(super) fn new_name(kind: RecordKind, values: &RecordValues) -> Result<String, RecordError> {
    let field = if kind.fields().contains(&F::Id) { F::Id } else { F::Name };
    let name = values.get(&field).map_or("", |name| trimmed(name));
    let wrong = |problem| RecordError::Field(field, problem);
    if name.is_empty() {
        return Err(wrong(FieldProblem::Missing));
    }
    let name = one_line(name).map_err(wrong)?;
    if key(&name).is_empty() { Err(wrong(FieldProblem::Blanks)) } else { Ok(name) }
}

/// The text of a value as a form shows it once it is stored. Spreadsheets change the case of `true`, and zeros before
/// hours.
pub(super) fn canonical(field: F, text: &str) -> Result<String, FieldProblem> {
    let line = trimmed(text);
    Ok(match field {
        F::PinMustChange | F::Enabled | F::Emcc | F::ExtensionMobility | F::Proxy => {
            flag(line)?.to_string()
        }
        F::MaxLoginTime => values::max_login_time(max_login_minutes(line)?),
        F::Profiles => names(text)?.join("\n"),
        F::Lines | F::SpeedDials => {
            let numbers = numbers::read(text)?;
            numbers::text(numbers.iter().map(|(number, label)| (&**number, &**label)))
        }
        F::LogOutAt => log_out_at(line)?.map(|at| at.to_string()).unwrap_or_default(),
        F::IdleMinutes => idle_minutes(line)?.map(|all| all.to_string()).unwrap_or_default(),
        F::Address => address(line)?,
        F::PrimaryExtension | F::SelfServiceId => number(line)?,
        F::Pin | F::Password => text.to_owned(),
        F::Id | F::Name | F::Description | F::Model => one_line(line)?,
    })
}

/// The typed secrets. A new user or application user needs one.
pub(super) fn secrets(
    kind: RecordKind,
    values: &RecordValues,
    is_new: bool,
) -> Result<Secrets, RecordError> {
    let secret = |field: F| {
        let typed = values.get(&field).filter(|typed| !typed.is_empty()).cloned();
        let wrong = |problem| Err(RecordError::Field(field, problem));
        match typed {
            None if is_new && kind.fields().contains(&field) => wrong(FieldProblem::Missing),
            Some(typed) if field == F::Pin && !typed.bytes().all(|byte| byte.is_ascii_digit()) => {
                wrong(FieldProblem::NotDigits)
            }
            Some(typed) if typed.trim() != typed => wrong(FieldProblem::Blanks),
            Some(typed) if one_line(&typed).is_err() => wrong(FieldProblem::NotALine),
            typed => Ok(typed),
        }
    };
    Ok(Secrets { pin: secret(F::Pin)?, password: secret(F::Password)? })
}

/// The text without blanks around it. A browser ends the lines of a field with CR LF.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim()
}

/// The typed values.
struct Given<'a>(&'a RecordValues);

impl Given<'_> {
    /// The value of a field, unless the field is absent.
    fn read<T>(&self, field: F, read: impl Fn(&str) -> Read<T>) -> Result<Option<T>, RecordError> {
        let Some(text) = self.0.get(&field) else { return Ok(None) };
        read(text).map(Some).map_err(|problem| RecordError::Field(field, problem))
    }
}

fn flag(text: &str) -> Read<bool> {
    text.to_ascii_lowercase().parse().map_err(|_| FieldProblem::NotAFlag)
}

fn max_login_minutes(text: &str) -> Read<Option<u32>> {
    if text.is_empty() {
        return Ok(None);
    }
    let time: LoginTime = text.parse().map_err(|_| FieldProblem::NotALoginTime)?;
    Ok(Some(time.minutes))
}

fn names(text: &str) -> Read<Vec<String>> {
    let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
    let names = names.map(one_line).collect::<Read<Vec<_>>>()?;
    let mut seen = std::collections::BTreeSet::new();
    match names.iter().find(|name| !seen.insert(key(name))) {
        Some(twice) => Err(FieldProblem::Twice(twice.clone())),
        None => Ok(names),
    }
}

/// The number or id by which a user may log in at a phone.
fn number(text: &str) -> Read<String> {
    if text.contains(char::is_whitespace) { Err(FieldProblem::Blanks) } else { one_line(text) }
}

fn address(text: &str) -> Read<String> {
    let is_address = text.is_empty() || PhoneAddress::parse(text).is_some();
    if is_address { one_line(text) } else { Err(FieldProblem::NotAnAddress) }
}

fn log_out_at(text: &str) -> Read<Option<LogOutAt>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| FieldProblem::NotATimeOfDay)
}

fn idle_minutes(text: &str) -> Read<Option<u32>> {
    const MAX: u32 = LogOutRules::MAX_IDLE_MINUTES;
    if text.is_empty() {
        return Ok(None);
    }
    let minutes = text.parse().ok().filter(|minutes| *minutes <= MAX);
    minutes.map(Some).ok_or(FieldProblem::NotANumber(MAX))
}

fn lines(text: &str) -> Read<Vec<Line>> {
    let lines = numbers::read(text)?.into_iter();
    Ok(lines.map(|(dn, label)| Line { dn, label }).collect())
}

fn speed_dials(text: &str) -> Read<Vec<SpeedDial>> {
    let dials = numbers::read(text)?.into_iter();
    Ok(dials.map(|(number, label)| SpeedDial { number, label }).collect())
}

#[cfg(test)]
mod tests {
    use engine::{Phone, StoredRecord, User, UtcMillis};

    use super::{super::values::values, *};

    fn field_of(result: Result<ConfigurationChange, RecordError>) -> Option<(F, FieldProblem)> {
        match result {
            Err(RecordError::Field(field, problem)) => Some((field, problem)),
            _ => None,
        }
    }

    #[test]
    fn what_a_form_shows_changes_nothing_when_it_is_typed_again() {
        let user = User {
            id: "john".to_owned(),
            pin_hash: "$hash".to_owned(),
            enabled: true,
            emcc: false,
            max_login_minutes: Some(605),
            profiles: vec!["desk".to_owned(), "a, b".to_owned()],
            primary_extension: "2001".to_owned(),
            self_service_id: String::new(),
            pin_must_change: true,
            pin_history: vec!["$former".to_owned()],
        };
        let texts = values(&StoredRecord::User(user.clone()));
        assert_eq!(texts[&F::MaxLoginTime], "10:05");
        assert!(texts.values().all(|text| !text.contains('$')), "no secret is a text");
        let change = entry(RecordKind::Users, "john", &texts).unwrap();
        let read = &change.users[0];
        assert_eq!(read.profiles.as_ref(), Some(&user.profiles));
        assert_eq!(read.max_login_minutes, Some(Some(605)));
        assert_eq!((read.enabled, read.pin_must_change), (Some(true), Some(true)));
        let phone = Phone {
            name: "SEP001122334455".to_owned(),
            model: "Cisco 8861".to_owned(),
            description: "3층".to_owned(),
            extension_mobility: false,
            address: None,
            lines: vec![Line { dn: "1001".to_owned(), label: "Lobby".to_owned() }],
            speed_dials: vec![SpeedDial { number: "0 2".to_owned(), label: String::new() }],
            sip: Vec::new(),
            log_out_at: Some(LogOutAt::Never),
            log_out_since: UtcMillis::default(),
            idle_minutes: Some(0),
            last_user: None,
        };
        let texts = values(&StoredRecord::Phone(phone.clone()));
        let change = entry(RecordKind::Phones, "x", &texts).unwrap();
        let read = &change.phones[0];
        assert_eq!((read.log_out_at, read.idle_minutes), (Some(phone.log_out_at), Some(Some(0))));
        assert_eq!(read.lines.as_ref(), Some(&phone.lines));
        assert_eq!(read.speed_dials.as_ref(), Some(&phone.speed_dials));
        assert_eq!(read.address.as_deref(), Some(""));
    }

    #[test]
    fn the_field_that_is_wrong_is_told() {
        for (kind, field, text, expected) in [
            (RecordKind::Users, F::MaxLoginTime, "10", FieldProblem::NotALoginTime),
            (RecordKind::Users, F::Enabled, "maybe", FieldProblem::NotAFlag),
            (RecordKind::Users, F::PrimaryExtension, "20 01", FieldProblem::Blanks),
            (RecordKind::Users, F::Profiles, "a\nA", FieldProblem::Twice("A".to_owned())),
            (RecordKind::Phones, F::Address, "300.1.1.1", FieldProblem::NotAnAddress),
            (RecordKind::Phones, F::LogOutAt, "25:00", FieldProblem::NotATimeOfDay),
            (RecordKind::Phones, F::IdleMinutes, "-1", FieldProblem::NotANumber(10_080)),
            (RecordKind::Phones, F::Description, "a\tb", FieldProblem::NotALine),
            (RecordKind::DeviceProfiles, F::Lines, "\"1", FieldProblem::NoNumber(1)),
        ] {
            let typed = RecordValues::from([(field, text.to_owned())]);
            assert_eq!(field_of(entry(kind, "x", &typed)), Some((field, expected)), "{text:?}");
        }
    }
}
