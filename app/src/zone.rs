//! The time zone in which the pages show times: the browser's own, or a zone that the reader has chosen.
//!
//! The server keeps the chosen zone in a cookie, and writes the zone into the attribute `data-zone` of the document.

#[cfg(any(feature = "hydrate", test))]
use crate::day::{DAY_MS, day_start_ms};

/// The cookie that stores the name of the chosen zone.
pub const ZONE_COOKIE: &str = "sojourn-zone";

/// Whether a reader can choose the zone of this name.
#[cfg(feature = "ssr")]
#[must_use]
pub fn is_zone(name: &str) -> bool {
    is_offered(name) && jiff::tz::TimeZone::get(name).is_ok()
}

/// Whether browsers know the zone too. Names without a region are abbreviations and old names, except `UTC`.
#[cfg(feature = "ssr")]
fn is_offered(name: &str) -> bool {
    let region = name.split_once('/').map(|(region, _)| region);
    let is_region = |region| !matches!(region, "Etc" | "SystemV" | "US" | "posix" | "right");
    name == "UTC" || region.is_some_and(is_region)
}

/// The names of the zones, sorted.
#[cfg(feature = "ssr")]
#[must_use]
pub fn zone_names() -> Vec<String> {
    let names = jiff::tz::db().available().map(|name| name.to_string());
    let mut names: Vec<_> = names.filter(|name| is_offered(name)).collect();
    names.sort_unstable();
    names
}

/// The chosen zone; `None` for the browser's own.
#[cfg(feature = "ssr")]
#[must_use]
pub fn chosen_zone() -> Option<String> {
    crate::text::cookie(ZONE_COOKIE).filter(|name| is_zone(name))
}

/// The chosen zone; `None` for the browser's own.
#[cfg(not(feature = "ssr"))]
pub(crate) fn chosen_zone() -> Option<String> {
    leptos::prelude::document().document_element()?.get_attribute("data-zone")
}

/// A moment in the zone of the page, `2026-11-28 04:45:42`; `None` at the server if no zone is chosen.
#[cfg(feature = "ssr")]
pub(crate) fn zoned(ms: i64) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(&chosen_zone()?).ok()?;
    let moment = jiff::Timestamp::from_millisecond(ms).ok()?.to_zoned(zone);
    Some(moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A moment in the zone of the page, `2026-11-28 04:45:42`; `None` if the browser can't tell.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) fn zoned(ms: i64) -> Option<String> {
    use js_sys::Function;
    use wasm_bindgen::JsValue;

    thread_local! {
        // A browser with old data may not know the chosen zone.
        static FORMAT: Option<Function> = formatter(chosen_zone()).or_else(|| formatter(None));
    }
    #[expect(clippy::cast_precision_loss, reason = "a moment is far below 2^53 milliseconds")]
    let moment = JsValue::from_f64(ms as f64);
    FORMAT.with(|format| format.as_ref()?.call1(&JsValue::UNDEFINED, &moment).ok()?.as_string())
}

/// The browser's formatter for a zone; without a name, for the browser's own zone.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn formatter(zone: Option<String>) -> Option<js_sys::Function> {
    use js_sys::{Array, Object, Reflect, global};
    use wasm_bindgen::{JsCast, JsValue};

    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let options = Object::new();
    let zone = zone.map_or(JsValue::UNDEFINED, JsValue::from);
    for (name, value) in
        [("dateStyle", "short".into()), ("timeStyle", "medium".into()), ("timeZone", zone)]
    {
        Reflect::set(&options, &name.into(), &value).ok()?;
    }
    let constructor: js_sys::Function =
        get(&get(&global(), "Intl")?, "DateTimeFormat")?.dyn_into().ok()?;
    // The Swedish format is the format of the console.
    let format = Reflect::construct(&constructor, &Array::of2(&"sv-SE".into(), &options)).ok()?;
    get(&format, "format")?.dyn_into().ok()
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
pub(crate) fn zoned(_ms: i64) -> Option<String> {
    None
}

/// The offset of the page's zone at a moment, in minutes east of UTC.
#[cfg(feature = "hydrate")]
pub(crate) fn offset_minutes(ms: i64) -> Option<i32> {
    let text = zoned(ms)?;
    let (day, time) = text.split_once(' ')?;
    let mut seconds = 0;
    for part in time.splitn(3, ':') {
        seconds = seconds * 60 + part.parse::<i64>().ok()?;
    }
    let local_ms = day_start_ms(day)? + seconds * 1000;
    i32::try_from((local_ms - ms).div_euclid(1000) / 60).ok()
}

/// The offset of a zone at the moment at which its clocks show `local_ms`, in minutes east of UTC.
/// Where clocks skip that time, the offset before the change counts; where they show it twice, the first time.
/// `offset` is the zone's offset at a moment.
#[cfg(any(feature = "hydrate", test))]
pub(crate) fn offset_of_local(local_ms: i64, offset: impl Fn(i64) -> Option<i32>) -> Option<i32> {
    let (before, after) = (offset(local_ms - DAY_MS)?, offset(local_ms + DAY_MS)?);
    let is_right = |east: i32| offset(local_ms - i64::from(east) * 60_000) == Some(east);
    Some(if !is_right(before) && is_right(after) { after } else { before })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_the_offset_of_its_midnight() {
        let midnight = |zone: &str, day: &str| {
            let zone = jiff::tz::TimeZone::get(zone).unwrap();
            offset_of_local(day_start_ms(day).unwrap(), |ms| {
                let moment = jiff::Timestamp::from_millisecond(ms).unwrap();
                Some(zone.to_offset(moment).seconds() / 60)
            })
        };
        assert_eq!(midnight("Asia/Seoul", "2026-11-28"), Some(540));
        assert_eq!(midnight("UTC", "2026-11-28"), Some(0));
        // New York leaves summer time at 2:00 of that day.
        assert_eq!(midnight("America/New_York", "2026-11-01"), Some(-240));
        assert_eq!(midnight("America/New_York", "2026-11-02"), Some(-300));
        assert_eq!(midnight("America/New_York", "2026-03-08"), Some(-300));
        // Clocks in Sao Paulo skipped this midnight.
        assert_eq!(midnight("America/Sao_Paulo", "2018-11-04"), Some(-180));
        // Clocks in Havana show this midnight twice.
        assert_eq!(midnight("America/Havana", "2026-11-01"), Some(-240));
    }

    #[test]
    fn zones_have_names_that_the_server_knows() {
        let names = zone_names();
        for name in ["Asia/Seoul", "Europe/Berlin", "UTC"] {
            assert!(names.iter().any(|one| one == name), "{name}");
        }
        assert!(names.iter().all(|name| is_zone(name)));
        assert!(!is_zone("") && !is_zone("Mars/Olympus") && !is_zone("Asia/Seoul; Domain=example"));
    }
}
