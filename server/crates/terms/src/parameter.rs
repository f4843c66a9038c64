//! The catalogue of the service *Cisco Extension Mobility*: 7 visible and 6 hidden parameters
//! (Feature Configuration Guide 12.5(1); order and names as on the original's page).

use serde::{Deserialize, Serialize};

use crate::{LoginTime, MultipleLoginBehavior};

/// A service parameter, in the order of the page: visible ones first, then hidden ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is described by its line in the catalogue below")]
pub enum Parameter {
    EnforceIntraMaximum,
    IntraMaximum,
    InterMaximum,
    MultipleLoginBehavior,
    AlphanumericUserId,
    RememberLastUser,
    ClearCallLogs,
    MaximumConcurrentRequests,
    ValidateIpAddress,
    TrustedIps,
    AllowProxy,
    EmccAllowProxy,
    CacheSize,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `True` or `False`.
    Boolean,
    /// A maximum login time, `HHH:MM`.
    LoginTime,
    /// A [`MultipleLoginBehavior`] by its label.
    Behavior,
    /// A whole number.
    Integer {
        /// Least value.
        min: u32,
        /// Greatest value.
        max: u32,
    },
    /// Free text.
    Text {
        /// Greatest length in characters.
        max_chars: usize,
    },
}

/// One line of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Which parameter.
    pub parameter: Parameter,
    /// Its name on the page, in files and in the database.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Its value until somebody changes it.
    pub default: &'static str,
    /// What *Set to Default* restores and the page shows as *Suggested Value*.
    pub suggested: Option<&'static str>,
    /// Marked `*` on the page.
    pub required: bool,
    /// Shown only after *Advanced*.
    pub hidden: bool,
}

/// A value that a parameter does not take; the text completes "*name* …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(String);

use Kind::{Behavior, Boolean, Integer, Text};
use Parameter as P;

const fn visible(
    parameter: Parameter,
    name: &'static str,
    kind: Kind,
    default: &'static str,
    suggested: &'static str,
) -> Definition {
    let suggested = Some(suggested);
    Definition { parameter, name, kind, default, suggested, required: true, hidden: false }
}

const fn hidden(
    parameter: Parameter,
    name: &'static str,
    kind: Kind,
    default: &'static str,
    suggested: Option<&'static str>,
) -> Definition {
    Definition { parameter, name, kind, default, suggested, required: false, hidden: true }
}

const NOT_ALLOWED: &str = MultipleLoginBehavior::NotAllowed.label();

const CATALOGUE: [Definition; 13] = [
    visible(
        P::EnforceIntraMaximum,
        "Enforce Intra-cluster Maximum Login Time",
        Boolean,
        "False",
        "False",
    ),
    visible(P::IntraMaximum, "Intra-cluster Maximum Login Time", Kind::LoginTime, "0", "8:00"),
    visible(P::InterMaximum, "Inter-cluster Maximum Login Time", Kind::LoginTime, "10:00", "10:00"),
    visible(
        P::MultipleLoginBehavior,
        "Multiple Login Behavior",
        Behavior,
        NOT_ALLOWED,
        NOT_ALLOWED,
    ),
    visible(P::AlphanumericUserId, "Alphanumeric User ID", Boolean, "True", "True"),
    visible(P::RememberLastUser, "Remember the Last User Logged In", Boolean, "False", "False"),
    visible(P::ClearCallLogs, "Clear Call Logs on Intra-Cluster EM", Boolean, "False", "False"),
    // The founding document's laboratory shows 15; guides name 5 and 3. The range is wider than the
    // original's 1 to 100: it bounds a queue of ours, not of a servlet container.
    hidden(
        P::MaximumConcurrentRequests,
        "Maximum Concurrent Requests",
        Integer { min: 1, max: 1000 },
        "15",
        Some("15"),
    ),
    hidden(P::ValidateIpAddress, "Validate IP Address", Boolean, "False", Some("False")),
    hidden(P::TrustedIps, "Trusted List of IPs", Text { max_chars: 1024 }, "", None),
    hidden(P::AllowProxy, "Allow Proxy", Boolean, "False", Some("False")),
    hidden(P::EmccAllowProxy, "EMCC Allow Proxy", Boolean, "True", Some("True")),
    hidden(
        P::CacheSize,
        "Extension Mobility Cache Size",
        Integer { min: 1000, max: 20_000 },
        "10000",
        Some("10000"),
    ),
];

impl Parameter {
    /// The whole catalogue, in the order of the page.
    pub const ALL: &[Definition] = &CATALOGUE;

    /// Its line in the catalogue.
    #[must_use]
    pub const fn definition(self) -> &'static Definition {
        &CATALOGUE[self as usize]
    }

    /// Its name on the page, in files and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.definition().name
    }

    /// The parameter with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        CATALOGUE.iter().find(|line| line.name == name).map(|line| line.parameter)
    }
}

impl Definition {
    /// Checks a value as typed.
    ///
    /// # Errors
    /// Says what the parameter takes instead.
    pub fn check(&self, value: &str) -> Result<(), InvalidValue> {
        let refuse = |text: String| Err(InvalidValue(text));
        match self.kind {
            Boolean if matches!(value, "True" | "False") => Ok(()),
            Boolean => refuse("must be True or False".into()),
            Kind::LoginTime => match value.parse::<LoginTime>() {
                Ok(_) => Ok(()),
                Err(error) => refuse(error.to_string()),
            },
            Behavior if MultipleLoginBehavior::from_label(value).is_some() => Ok(()),
            Behavior => refuse(format!(
                "must be one of {}",
                MultipleLoginBehavior::ALL.map(MultipleLoginBehavior::label).join(", ")
            )),
            Integer { min, max } => match value.parse::<u32>() {
                Ok(number) if (min..=max).contains(&number) => Ok(()),
                _ => refuse(format!("must be a whole number from {min} to {max}")),
            },
            Text { max_chars } if value.chars().count() > max_chars => {
                refuse(format!("must have at most {max_chars} characters"))
            }
            Text { .. } if value.chars().any(char::is_control) => {
                refuse("must not have control characters".into())
            }
            Text { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_stands_in_the_order_of_its_parameters() {
        for (index, line) in Parameter::ALL.iter().enumerate() {
            assert_eq!(line.parameter as usize, index);
            assert_eq!(Parameter::from_name(line.name), Some(line.parameter));
        }
        assert_eq!(Parameter::ALL.iter().filter(|line| !line.hidden).count(), 7);
        assert_eq!(Parameter::ALL.iter().filter(|line| line.hidden).count(), 6);
    }

    #[test]
    fn defaults_and_suggestions_are_valid() {
        for line in Parameter::ALL {
            assert_eq!(line.check(line.default), Ok(()), "{}", line.name);
            assert_eq!(line.check(line.suggested.unwrap_or("")), Ok(()), "{}", line.name);
        }
    }

    #[test]
    fn values_out_of_range_are_refused_with_the_range() {
        let refusal = |parameter: Parameter, value: &str| {
            parameter.definition().check(value).unwrap_err().to_string()
        };
        assert_eq!(
            refusal(P::MaximumConcurrentRequests, "1001"),
            "must be a whole number from 1 to 1000"
        );
        assert_eq!(refusal(P::IntraMaximum, "168:01"), "must be from 0:00 to 168:00");
        assert_eq!(refusal(P::AllowProxy, "true"), "must be True or False");
        assert!(refusal(P::MultipleLoginBehavior, "multiOK").starts_with("must be one of"));
        assert!(refusal(P::TrustedIps, &"1".repeat(1025)).contains("1024"));
    }
}
