//! Words for the lists and their filters.

use crate::{
    api::{DirectoryFilter, DirectoryKind},
    text::{t, use_i18n},
};

/// The title of a list.
pub(super) fn title_of(kind: DirectoryKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        DirectoryKind::Users => t!(i18n, directory.users),
        DirectoryKind::Phones => t!(i18n, directory.phones),
        DirectoryKind::DeviceProfiles => t!(i18n, directory.device_profiles),
        DirectoryKind::ApplicationUsers => t!(i18n, directory.application_users),
    }
}

/// What the search box of a list finds.
pub(super) fn hint_of(kind: DirectoryKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        DirectoryKind::Users => t!(i18n, directory.find_user),
        DirectoryKind::Phones => t!(i18n, directory.find_phone),
        DirectoryKind::DeviceProfiles => t!(i18n, directory.find_profile),
        DirectoryKind::ApplicationUsers => t!(i18n, directory.find_app_user),
    }
}

/// The name of a filter in the list of its kind.
pub(super) fn name_of(kind: DirectoryKind, filter: DirectoryFilter) -> &'static str {
    let i18n = use_i18n();
    match filter {
        DirectoryFilter::LoggedIn if kind == DirectoryKind::Users => t!(i18n, directory.logged_in),
        DirectoryFilter::LoggedIn => t!(i18n, directory.in_use),
        DirectoryFilter::NeverLoggedIn => t!(i18n, directory.never_logged_in),
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
