//! Help for each parameter, in our own words.

use terms::{Kind, Parameter};

use crate::text::{t_string, use_i18n};

/// What a parameter does.
pub(super) fn help(parameter: Parameter) -> &'static str {
    let i18n = use_i18n();
    match parameter {
        Parameter::EnforceIntraMaximum => t_string!(i18n, help.enforce_intra),
        Parameter::IntraMaximum => t_string!(i18n, help.intra),
        Parameter::InterMaximum => t_string!(i18n, help.inter),
        Parameter::MultipleLoginBehavior => t_string!(i18n, help.behavior),
        Parameter::AlphanumericUserId => t_string!(i18n, help.alphanumeric),
        Parameter::RememberLastUser => t_string!(i18n, help.remember),
        Parameter::ClearCallLogs => t_string!(i18n, help.clear_calls),
        Parameter::MaximumConcurrentRequests => t_string!(i18n, help.concurrent),
        Parameter::ValidateIpAddress => t_string!(i18n, help.validate_ip),
        Parameter::TrustedIps => t_string!(i18n, help.trusted_ips),
        Parameter::AllowProxy => t_string!(i18n, help.allow_proxy),
        Parameter::EmccAllowProxy => t_string!(i18n, help.emcc_allow_proxy),
        Parameter::CacheSize => t_string!(i18n, help.cache_size),
    }
}

/// What values a parameter takes, for the hint below its field and the message when one does not do.
pub(super) fn takes(kind: Kind) -> String {
    let i18n = use_i18n();
    match kind {
        Kind::Boolean | Kind::Behavior => String::new(),
        Kind::LoginTime => t_string!(i18n, parameters.takes_time).to_owned(),
        Kind::Integer { min, max } => {
            t_string!(i18n, parameters.takes_number, min = min, max = max)
        }
        Kind::TrustedList { max_chars } => t_string!(i18n, parameters.takes_text, max = max_chars),
    }
}
