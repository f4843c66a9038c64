//! The release of a cluster, which decides some rules.

use std::{fmt, str::FromStr};

/// A release such as `12.5`: two numbers, by which releases compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The number before the dot.
    pub major: u16,
    /// The number behind the dot.
    pub minor: u16,
}

impl Release {
    /// The release that Sojourn re-implements; from 12.5 on, Multiple Login Behavior applies to EMCC too.
    pub const V12_5: Self = Self { major: 12, minor: 5 };
}

impl Default for Release {
    fn default() -> Self {
        Self::V12_5
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A text that is no release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be two numbers with a dot between them, such as 12.5")]
pub struct ReleaseError;

impl FromStr for Release {
    type Err = ReleaseError;

    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let (major, minor) = text.split_once('.').ok_or(ReleaseError)?;
        let number = |part: &str| part.parse::<u16>().map_err(|_| ReleaseError);
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_compare_by_number() {
        let release = |text: &str| text.parse::<Release>().unwrap();
        assert!(release("9.1") < release("12.0"));
        assert!(release("12.0") < Release::V12_5);
        assert_eq!("12".parse::<Release>(), Err(ReleaseError));
    }
}
