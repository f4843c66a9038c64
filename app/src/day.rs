//! Days as a date field writes them, `2026-11-23`, and moments as RFC 3339. All in UTC.

/// A day, in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// The first moment of a day: UTC, milliseconds since 1970; `None` for a text that is no date.
#[must_use]
pub fn day_start_ms(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let mut part = |digits: usize| {
        let part = parts.next()?;
        let good = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if good { part.parse::<i64>().ok() } else { None }
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let days = days_from_civil(year, month, day);
    // A date that does not exist, such as 30 February, would come back as another date.
    let ms = days * DAY_MS;
    (date(ms) == text).then_some(ms)
}

/// The day of a moment.
#[must_use]
pub fn date(ms: i64) -> String {
    let (year, month, day) = civil_from_days(ms.div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The time of day, `HH:MM:SS`.
#[must_use]
pub fn time(ms: i64) -> String {
    let seconds = ms.rem_euclid(DAY_MS) / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// RFC 3339.
#[must_use]
pub fn iso(ms: i64) -> String {
    format!("{}T{}Z", date(ms), time(ms))
}

/// Howard Hinnant's `civil_from_days`.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Howard Hinnant's `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(iso(1_548_500_250_641), "2019-01-26T10:57:30Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn days_read_back_and_what_is_none_does_not() {
        for ms in [0, 951_782_400_000, 1_548_460_800_000] {
            assert_eq!(day_start_ms(&date(ms)), Some(ms));
        }
        for text in ["", "2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "x", "2026-01-01-1"] {
            assert_eq!(day_start_ms(text), None, "{text}");
        }
    }
}
