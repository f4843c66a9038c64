//! The form of history and audit.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::day_field::{DayField, Side};
use crate::{
    api::ArchiveQuery,
    text::{t, use_i18n},
};

/// Reads the query from the URL.
pub(super) fn read_query(map: &ParamsMap) -> ArchiveQuery {
    ArchiveQuery::read(|name| map.get(name))
}

/// Find, from, until; `children` is the choice of cause or actor.
#[component]
pub(super) fn FindForm(
    path: &'static str,
    query: ArchiveQuery,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let empty = query == ArchiveQuery { page: query.page, ..ArchiveQuery::default() };
    let (first, last) = (query.first_day(), query.last_day());
    view! {
        <search class="filters">
            <form method="get" action=path>
                <input
                    type="search"
                    name="find"
                    value=query.find
                    maxlength="128"
                    placeholder=t!(i18n, history.find_hint)
                    aria-label=t!(i18n, history.find_hint)
                />
                <DayField side=Side::Since day=first zone=query.since_zone/>
                <DayField side=Side::Before day=last zone=query.before_zone/>
                {children()}
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            {(!empty)
                .then(|| {
                    view! {
                        // External: what was typed stays in a field that is not made anew.
                        <a class="button quiet" href=path rel="external">
                            {t!(i18n, logins.clear)}
                        </a>
                    }
                })}
        </search>
    }
}
