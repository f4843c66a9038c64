//! The button of the view options.

use leptos::prelude::*;

use crate::text::{t, use_i18n};

/// Opens the view options, which the server renders outside of the program.
#[component]
pub fn ViewButton() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button class="button quiet view-button" type="button" popovertarget="view">
            {t!(i18n, view.title)}
        </button>
    }
    .into_any()
}
