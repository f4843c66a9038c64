//! The names of parameters and of their values in the language of the page.
//!
//! The English name is the name in the original, in the database and in files: the page shows both.

use terms::{MultipleLoginBehavior, Parameter, Release};

use crate::{
    release::use_release,
    text::{Locale, t, use_i18n},
};

/// The name of a parameter; `None` in English.
pub(super) fn own_name(parameter: Parameter) -> Option<&'static str> {
    let i18n = use_i18n();
    let name = match parameter {
        Parameter::MultipleLoginBehavior if use_release() < Release::V12_5 => {
            t!(i18n, parameter_names.intra_behavior)
        }
        Parameter::MultipleLoginBehavior => t!(i18n, parameter_names.behavior),
        Parameter::EnforceIntraMaximum => t!(i18n, parameter_names.enforce_intra),
        Parameter::IntraMaximum => t!(i18n, parameter_names.intra),
        Parameter::InterMaximum => t!(i18n, parameter_names.inter),
        Parameter::AlphanumericUserId => t!(i18n, parameter_names.alphanumeric),
        Parameter::RememberLastUser => t!(i18n, parameter_names.remember),
        Parameter::ClearCallLogs => t!(i18n, parameter_names.clear_calls),
        Parameter::MaximumConcurrentRequests => t!(i18n, parameter_names.concurrent),
        Parameter::ValidateIpAddress => t!(i18n, parameter_names.validate_ip),
        Parameter::TrustedIps => t!(i18n, parameter_names.trusted_ips),
        Parameter::AllowProxy => t!(i18n, parameter_names.allow_proxy),
        Parameter::EmccAllowProxy => t!(i18n, parameter_names.emcc_allow_proxy),
        Parameter::CacheSize => t!(i18n, parameter_names.cache_size),
    };
    (i18n.locale() != Locale::en).then_some(name)
}

/// A value, behind its name in the language of the page if it has one.
pub(super) fn value_name(value: &'static str) -> String {
    let i18n = use_i18n();
    let name = match MultipleLoginBehavior::from_label(value) {
        Some(MultipleLoginBehavior::Allowed) => t!(i18n, parameter_names.allowed),
        Some(MultipleLoginBehavior::NotAllowed) => t!(i18n, parameter_names.not_allowed),
        Some(MultipleLoginBehavior::AutoLogout) => t!(i18n, parameter_names.auto_logout),
        None => value,
    };
    if name == value { value.to_owned() } else { format!("{name} ({value})") }
}
