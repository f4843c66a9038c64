//! The field for the first or last day of a query.
//!
//! A reader means a local day, because the rows show local time. The browser knows when that day begins, so the
//! form sends the zone along. Without JavaScript a day is one in UTC, and the field says so; the field
//! also names the zone of a day in an address that another reader shared.

use leptos::prelude::*;

use crate::text::{t, use_i18n};

/// The start or the end of the period.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// From the start of the day.
    Since,
    /// Up to the end of the day.
    Before,
}

/// The field, with its zone beside it.
/// Both show the address's values until the user types.
#[component]
pub(super) fn DayField(side: Side, day: Memo<String>, zone: Memo<Option<i32>>) -> impl IntoView {
    let i18n = use_i18n();
    let (name, zone_name) = match side {
        Side::Since => ("since", "since_zone"),
        Side::Before => ("before", "before_zone"),
    };
    let address_zone = zone;
    // The zone of the day, and the zone of the page at the same moment.
    let zone = RwSignal::new(address_zone.get_untracked());
    let own = RwSignal::new(None);
    let typed = move |day: &str| {
        own.set(own_zone(day, side));
        zone.set(own.get_untracked());
    };
    Effect::new(move |_| {
        let (day, given) = (day.get(), address_zone.get());
        if day.is_empty() {
            typed("");
        } else {
            own.set(own_zone(&day, side));
            zone.set(given);
        }
    });
    let other = move || {
        let zone = zone.get().unwrap_or(0);
        if own.get() == Some(zone) { String::new() } else { format!(" ({})", zone_text(zone)) }
    };
    let label = move || match side {
        Side::Since => t!(i18n, history.since),
        Side::Before => t!(i18n, history.before),
    };
    view! {
        <label class="inline">
            <span>{label} {other}</span>
            <input
                type="date"
                name=name
                value=day.get_untracked()
                prop:value=move || day.get()
                on:input=move |event| typed(&event_target_value(&event))
            />
        </label>
        <input
            type="hidden"
            name=zone_name
            value=move || zone.get().map(|zone| zone.to_string()).unwrap_or_default()
        />
    }
}

/// `UTC`, `UTC+9`, `UTC-3:30`
fn zone_text(zone: i32) -> String {
    let sign = if zone < 0 { '-' } else { '+' };
    match (zone.abs() / 60, zone.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// The zone of the page at the start or end of a day, or now without a day, in minutes east of UTC.
/// The zone can change during a year.
#[cfg(feature = "hydrate")]
fn own_zone(day: &str, side: Side) -> Option<i32> {
    use crate::{
        day::{DAY_MS, day_start_ms},
        zone::{offset_minutes, offset_of_local},
    };

    let Some(start) = day_start_ms(day) else {
        return offset_minutes(crate::components::now_ms());
    };
    let midnight = match side {
        Side::Since => start,
        Side::Before => start + DAY_MS,
    };
    offset_of_local(midnight, offset_minutes)
}

#[cfg(not(feature = "hydrate"))]
fn own_zone(_day: &str, _side: Side) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_named() {
        assert_eq!(zone_text(0), "UTC");
        assert_eq!(zone_text(540), "UTC+9");
        assert_eq!(zone_text(-210), "UTC-3:30");
    }
}
