//! The block of service parameters.

use std::fmt::Display;

use terms::{Parameter, ServiceParameters};

use super::{Entry, Shape};

/// The block of ten values in the trace, at start and after each change of the service parameters.
#[must_use]
pub fn service_parameters(parameters: &ServiceParameters) -> Vec<Entry> {
    let text = |parameter: Parameter| parameters.value(parameter).to_owned();
    let flag = |parameter: Parameter| parameters.is_true(parameter).to_string();
    let behavior = parameters.multiple_login_behavior().trace_name().to_owned();
    let values = [
        (Shape::MaxDurationEnabled, flag(Parameter::EnforceIntraMaximum)),
        (Shape::IntraMaximum, text(Parameter::IntraMaximum)),
        (Shape::InterMaximum, text(Parameter::InterMaximum)),
        (Shape::MultiLoginPolicy, behavior),
        (Shape::MaxConcurrentSessions, text(Parameter::MaximumConcurrentRequests)),
        (Shape::IpCheckEnabled, flag(Parameter::ValidateIpAddress)),
        (Shape::TrustedIps, text(Parameter::TrustedIps)),
        (Shape::CacheSize, text(Parameter::CacheSize)),
        (Shape::AllowProxy, flag(Parameter::AllowProxy)),
        (Shape::EmccAllowProxy, flag(Parameter::EmccAllowProxy)),
    ];
    std::iter::once(Entry::new(Shape::BeginParameters, &[]))
        .chain(values.iter().map(|(shape, value)| Entry::new(*shape, &[value as &dyn Display])))
        .chain(std::iter::once(Entry::new(Shape::EndParameters, &[])))
        .collect()
}
