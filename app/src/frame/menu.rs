//! The menu.

use axum::http::request::Parts;
use leptos::prelude::*;

use super::saved::ViewsButton;
use crate::{
    components::Place,
    text::{I18n, language, t},
};

/// The first segment of a path.
fn section(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// The links to the pages. `frame.js` marks the current page after a navigation of the program.
#[component]
pub(super) fn Menu() -> impl IntoView {
    let i18n = I18n::of(language());
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let link = |place: Place| {
        let is_here = match (place, section(&path)) {
            (Place::Logins, here) => matches!(here, "" | "phones" | "users"),
            (place, here) => section(place.path()) == here,
        };
        view! {
            <a href=place.path() aria-current=is_here.then_some("page")>
                {place.name_in(i18n)}
            </a>
        }
    };
    view! {
        <nav class="menu" aria-label=t!(i18n, nav.main)>
            {Place::MENU.map(link).collect_view()}
            <ViewsButton/>
        </nav>
    }
}
