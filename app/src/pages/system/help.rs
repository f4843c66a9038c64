//! Help for each parameter, in this project's own words.

use terms::{Kind, Parameter};

use crate::text::{t, use_i18n};

/// The effect of a parameter.
pub(super) fn help(parameter: Parameter) -> &'static str {
    let i18n = use_i18n();
    match parameter {
        Parameter::EnforceIntraMaximum => t!(i18n, help.enforce_intra),
        Parameter::IntraMaximum => t!(i18n, help.intra),
        Parameter::InterMaximum => t!(i18n, help.inter),
        Parameter::MultipleLoginBehavior => t!(i18n, help.behavior),
        Parameter::AlphanumericUserId => t!(i18n, help.alphanumeric),
        Parameter::RememberLastUser => t!(i18n, help.remember),
        Parameter::ClearCallLogs => t!(i18n, help.clear_calls),
        Parameter::MaximumConcurrentRequests => t!(i18n, help.concurrent),
        Parameter::ValidateIpAddress => t!(i18n, help.validate_ip),
        Parameter::TrustedIps => t!(i18n, help.trusted_ips),
        Parameter::AllowProxy => t!(i18n, help.allow_proxy),
        Parameter::EmccAllowProxy => t!(i18n, help.emcc_allow_proxy),
        Parameter::CacheSize => t!(i18n, help.cache_size),
    }
}

/// The values that a parameter accepts, for the hint below its field and the message for an invalid value.
pub(super) fn takes(kind: Kind) -> String {
    let i18n = use_i18n();
    match kind {
        Kind::Boolean | Kind::Behavior => String::new(),
        Kind::LoginTime => t!(i18n, parameters.takes_time).to_owned(),
        Kind::Integer { min, max } => {
            t!(i18n, parameters.takes_number, min = min, max = max)
        }
        Kind::TrustedList { max_chars } => t!(i18n, parameters.takes_text, max = max_chars),
    }
}
