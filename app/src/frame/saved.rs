//! The saved views: a list beside the menu, and the form that saves the list of the page.

use leptos::prelude::*;

use crate::{
    components::ShownToField,
    text::{I18n, language, t},
};

/// A saved view, as the frame shows it.
#[derive(Clone, Debug)]
pub struct SavedViewLink {
    /// Its number.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// The path of the list, with its query.
    pub address: String,
    /// Whether all administrators have it.
    pub is_shared: bool,
    /// Whether the viewer may remove it.
    pub may_remove: bool,
}

/// The button of the menu that opens the saved views.
#[component]
pub(super) fn ViewsButton() -> impl IntoView {
    let i18n = I18n::of(language());
    view! {
        <button type="button" popovertarget="views">
            {t!(i18n, saved.views)}
        </button>
    }
}

/// The saved views, each a link, and the form that saves the page's list.
#[component]
pub(super) fn SavedViews(
    views: Vec<SavedViewLink>,
    /// Whether the viewer may save a view for all.
    may_share: bool,
) -> impl IntoView {
    let i18n = I18n::of(language());
    let row = move |view: SavedViewLink| {
        let remove = t!(i18n, saved.remove, name = view.name.clone());
        view! {
            <li>
                <a href=view.address>{view.name}</a>
                {view.is_shared.then(|| view! { <small>{t!(i18n, saved.shared)}</small> })}
                {view
                    .may_remove
                    .then(|| {
                        view! {
                            <form method="post" action="/views">
                                <ShownToField/>
                                <button
                                    class="link"
                                    name="remove"
                                    value=view.number
                                    aria-label=remove.clone()
                                    title=remove
                                >
                                    "✕"
                                </button>
                            </form>
                        }
                    })}
            </li>
        }
    };
    view! {
        <div id="views" popover="auto" role="dialog" aria-labelledby="views-title">
            <h2 id="views-title">{t!(i18n, saved.views)}</h2>
            {if views.is_empty() {
                view! { <p class="soft">{t!(i18n, saved.none)}</p> }.into_any()
            } else {
                view! { <ul>{views.into_iter().map(row).collect_view()}</ul> }.into_any()
            }}
            <form method="post" action="/views">
                <ShownToField/>
                <label for="view-name">{t!(i18n, saved.name)}</label>
                <input id="view-name" name="name" required maxlength="40" autocomplete="off"/>
                {may_share
                    .then(|| {
                        view! {
                            <label class="inline">
                                <input type="checkbox" name="shared" value="1"/>
                                {t!(i18n, saved.share)}
                            </label>
                        }
                    })}
                <button class="button">{t!(i18n, saved.save)}</button>
            </form>
            <p>
                <a href="/list.csv" rel="external">{t!(i18n, saved.csv)}</a>
            </p>
        </div>
    }
}
