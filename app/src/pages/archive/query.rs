//! The form of history, audit and refusals.

use leptos::prelude::*;

use super::day_field::{DayField, Side};
use crate::{
    address::use_query,
    api::ArchiveQuery,
    components::{ClearFind, FindBox, Finding, ViewButton, When},
    text::{t, use_i18n},
};

/// The query in the page's address.
pub(super) fn use_archive_query() -> Memo<ArchiveQuery> {
    let query = use_query();
    Memo::new(move |_| query.with(|query| ArchiveQuery::read(|name| query.get(name))))
}

/// A choice beside the text to find.
pub(super) struct Choice {
    /// The name of the choice's field.
    pub(super) name: &'static str,
    /// The choice's label.
    pub(super) label: &'static str,
    /// Reads the chosen value from a query; empty for all.
    pub(super) chosen: fn(&ArchiveQuery) -> String,
    /// The options: value and word.
    pub(super) options: Vec<(String, String)>,
}

/// Find, from, until, and the choice of cause or actor.
///
/// The form is outside the part that is read anew: its fields follow the address, and a field keeps the text
/// that the user is typing.
#[component]
pub(super) fn FindForm(
    path: &'static str,
    query: Memo<ArchiveQuery>,
    choice: Choice,
    hint: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let finding = Finding::new(RwSignal::new(String::new()), move |fields| {
        ArchiveQuery::read(fields).url(path)
    });
    let field = move |read: fn(&ArchiveQuery) -> String| Memo::new(move |_| query.with(read));
    let Choice { name, label, chosen, options } = choice;
    let chosen = Memo::new(move |_| query.with(chosen));
    let option = |(value, word): (String, String)| {
        let is_chosen = {
            let value = value.clone();
            move || chosen.with(|chosen| *chosen == value)
        };
        view! {
            <option value=value selected=is_chosen>
                {word}
            </option>
        }
    };
    let narrows = move || {
        query.with(|query| *query != ArchiveQuery { page: query.page, ..ArchiveQuery::default() })
    };
    let find = query.with_untracked(|query| query.find.clone());
    let since_zone = Memo::new(move |_| query.with(|query| query.since_zone));
    let before_zone = Memo::new(move |_| query.with(|query| query.before_zone));
    view! {
        <search class="filters">
            <form
                method="get"
                action=path
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:submit=move |event| finding.submit(&event)
            >
                <FindBox finding find hint/>
                {move || {
                    query
                        .with(|query| query.hours)
                        .map(|hours| view! { <input type="hidden" name="hours" value=hours/> })
                }}
                <DayField side=Side::Since day=field(ArchiveQuery::first_day) zone=since_zone/>
                <DayField side=Side::Before day=field(ArchiveQuery::last_day) zone=before_zone/>
                <label class="inline">
                    {label} <select name=name prop:value=move || chosen.get()>
                        <option value="">{t!(i18n, logins.all)}</option>
                        {options.into_iter().map(option).collect_view()}
                    </select>
                </label>
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            <When is=narrows>
                <ClearFind finding to=path.to_owned()/>
            </When>
            <ViewButton/>
        </search>
    }
}
