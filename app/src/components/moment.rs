//! Moments and time left, in a readable form.
//!
//! Unless the reader has chosen a time zone, the server does not know it: it writes UTC and says so. Once the page
//! runs in the browser, the page writes local time.

use leptos::prelude::*;

use crate::{
    day::{date, iso, time},
    text::{t, use_i18n},
    zone::{chosen_zone, zoned},
};

const MINUTE_MS: i64 = 60_000;

/// The time of rendering, in milliseconds since 1970; the server provides it.
#[derive(Clone, Copy)]
pub struct RenderedAt(pub i64);

/// Notifies when the reader's day changes.
#[derive(Clone, Copy)]
struct DayChanged(Trigger);

/// The interval at which the page looks at the reader's day.
#[cfg(feature = "hydrate")]
const LOOK_MS: u64 = 20_000;

/// Provides the day for the moments of all pages: a page stays open over midnight.
pub fn provide_day() {
    let changed = Trigger::new();
    provide_context(DayChanged(changed));
    #[cfg(feature = "hydrate")]
    {
        let today = || zoned(now_ms()).and_then(|now| Some(now.split_once(' ')?.0.to_owned()));
        let day = StoredValue::new(today());
        let look = move || {
            let today = today();
            if day.with_value(|day| *day != today) {
                day.set_value(today);
                changed.notify();
            }
        };
        leptos_use_interval_fn::use_interval_fn(look, LOOK_MS);
    }
}

/// A moment: UTC, milliseconds since 1970.
#[component]
pub fn Moment(ms: i64) -> impl IntoView {
    // Hydration needs the text that the server has written.
    let written = chosen_zone().and_then(|_| local(ms));
    let text = RwSignal::new(written.unwrap_or_else(|| utc(ms)));
    let changed = use_context::<DayChanged>();
    Effect::new(move |_| {
        if let Some(DayChanged(changed)) = changed {
            changed.track();
        }
        if let Some(local) = local(ms) {
            text.set(local);
        }
    });
    view! { <time datetime=iso(ms)>{move || text.get()}</time> }
}

/// The time left until `until_ms`, counted from `now_ms`.
#[component]
pub fn TimeLeft(
    until_ms: Option<i64>,
    now_ms: impl Fn() -> i64 + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let Some(until_ms) = until_ms else {
            return t!(i18n, logins.unlimited).to_owned();
        };
        let left_ms = until_ms - now_ms();
        if left_ms <= 0 {
            return t!(i18n, logins.over).to_owned();
        }
        // Rounded up: a login with a second left is still open.
        length((left_ms + MINUTE_MS - 1) / MINUTE_MS)
    }
}

/// A length of time in hours and minutes.
#[must_use]
pub fn length(minutes: i64) -> String {
    let i18n = use_i18n();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => t!(i18n, logins.minutes_left, minutes = minutes),
        (hours, minutes) => t!(i18n, logins.hours_minutes, hours = hours, minutes = minutes),
    }
}

/// `13:46:07 UTC`, with the date when the date is not today.
/// The text is as long as the local time that replaces it, so that the layout hardly moves.
fn utc(ms: i64) -> String {
    let today = date(now_ms());
    match date(ms) {
        day if day == today => format!("{} UTC", time(ms)),
        day => format!("{day} {} UTC", time(ms)),
    }
}

/// The present: UTC, milliseconds since 1970.
#[cfg(feature = "hydrate")]
pub(crate) fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a moment is far below 2^53 milliseconds")]
    let now_ms = js_sys::Date::now() as i64;
    now_ms
}

#[cfg(not(feature = "hydrate"))]
fn now_ms() -> i64 {
    use_context::<RenderedAt>().map_or(0, |rendered_at| rendered_at.0)
}

/// The time in the zone of the page, with the date when the date is not today; `None` while the zone is unknown.
fn local(ms: i64) -> Option<String> {
    let (text, now) = (zoned(ms)?, zoned(now_ms())?);
    Some(match text.split_once(' ') {
        Some((day, time)) if now.starts_with(day) => time.to_owned(),
        _ => text,
    })
}
