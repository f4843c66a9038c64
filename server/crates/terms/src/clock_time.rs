//! Times of the day.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A time of the day, to the minute, on a clock of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

impl ClockTime {
    /// The hour, from 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u16 {
        self.0 / 60
    }

    /// The minute of the hour, from 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u16 {
        self.0 % 60
    }
}

/// A text that is no time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of the day from 00:00 to 23:59, or \"never\"")]
pub struct ClockTimeError;

impl FromStr for ClockTime {
    type Err = ClockTimeError;

    /// Reads `HH:MM`.
    fn from_str(text: &str) -> Result<Self, ClockTimeError> {
        let (hour, minute) = text.split_once(':').ok_or(ClockTimeError)?;
        let two = |text: &str| {
            let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|_| is_number).ok_or(ClockTimeError)
        };
        let (hour, minute) = (two(hour)?, two(minute)?);
        if minute < 60 && hour * 60 + minute < DAY_MINUTES {
            Ok(Self(hour * 60 + minute))
        } else {
            Err(ClockTimeError)
        }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

/// The time of the day at which all users are logged out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LogOutAt {
    /// No such time.
    #[default]
    Never,
    /// This time.
    At(ClockTime),
}

impl LogOutAt {
    /// The time, if there is one.
    #[must_use]
    pub const fn time(self) -> Option<ClockTime> {
        match self {
            Self::Never => None,
            Self::At(time) => Some(time),
        }
    }
}

impl FromStr for LogOutAt {
    type Err = ClockTimeError;

    /// Reads `HH:MM` or `never`.
    fn from_str(text: &str) -> Result<Self, ClockTimeError> {
        if text == "never" { Ok(Self::Never) } else { text.parse().map(Self::At) }
    }
}

impl fmt::Display for LogOutAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::At(time) => time.fmt(f),
        }
    }
}

impl TryFrom<String> for ClockTime {
    type Error = ClockTimeError;

    fn try_from(text: String) -> Result<Self, ClockTimeError> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for LogOutAt {
    type Error = ClockTimeError;

    fn try_from(text: String) -> Result<Self, ClockTimeError> {
        text.parse()
    }
}

impl From<LogOutAt> for String {
    fn from(at: LogOutAt) -> Self {
        at.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_day_reads_as_it_is_written() {
        for text in ["00:00", "22:00", "23:59", "07:05", "never"] {
            assert_eq!(text.parse::<LogOutAt>().unwrap().to_string(), text);
        }
        for bad in ["", "24:00", "22", "22:60", "7:05", "+7:05", "22:00:00", " 22:00", "Never"] {
            assert_eq!(bad.parse::<LogOutAt>(), Err(ClockTimeError), "{bad}");
        }
    }
}
