//! The time zone in which the pages show times.

use leptos::prelude::*;

use crate::{
    text::{t, use_i18n},
    zone::chosen_zone,
};

/// The section. The browser sends the form, because the zone is in the document that the server writes.
#[component]
pub(super) fn Zone(zones: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = chosen_zone();
    let option = |zone: String| {
        let selected = chosen.as_ref() == Some(&zone);
        view! { <option selected=selected>{zone}</option> }
    };
    view! {
        <section class="card" aria-labelledby="zone-title">
            <header>
                <h2 id="zone-title">{t!(i18n, settings.zone)}</h2>
                <p>{t!(i18n, settings.zone_text)}</p>
            </header>
            <div class="body">
                <form class="act" method="post" action="/zone">
                    <label for="zone">{t!(i18n, settings.zone_label)}</label>
                    <select id="zone" name="zone" autocomplete="off">
                        <option value="">{t!(i18n, settings.zone_own)}</option>
                        {zones.into_iter().map(option).collect_view()}
                    </select>
                    <button class="button">{t!(i18n, settings.zone_show)}</button>
                </form>
            </div>
        </section>
    }
}
