//! The catalogue of the service *Cisco Extension Mobility*: 7 visible and 6 hidden parameters
//! (Feature Configuration Guide 12.5(1); order and names as on the original's page).

use serde::{Deserialize, Serialize};

use crate::{LoginTime, MultipleLoginBehavior, Release, trusted};

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

/// The values that a parameter takes.
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
    /// Addresses and host names with `;` between them.
    TrustedList {
        /// Greatest length in characters.
        max_chars: usize,
    },
}

/// One line of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The parameter.
    pub parameter: Parameter,
    /// The parameter's name on the page, in files and in the database.
    pub name: &'static str,
    /// The values that the parameter takes.
    pub kind: Kind,
    /// The parameter's value until its first change.
    pub default: &'static str,
    /// The default, where *Set to Default* restores it and the page shows it as *Suggested Value*.
    pub suggested: Option<&'static str>,
    /// Whether the page marks the parameter with `*`.
    pub required: bool,
    /// Whether the page shows the parameter only after *Advanced*.
    pub hidden: bool,
}

/// A value that a parameter does not take; the text completes "*name* …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(String);

use Kind::{Behavior, Boolean, Integer, TrustedList};
use Parameter as P;

const fn visible(
    parameter: Parameter,
    name: &'static str,
    kind: Kind,
    default: &'static str,
) -> Definition {
    let suggested = Some(default);
    Definition { parameter, name, kind, default, suggested, required: true, hidden: false }
}

const fn hidden(
    parameter: Parameter,
    name: &'static str,
    kind: Kind,
    default: &'static str,
) -> Definition {
    // An empty text is suggested to nobody: *Set to Default* leaves such a parameter unchanged.
    let suggested = if default.is_empty() { None } else { Some(default) };
    Definition { parameter, name, kind, default, suggested, required: false, hidden: true }
}

/// The name of *Multiple Login Behavior* before release 12.5.
const INTRA_BEHAVIOR: &str = "Intra-cluster Multiple Login Behavior";
const NOT_ALLOWED: &str = MultipleLoginBehavior::NotAllowed.label();

const CATALOGUE: [Definition; 13] = [
    visible(P::EnforceIntraMaximum, "Enforce Intra-cluster Maximum Login Time", Boolean, "False"),
    visible(P::IntraMaximum, "Intra-cluster Maximum Login Time", Kind::LoginTime, "8:00"),
    visible(P::InterMaximum, "Inter-cluster Maximum Login Time", Kind::LoginTime, "10:00"),
    visible(P::MultipleLoginBehavior, "Multiple Login Behavior", Behavior, NOT_ALLOWED),
    visible(P::AlphanumericUserId, "Alphanumeric User ID", Boolean, "True"),
    visible(P::RememberLastUser, "Remember the Last User Logged In", Boolean, "False"),
    visible(P::ClearCallLogs, "Clear Call Logs on Intra-Cluster EM", Boolean, "False"),
    // The founding document's laboratory shows 15; guides name 5 and 3. The range is wider than the
    // original's 1 to 100: the value bounds Sojourn's own queue, not a servlet container's.
    hidden(
        P::MaximumConcurrentRequests,
        "Maximum Concurrent Requests",
        Integer { min: 1, max: 1000 },
        "15",
    ),
    hidden(P::ValidateIpAddress, "Validate IP Address", Boolean, "False"),
    hidden(P::TrustedIps, "Trusted List of IPs", TrustedList { max_chars: 1024 }, ""),
    hidden(P::AllowProxy, "Allow Proxy", Boolean, "False"),
    hidden(P::EmccAllowProxy, "EMCC Allow Proxy", Boolean, "True"),
    hidden(
        P::CacheSize,
        "Extension Mobility Cache Size",
        Integer { min: 1000, max: 20_000 },
        "10000",
    ),
];

/// The parameters that are kept, shown and traced, and that no rule reads yet.
const NOT_OBEYED: [Parameter; 0] = [];

impl Parameter {
    /// The whole catalogue, in the order of the page.
    pub const ALL: &[Definition] = &CATALOGUE;

    /// The parameter's line in the catalogue.
    #[must_use]
    pub const fn definition(self) -> &'static Definition {
        &CATALOGUE[self as usize]
    }

    /// Whether a value of the parameter has an effect; `server/tests/obeyed.rs` compares this with the code.
    #[must_use]
    pub fn is_obeyed(self) -> bool {
        !NOT_OBEYED.contains(&self)
    }

    /// The parameter's name on the page, in files and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.definition().name
    }

    /// The parameter's name in a cluster of this release.
    ///
    /// Before 12.5 *Multiple Login Behavior* applied only to logins within the cluster, and its name said so.
    #[must_use]
    pub fn name_at(self, release: Release) -> &'static str {
        match self {
            Self::MultipleLoginBehavior if release < Release::V12_5 => INTRA_BEHAVIOR,
            parameter => parameter.name(),
        }
    }

    /// The parameter with this name in any release.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == INTRA_BEHAVIOR {
            return Some(Self::MultipleLoginBehavior);
        }
        CATALOGUE.iter().find(|line| line.name == name).map(|line| line.parameter)
    }
}

