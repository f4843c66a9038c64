//! The values of all service parameters of a cluster.

use std::collections::BTreeMap;

use crate::{InvalidValue, LoginTime, MultipleLoginBehavior, Parameter};

/// The values in force, kept as typed; an unchanged parameter has its default.
///
/// Only valid values are stored, so that the typed accessors below can't fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceParameters {
    changed: BTreeMap<Parameter, String>,
}

/// The reason for which a value is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No parameter has this name.
    #[error("there is no service parameter {0:?}")]
    Unknown(String),
    /// The parameter does not take this value.
    #[error("{name}: {value:?} {problem}")]
    Invalid {
        /// The parameter's name as typed.
        name: String,
        /// The value as typed.
        value: String,
        /// The requirement that the value does not meet.
        problem: InvalidValue,
    },
    /// One parameter is given by two of its names.
    #[error("{one:?} and {other:?} are two names of one service parameter: leave one of them out")]
    TwoNames {
        /// The first name.
        one: String,
        /// The other name.
        other: String,
    },
}

impl ServiceParameters {
    /// Sets a parameter by its name.
    ///
    /// # Errors
    /// If no parameter has this name, or the parameter does not take the value; then nothing changes.
    pub fn set(&mut self, name: &str, value: &str) -> Result<Parameter, ParameterError> {
        let parameter =
            Parameter::from_name(name).ok_or_else(|| ParameterError::Unknown(name.to_owned()))?;
        parameter.definition().check(value).map_err(|problem| ParameterError::Invalid {
            name: name.to_owned(),
            value: value.to_owned(),
            problem,
        })?;
        self.changed.insert(parameter, value.to_owned());
        Ok(parameter)
    }

    /// The value as typed.
    #[must_use]
    pub fn value(&self, parameter: Parameter) -> &str {
        self.changed.get(&parameter).map_or(parameter.definition().default, String::as_str)
    }

    /// The value of a Boolean parameter.
    #[must_use]
    pub fn is_true(&self, parameter: Parameter) -> bool {
        self.value(parameter) == "True"
    }

    /// *Multiple Login Behavior*.
    #[must_use]
    pub fn multiple_login_behavior(&self) -> MultipleLoginBehavior {
        MultipleLoginBehavior::from_label(self.value(Parameter::MultipleLoginBehavior))
            .unwrap_or_default()
    }

    /// The time limit of a login within the cluster, in minutes; zero is unlimited.
    #[must_use]
    pub fn intra_limit_minutes(&self) -> u32 {
        if self.is_true(Parameter::EnforceIntraMaximum) {
            self.minutes(Parameter::IntraMaximum)
        } else {
            0
        }
    }

    /// *Inter-cluster Maximum Login Time*, the time limit of a login at a phone of another cluster, in minutes;
    /// zero is unlimited.
    #[must_use]
    pub fn inter_limit_minutes(&self) -> u32 {
        self.minutes(Parameter::InterMaximum)
    }

    /// *Maximum Concurrent Requests*.
    #[must_use]
    pub fn maximum_concurrent_requests(&self) -> usize {
        self.value(Parameter::MaximumConcurrentRequests).parse().unwrap_or(1)
    }

    /// *Extension Mobility Cache Size*: the number of phones whose addresses are cached.
    #[must_use]
    pub fn cache_size(&self) -> usize {
        self.value(Parameter::CacheSize).parse().unwrap_or(1000)
    }

    fn minutes(&self, parameter: Parameter) -> u32 {
        self.value(parameter).parse::<LoginTime>().unwrap_or_default().minutes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_value_changes_nothing() {
        let mut parameters = ServiceParameters::default();
        parameters.set("Multiple Login Behavior", "Auto Logout").unwrap();
        let error = parameters.set("Multiple Login Behavior", "autoLogout").unwrap_err();
        assert!(error.to_string().starts_with("Multiple Login Behavior: \"autoLogout\" must be"));
        assert_eq!(parameters.multiple_login_behavior(), MultipleLoginBehavior::AutoLogout);
        assert!(parameters.set("Multiple Login Behaviour", "Auto Logout").is_err());
    }

    #[test]
    fn the_intra_cluster_limit_counts_only_when_enforced() {
        let mut parameters = ServiceParameters::default();
        assert_eq!(parameters.value(Parameter::IntraMaximum), "8:00");
        assert_eq!(parameters.intra_limit_minutes(), 0);
        parameters.set("Intra-cluster Maximum Login Time", ":30").unwrap();
        assert_eq!(parameters.intra_limit_minutes(), 0);
        parameters.set("Enforce Intra-cluster Maximum Login Time", "True").unwrap();
        assert_eq!(parameters.intra_limit_minutes(), 30);
        assert_eq!(parameters.value(Parameter::IntraMaximum), ":30");
    }
}
