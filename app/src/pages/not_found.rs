//! The page for an address that has no page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::document_title,
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
    view! {
        <Title text=document_title(t!(i18n, not_found.title))/>
        <main class="alone">
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
