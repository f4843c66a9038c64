//! The filter in words, and the selection that is not on the screen.

use leptos::prelude::*;
use terms::FilterTerm;

use super::rows::Rows;
use crate::{
    api::LoginQuery,
    components::{When, term_words},
    part::{later, part},
    text::{t, use_i18n},
};

/// The filter in words, and the selection that is not on the screen, if there is either.
/// They are a separate part, because most visits have neither.
#[component]
pub(super) fn FilterStrip(rows: Rows, query: LoginQuery) -> impl IntoView {
    // A single word stands in the field, as it is looked for.
    let is_word = query.filter.find.chars().all(char::is_alphanumeric);
    let is_shown = Memo::new(move |_| !is_word || rows.selected_elsewhere() > 0);
    move || {
        if is_shown.get() { later(strip(rows, query.clone())) } else { ().into_any() }
    }
}

part! {
    fn strip(rows: Rows, query: LoginQuery), load_strip {
        view! {
            <Terms query/>
            <SelectedElsewhere rows/>
        }
        .into_any()
    }
}

/// Loads the part if the server has rendered it: a part that is loaded later can't hydrate it.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_strip_in_sight() {
    use crate::part::shown;

    if matches!(document().query_selector(".strip"), Ok(Some(_))) {
        shown(async { Ok(load_strip().await.map(IntoAny::into_any)?) }).await;
    }
}

/// The terms of the filter in words, each with a link to the list without the term.
#[component]
fn Terms(query: LoginQuery) -> impl IntoView {
    let i18n = use_i18n();
    let filter = query.filter.clone();
    let terms = filter.terms();
    if terms.is_empty() || query.filter.find.chars().all(char::is_alphanumeric) {
        return ().into_any();
    }
    let chip = move |(typed, term): (String, FilterTerm)| {
        let words = term_words(&typed, &term);
        let rest = LoginQuery { filter: filter.without(&typed), page: 0, ..query.clone() };
        view! {
            <a
                class="chip"
                href=rest.url()
                title=t!(i18n, filter.remove, term = words)
            >
                {words.clone()}
                <span aria-hidden="true">" ×"</span>
            </a>
        }
        .into_any()
    };
    view! {
        <p class="strip" id="terms">
            <span>{t!(i18n, filter.only)}</span>
            " "
            {terms.into_iter().map(chip).collect_view()}
        </p>
    }
    .into_any()
}

/// How many selected logins are on other pages or hidden by the filter.
#[component]
fn SelectedElsewhere(rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let elsewhere = Memo::new(move |_| rows.selected_elsewhere());
    let count = move || rows.selected.with(Vec::len);
    view! {
        <When is=move || { elsewhere.get() > 0 }>
            <p class="strip" id="selected">
                <span role="status">
                    {move || {
                        t!(
                            i18n,
                            filter.selected_elsewhere,
                            count = count(),
                            elsewhere = elsewhere.get()
                        )
                    }}
                </span>
                <button
                    class="button quiet"
                    type="button"
                    on:click=move |_| rows.selected.set(Vec::new())
                >
                    {t!(i18n, filter.clear_selection)}
                </button>
            </p>
        </When>
    }
}
