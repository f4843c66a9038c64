//! Maximum login times as people type them.

use std::{fmt, str::FromStr};

/// The longest time that can be set: 168 hours.
pub const MAX_LOGIN_TIME_MINUTES: u32 = 168 * 60;

/// A maximum login time in minutes, typed as `HHH:MM`, `:MM` or `0`; zero is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoginTime {
    /// Minutes, 0 to [`MAX_LOGIN_TIME_MINUTES`].
    pub minutes: u32,
}

/// A text that is no maximum login time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginTimeError {
    /// The text is not of the form `HHH:MM`, `:MM` or `0`.
    #[error("must be HHH:MM, :MM or 0")]
    Form,
    /// The time is longer than 168 hours.
    #[error("must be from 0:00 to 168:00")]
    Range,
}

impl FromStr for LoginTime {
    type Err = LoginTimeError;

    fn from_str(text: &str) -> Result<Self, LoginTimeError> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (hours, minutes) = match text.split_once(':') {
            Some(parts) => parts,
            None if text == "0" => return Ok(Self { minutes: 0 }),
            None => return Err(LoginTimeError::Form),
        };
        if !digits(hours) || !digits(minutes) || hours.len() > 3 || minutes.len() != 2 {
            return Err(LoginTimeError::Form);
        }
        let number = |part: &str| part.parse::<u32>().unwrap_or(0);
        let (hours, minutes) = (number(hours), number(minutes));
        if minutes > 59 {
            return Err(LoginTimeError::Form);
        }
        let minutes = hours * 60 + minutes;
        if minutes > MAX_LOGIN_TIME_MINUTES {
            return Err(LoginTimeError::Range);
        }
        Ok(Self { minutes })
    }
}

impl fmt::Display for LoginTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        let minutes = |text: &str| text.parse::<LoginTime>().map(|time| time.minutes);
        assert_eq!(minutes("0"), Ok(0));
        assert_eq!(minutes("0:00"), Ok(0));
        assert_eq!(minutes(":30"), Ok(30));
        assert_eq!(minutes("8:00"), Ok(480));
        assert_eq!(minutes("168:00"), Ok(10_080));
        assert_eq!(minutes("168:01"), Err(LoginTimeError::Range));
        for text in ["", "8", "8:0", "8:60", "-1:00", "1:00:00", "8:00 ", "１:00", "1000:00"] {
            assert_eq!(minutes(text), Err(LoginTimeError::Form), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            if let Ok(time) = text.parse::<LoginTime>() {
                prop_assert!(time.minutes <= MAX_LOGIN_TIME_MINUTES);
            }
        }

        #[test]
        fn any_time_reads_back(minutes in 0..=MAX_LOGIN_TIME_MINUTES) {
            let time = LoginTime { minutes };
            prop_assert_eq!(time.to_string().parse::<LoginTime>(), Ok(time));
        }
    }
}
