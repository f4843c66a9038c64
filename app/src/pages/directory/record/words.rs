//! Words for the fields of a record, and for what is wrong with them.

use terms::{FieldProblem, RecordField, RecordKind};

use crate::text::{t, use_i18n};

/// The label of a field.
pub(in super::super) fn label_of(kind: RecordKind, field: RecordField) -> &'static str {
    let i18n = use_i18n();
    match field {
        RecordField::Id if kind == RecordKind::Users => t!(i18n, record.user_id),
        RecordField::Id => t!(i18n, record.id),
        RecordField::Name => t!(i18n, record.name),
        RecordField::Pin => t!(i18n, record.pin),
        RecordField::PinMustChange => t!(i18n, record.pin_must_change),
        RecordField::Enabled => t!(i18n, record.enabled),
        RecordField::Emcc => t!(i18n, record.emcc),
        RecordField::MaxLoginTime => t!(i18n, user.max_login),
        RecordField::Profiles => t!(i18n, directory.profiles),
        RecordField::PrimaryExtension => t!(i18n, record.primary_extension),
        RecordField::SelfServiceId => t!(i18n, record.self_service_id),
        RecordField::Description => t!(i18n, directory.description),
        RecordField::Model => t!(i18n, directory.model),
        RecordField::Address => t!(i18n, phone.address),
        RecordField::ExtensionMobility => t!(i18n, record.extension_mobility),
        RecordField::Lines => t!(i18n, directory.lines),
        RecordField::SpeedDials => t!(i18n, record.speed_dials),
        RecordField::LogOutAt => t!(i18n, record.log_out_at),
        RecordField::IdleMinutes => t!(i18n, record.idle_minutes),
        RecordField::Password => t!(i18n, record.password),
        RecordField::Proxy => t!(i18n, directory.proxy),
    }
}

/// What people have to know before they type a value.
pub(super) fn hint_of(field: RecordField, is_new: bool) -> &'static str {
    let i18n = use_i18n();
    match field {
        RecordField::Pin if is_new => t!(i18n, record.pin_new_hint),
        RecordField::Pin => t!(i18n, record.pin_hint),
        RecordField::Password if is_new => t!(i18n, record.password_new_hint),
        RecordField::Password => t!(i18n, record.password_hint),
        RecordField::Enabled => t!(i18n, record.enabled_hint),
        RecordField::Emcc => t!(i18n, record.emcc_hint),
        RecordField::MaxLoginTime => t!(i18n, record.max_login_hint),
        RecordField::Profiles => t!(i18n, record.profiles_hint),
        RecordField::PrimaryExtension | RecordField::SelfServiceId => t!(i18n, record.number_hint),
        RecordField::Address => t!(i18n, record.address_hint),
        RecordField::Lines | RecordField::SpeedDials => t!(i18n, record.lines_hint),
        RecordField::LogOutAt => t!(i18n, record.log_out_at_hint),
        RecordField::IdleMinutes => t!(i18n, record.idle_hint),
        RecordField::Proxy => t!(i18n, record.proxy_hint),
        RecordField::Id
        | RecordField::Name
        | RecordField::PinMustChange
        | RecordField::Description
        | RecordField::Model
        | RecordField::ExtensionMobility => "",
    }
}

/// What is wrong with a value.
pub(in super::super) fn problem_words(problem: &FieldProblem) -> String {
    let i18n = use_i18n();
    let text = match problem {
        FieldProblem::NotANumber(most) => {
            return t!(i18n, record.not_a_number, most = most.to_string());
        }
        FieldProblem::NoNumber(line) => {
            return t!(i18n, record.no_number, line = line.to_string());
        }
        FieldProblem::Twice(name) => return t!(i18n, record.twice, name = name.clone()),
        FieldProblem::NoProfile(name) => {
            return t!(i18n, record.not_a_profile, name = name.clone());
        }
        FieldProblem::Missing => t!(i18n, record.missing),
        FieldProblem::NotALine => t!(i18n, record.not_a_line),
        FieldProblem::Blanks => t!(i18n, record.blanks),
        FieldProblem::NotDigits => t!(i18n, record.not_digits),
        FieldProblem::NotAFlag => t!(i18n, record.not_a_flag),
        FieldProblem::NotALoginTime => t!(i18n, record.not_a_login_time),
        FieldProblem::NotATimeOfDay => t!(i18n, record.not_a_time_of_day),
        FieldProblem::NotAnAddress => t!(i18n, record.not_an_address),
    };
    text.to_owned()
}
