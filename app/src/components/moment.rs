//! Moments and time left, as people read them.
//!
//! The server does not know where its reader is: it writes UTC and says so. Once the page runs in a
//! browser it writes the reader's own time.

use leptos::prelude::*;

use crate::text::{t_string, use_i18n};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// A moment: UTC, milliseconds since 1970.
#[component]
pub fn Moment(ms: i64) -> impl IntoView {
    let text = RwSignal::new(utc(ms));
    Effect::new(move |_| {
        if let Some(local) = local(ms) {
            text.set(local);
        }
    });
    view! { <time datetime=iso(ms)>{move || text.get()}</time> }
}

/// How long until `until_ms`, counted from `now_ms`.
#[component]
pub fn TimeLeft(until_ms: Option<i64>, #[prop(into)] now_ms: Signal<i64>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let Some(until_ms) = until_ms else {
            return t_string!(i18n, logins.unlimited).to_owned();
        };
        let left_ms = until_ms - now_ms.get();
        if left_ms <= 0 {
            return t_string!(i18n, logins.over).to_owned();
        }
        // Rounded up: a login with a second left is not over.
        let minutes = (left_ms + MINUTE_MS - 1) / MINUTE_MS;
        match (minutes / 60, minutes % 60) {
            (0, minutes) => t_string!(i18n, logins.minutes_left, minutes = minutes),
            (hours, minutes) => {
                t_string!(i18n, logins.hours_minutes, hours = hours, minutes = minutes)
            }
        }
    }
}

/// `HH:MM:SS UTC`
fn utc(ms: i64) -> String {
    let seconds = ms.rem_euclid(DAY_MS) / 1000;
    format!("{:02}:{:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// RFC 3339, from days to a date as in Howard Hinnant's `civil_from_days`.
fn iso(ms: i64) -> String {
    let days = ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let seconds = ms.rem_euclid(DAY_MS) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The reader's own time, with the date when it is not today.
#[cfg(feature = "hydrate")]
fn local(ms: i64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "a moment is far below 2^53 milliseconds")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(ms as f64));
    let now = js_sys::Date::new_0();
    let time =
        format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds());
    Some(if date.to_date_string() == now.to_date_string() {
        time
    } else {
        let (month, day) = (date.get_month() + 1, date.get_date());
        format!("{}-{month:02}-{day:02} {time}", date.get_full_year())
    })
}

#[cfg(not(feature = "hydrate"))]
fn local(_ms: i64) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(utc(1_548_500_250_641), "10:57:30 UTC");
        assert_eq!(iso(1_548_500_250_641), "2019-01-26T10:57:30Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59Z");
    }
}
