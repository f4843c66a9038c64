//! The time of an entry, in the zone of the machine.

use std::{cell::RefCell, fmt::Write as _};

use engine::UtcMillis;
use jiff::{Timestamp, tz::TimeZone};

thread_local! {
    // Most entries have the same second as the entry before.
    static LAST: RefCell<Second> = RefCell::new(Second::of(TimeZone::system()));
}

/// Gives `write` the time as `yyyy-MM-dd HH:mm:ss,SSS`.
pub(super) fn with_local_time(at: UtcMillis, write: impl FnOnce(&str)) {
    LAST.with_borrow_mut(|last| write(last.local(at)));
}

/// The text of a second, to which milliseconds are appended.
struct Second {
    zone: TimeZone,
    number: i64,
    text: String,
}

/// `yyyy-MM-dd HH:mm:ss`
const SECOND_CHARS: usize = 19;

impl Second {
    fn of(zone: TimeZone) -> Self {
        Self { zone, number: i64::MIN, text: String::new() }
    }

    fn local(&mut self, at: UtcMillis) -> &str {
        let (second, millis) = (at.0.div_euclid(1000), at.0.rem_euclid(1000));
        if second != self.number
            && let Ok(timestamp) = Timestamp::from_second(second)
        {
            self.number = second;
            let local = timestamp.to_zoned(self.zone.clone());
            self.text = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
        }
        self.text.truncate(SECOND_CHARS);
        // Writing to a String can't fail.
        let _ = write!(self.text, ",{millis:03}");
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_originals_form() {
        let mut last = Second::of(TimeZone::UTC);
        assert_eq!(last.local(UtcMillis(1_548_500_250_641)), "2019-01-26 10:57:30,641");
        assert_eq!(last.local(UtcMillis(1_548_500_250_007)), "2019-01-26 10:57:30,007");
        assert_eq!(last.local(UtcMillis(1_548_500_251_000)), "2019-01-26 10:57:31,000");
    }
}