impl Definition {
    /// Checks a value as typed.
    ///
    /// # Errors
    /// If the parameter does not take the value; the error says which values it takes.
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
            // Only digits, and no leading zeros: the value is kept and traced as typed.
            Integer { min, max } => match value.parse::<u32>() {
                Ok(number) if (min..=max).contains(&number) && number.to_string() == value => {
                    Ok(())
                }
                _ => refuse(format!("must be a whole number from {min} to {max}")),
            },
            TrustedList { max_chars } if value.chars().count() > max_chars => {
                refuse(format!("must have at most {max_chars} characters"))
            }
            TrustedList { .. } => match trusted::entries(value).find(|entry| !entry.is_good()) {
                None => Ok(()),
                Some(_) => {
                    refuse("must be IP addresses or host names with ; between them".to_owned())
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference's table: name, values, default, `*`, hidden. The default is what the page suggests.
    #[test]
    fn the_catalogue_is_the_originals() {
        let behavior = "Multiple Logins Not Allowed";
        let table: [(&str, Kind, &str); 13] = [
            ("Enforce Intra-cluster Maximum Login Time", Boolean, "False"),
            ("Intra-cluster Maximum Login Time", Kind::LoginTime, "8:00"),
            ("Inter-cluster Maximum Login Time", Kind::LoginTime, "10:00"),
            ("Multiple Login Behavior", Behavior, behavior),
            ("Alphanumeric User ID", Boolean, "True"),
            ("Remember the Last User Logged In", Boolean, "False"),
            ("Clear Call Logs on Intra-Cluster EM", Boolean, "False"),
            ("Maximum Concurrent Requests", Integer { min: 1, max: 1000 }, "15"),
            ("Validate IP Address", Boolean, "False"),
            ("Trusted List of IPs", TrustedList { max_chars: 1024 }, ""),
            ("Allow Proxy", Boolean, "False"),
            ("EMCC Allow Proxy", Boolean, "True"),
            ("Extension Mobility Cache Size", Integer { min: 1000, max: 20_000 }, "10000"),
        ];
        assert_eq!(Parameter::ALL.len(), table.len());
        for (index, (line, expected)) in Parameter::ALL.iter().zip(table).enumerate() {
            assert_eq!((line.name, line.kind, line.default), expected);
            let suggested = (line.parameter != P::TrustedIps).then_some(line.default);
            assert_eq!(line.suggested, suggested, "{}", line.name);
            let visible = index < 7;
            assert_eq!((line.required, line.hidden), (visible, !visible), "{}", line.name);
            assert_eq!(line.parameter as usize, index);
            assert_eq!(Parameter::from_name(line.name), Some(line.parameter));
        }
    }

    #[test]
    fn before_release_12_5_the_behavior_has_its_old_name() {
        let old: Release = "12.0".parse().unwrap();
        let name = "Intra-cluster Multiple Login Behavior";
        assert_eq!(P::MultipleLoginBehavior.name_at(old), name);
        assert_eq!(P::MultipleLoginBehavior.name_at(Release::V12_5), "Multiple Login Behavior");
        assert_eq!(P::AllowProxy.name_at(old), "Allow Proxy");
        assert_eq!(Parameter::from_name(name), Some(P::MultipleLoginBehavior));
    }

    #[test]
    fn defaults_are_valid() {
        for line in Parameter::ALL {
            assert_eq!(line.check(line.default), Ok(()), "{}", line.name);
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
        for value in ["0", "+15", "0015", " 15", "1e2", ""] {
            assert!(refusal(P::MaximumConcurrentRequests, value).contains("from 1 to 1000"));
        }
        assert_eq!(refusal(P::IntraMaximum, "168:01"), "must be from 0:00 to 168:00");
        assert_eq!(refusal(P::AllowProxy, "true"), "must be True or False");
        assert!(refusal(P::MultipleLoginBehavior, "multiOK").starts_with("must be one of"));
        assert!(refusal(P::TrustedIps, &"1".repeat(1025)).contains("1024"));
        for value in ["10.0.0.0/8", "10.1-9", "a b", "a;\tb;", "-host", "10.0.0.*"] {
            assert!(refusal(P::TrustedIps, value).contains("host names"), "{value}");
        }
        let good = "10.0.0.1; 2001:db8::1;proxy.example.com;";
        assert_eq!(P::TrustedIps.definition().check(good), Ok(()));
    }
}
