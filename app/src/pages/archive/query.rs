//! The form of history and audit.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::day_field::{DayField, Side};
use crate::{
    api::ArchiveQuery,
    components::{ClearFind, FindBox, Finding},
    text::{t, use_i18n},
};

/// Reads the query from the URL.
pub(super) fn read_query(map: &ParamsMap) -> ArchiveQuery {
    ArchiveQuery::read(|name| map.get(name))
}

/// Keeps the form, the list and the address of a page at `path` the same.
pub(super) fn finding(path: &'static str) -> Finding {
    Finding::new(RwSignal::new(String::new()), move |fields| ArchiveQuery::read(fields).url(path))
}

/// A choice beside what is looked for.
pub(super) struct Choice {
    /// The name of its field.
    pub(super) name: &'static str,
    /// Its label.
    pub(super) label: &'static str,
    /// What is chosen; empty for all.
    pub(super) chosen: &'static str,
    /// What can be chosen: value and word.
    pub(super) options: Vec<(&'static str, &'static str)>,
}

/// Find, from, until, and the choice of cause or actor. Each field has the value of the list that is
/// shown.
#[component]
pub(super) fn FindForm(
    path: &'static str,
    query: ArchiveQuery,
    finding: Finding,
    choice: Choice,
) -> impl IntoView {
    let i18n = use_i18n();
    let empty = query == ArchiveQuery { page: query.page, ..ArchiveQuery::default() };
    let (first, last) = (query.first_day(), query.last_day());
    let Choice { name, label, chosen, options } = choice;
    let option = |(value, word): (&'static str, &'static str)| {
        view! {
            <option value=value selected=chosen == value>
                {word}
            </option>
        }
    };
    view! {
        <search class="filters">
            <form
                method="get"
                action=path
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:change=move |event| finding.choose(event)
                on:submit=move |event| finding.submit(&event)
            >
                <FindBox finding find=query.find hint=t!(i18n, history.find_hint)/>
                <DayField side=Side::Since day=first zone=query.since_zone/>
                <DayField side=Side::Before day=last zone=query.before_zone/>
                <label class="inline">
                    {label} <select name=name prop:value=chosen>
                        <option value="">{t!(i18n, logins.all)}</option>
                        {options.into_iter().map(option).collect_view()}
                    </select>
                </label>
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            {(!empty).then(|| view! { <ClearFind finding to=path.to_owned()/> })}
        </search>
    }
}
