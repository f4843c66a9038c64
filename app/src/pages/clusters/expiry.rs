//! When a certificate expires, with a mark when the expiry is near.

use leptos::prelude::*;

use crate::{
    day::{DAY_MS, date, iso},
    text::{t, use_i18n},
};

/// The number of days before the expiry from which the mark is shown.
const SOON_DAYS: i64 = 60;

/// The day, and the mark.
#[component]
pub(super) fn Expiry(ms: i64, now_ms: i64) -> impl IntoView {
    let i18n = use_i18n();
    let left_ms = ms - now_ms;
    let days = left_ms / DAY_MS;
    let mark = if left_ms <= 0 {
        Some(("kind bad", t!(i18n, clusters.expired).to_owned()))
    } else if days < SOON_DAYS {
        Some(("kind visiting", t!(i18n, clusters.expires_soon, days = days)))
    } else {
        None
    };
    view! {
        <time datetime=iso(ms)>{date(ms)}</time>
        " "
        {mark.map(|(class, text)| view! { <span class=class>{text}</span> })}
    }
}
