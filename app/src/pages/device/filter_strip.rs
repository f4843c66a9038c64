//! The filter in words, and the selection that is not on the screen.

use leptos::prelude::*;
use terms::FilterTerm;

use super::{query::url, rows::Rows};
use crate::{
    api::LoginQuery,
    components::{When, term_words},
    text::{t, use_i18n},
};

/// The terms of the filter in words, each with a link to the list without the term.
#[component]
pub(super) fn FilterStrip(query: LoginQuery) -> impl IntoView {
    let i18n = use_i18n();
    let filter = query.filter.clone();
    let terms = filter.terms();
    // A single word stands in the field, as it is looked for.
    if terms.len() < 2 && terms.iter().all(|(typed, _)| typed.chars().all(char::is_alphanumeric)) {
        return ().into_any();
    }
    let chip = move |(typed, term): (String, FilterTerm)| {
        let words = term_words(&typed, &term);
        let rest = LoginQuery { filter: filter.without(&typed), page: 0, ..query.clone() };
        view! {
            <a
                class="chip"
                href=url(&rest)
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
            {terms.into_iter().map(chip).collect_view()}
        </p>
    }
    .into_any()
}

/// How many selected logins are on other pages or hidden by the filter.
#[component]
pub(super) fn SelectedElsewhere(rows: Rows) -> impl IntoView {
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
