//! The title bar of a page, and its content.

use leptos::prelude::*;

use super::place::Place;
use crate::text::{t, use_i18n};

/// Sets the title of the document.
pub fn set_title(title: &str) {
    let title = format!("{title} · Sojourn");
    // On the server, making the component sets the title, and its view is empty.
    #[cfg(feature = "ssr")]
    let _ = leptos_meta::Title(leptos_meta::TitleProps::builder().text(title).build());
    #[cfg(not(feature = "ssr"))]
    document().set_title(&title);
}

/// A page for an administrator who is signed in; [`crate::frame`] stands around it.
#[component]
pub fn Chrome(
    /// The page's title.
    title: &'static str,
    /// The connection of the page.
    #[prop(into, optional)]
    status: Option<ViewFn>,
    /// Related pages.
    #[prop(optional)]
    related: &'static [Place],
    /// The page.
    children: Children,
) -> impl IntoView {
    set_title(title);
    view! {
        <main id="content" tabindex="-1">
            <div class="head">
                <h1>{title}</h1>
                {status.map(|status| status.run())}
                <RelatedLinks places=related/>
            </div>
            {children()}
        </main>
    }
}

/// "Related Links", as the original has them.
/// The browser sends the form, and the server redirects to the page.
#[component]
fn RelatedLinks(places: &'static [Place]) -> impl IntoView {
    let i18n = use_i18n();
    (!places.is_empty()).then(|| {
        let option = |place: &Place| {
            let place = *place;
            view! { <option value=place.path()>{place.name()}</option> }.into_any()
        };
        view! {
            <form class="related" action="/related">
                <span aria-hidden="true">{t!(i18n, nav.related)}</span>
                <select name="to" aria-label=t!(i18n, nav.related)>
                    {places.iter().map(option).collect_view()}
                </select>
                <button class="button">{t!(i18n, nav.go)}</button>
            </form>
        }
        .into_any()
    })
}
