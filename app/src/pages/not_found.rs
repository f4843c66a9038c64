//! The page for an address that has no page.

use leptos::prelude::*;

use crate::{
    components::set_title,
    text::{t, use_i18n},
};

/// Shows that the address has no page, with status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    set_title(t!(i18n, not_found.title));
    view! {
        <main class="alone" id="content" tabindex="-1">
            <section class="card message">
                <h1>{t!(i18n, not_found.title)}</h1>
                <p>{t!(i18n, not_found.text)}</p>
                <p>
                    <a href="/">{t!(i18n, not_found.back)}</a>
                </p>
            </section>
        </main>
    }
}
