//! Words for the lists and their filters.

use terms::RecordKind;

use crate::{
    api::{DirectoryFilter, RecordAct},
    text::{t, use_i18n},
};

/// The title of a list.
pub(super) fn title_of(kind: RecordKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        RecordKind::Users => t!(i18n, directory.users),
        RecordKind::Phones => t!(i18n, directory.phones),
        RecordKind::DeviceProfiles => t!(i18n, directory.device_profiles),
        RecordKind::ApplicationUsers => t!(i18n, directory.application_users),
    }
}

/// A row of a list.
pub(super) fn one_of(kind: RecordKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        RecordKind::Users => t!(i18n, user.title),
        RecordKind::Phones => t!(i18n, phone.title),
        RecordKind::DeviceProfiles => t!(i18n, logins.profile),
        RecordKind::ApplicationUsers => t!(i18n, directory.application_user),
    }
}

/// The link to the form of a new row.
pub(super) fn add_of(kind: RecordKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        RecordKind::Users => t!(i18n, record.add_user),
        RecordKind::Phones => t!(i18n, record.add_phone),
        RecordKind::DeviceProfiles => t!(i18n, record.add_profile),
        RecordKind::ApplicationUsers => t!(i18n, record.add_app_user),
    }
}

/// The name of an act on rows of a list.
pub(super) fn act_of(kind: RecordKind, act: RecordAct) -> &'static str {
    let i18n = use_i18n();
    match (act, kind) {
        (RecordAct::Enable, RecordKind::Phones) => t!(i18n, act.em_on),
        (RecordAct::Disable, RecordKind::Phones) => t!(i18n, act.em_off),
        (RecordAct::Enable, _) => t!(i18n, act.enable),
        (RecordAct::Disable, _) => t!(i18n, act.disable),
        (RecordAct::MustChangePin, _) => t!(i18n, act.must_change_pin),
        (RecordAct::Remove, _) => t!(i18n, act.remove),
    }
}

/// What the search box of a list finds.
pub(super) fn hint_of(kind: RecordKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        RecordKind::Users => t!(i18n, directory.find_user),
        RecordKind::Phones => t!(i18n, directory.find_phone),
        RecordKind::DeviceProfiles => t!(i18n, directory.find_profile),
        RecordKind::ApplicationUsers => t!(i18n, directory.find_app_user),
    }
}

/// The name of a filter in the list of its kind.
pub(super) fn name_of(kind: RecordKind, filter: DirectoryFilter) -> &'static str {
    let i18n = use_i18n();
    match filter {
        DirectoryFilter::LoggedIn if kind == RecordKind::Users => t!(i18n, directory.logged_in),
        DirectoryFilter::LoggedIn => t!(i18n, directory.in_use),
        DirectoryFilter::NoKnownLogin => t!(i18n, directory.no_known_login),
        DirectoryFilter::NoProfile => t!(i18n, directory.no_profile),
        DirectoryFilter::Locked => t!(i18n, directory.locked),
        DirectoryFilter::Disabled => t!(i18n, directory.disabled),
        DirectoryFilter::PinMustChange => t!(i18n, directory.pin_must_change),
        DirectoryFilter::Emcc => t!(i18n, directory.emcc),
        DirectoryFilter::NeverUsed => t!(i18n, directory.never_used),
        DirectoryFilter::Off => t!(i18n, directory.off),
        DirectoryFilter::NoAddress => t!(i18n, directory.no_address),
        DirectoryFilter::OtherModel => t!(i18n, directory.other_model),
        DirectoryFilter::Unused => t!(i18n, directory.unused),
        DirectoryFilter::Proxy => t!(i18n, directory.proxy),
        DirectoryFilter::NoProxy => t!(i18n, directory.no_proxy),
    }
}
