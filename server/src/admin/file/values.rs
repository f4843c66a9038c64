//! Values of the configuration file that have a form of their own.

use serde::{Deserialize, Deserializer};

/// A password or PIN.
/// The error message does not repeat a value of another type, as the library's own message would: such
/// a value is a secret that lacks its quotation marks.
pub(super) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::String(secret) => Ok(Some(secret)),
        _ => Err(serde::de::Error::custom("a password or pin must be in quotation marks")),
    }
}

/// A phone's own setting, or the cluster's.
pub(in crate::admin) enum OwnOr<T> {
    Cluster,
    Own(T),
}

impl<T: Copy> OwnOr<T> {
    /// The phone's own value, if it has one.
    pub(in crate::admin) const fn own(&self) -> Option<T> {
        match self {
            Self::Own(value) => Some(*value),
            Self::Cluster => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OwnOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) if text == "cluster" => Ok(Self::Cluster),
            value => T::deserialize(value).map(Self::Own).map_err(|error| {
                let problem = error.message();
                serde::de::Error::custom(format!("{problem}, or \"cluster\""))
            }),
        }
    }
}

/// A user's own maximum login time.
#[derive(Deserialize)]
#[serde(untagged, expecting = "must be minutes, or \"system\"")]
pub(in crate::admin) enum MaxLogin {
    /// Zero is unlimited.
    Minutes(u32),
    System(System),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::admin) enum System {
    /// The maximum of the service parameters.
    System,
}

impl MaxLogin {
    pub(in crate::admin) const fn minutes(&self) -> Option<u32> {
        match self {
            Self::Minutes(minutes) => Some(*minutes),
            Self::System(System::System) => None,
        }
    }
}
