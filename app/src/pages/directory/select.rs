//! The acts on the selected rows of a list. The form leads to the question before the act, also without JavaScript.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, HtmlInputElement},
};
use terms::{Named, RecordKind};

use super::words::act_of;
use crate::{
    api::{DirectoryQuery, RecordAct},
    components::grouped,
    text::{t, use_i18n},
};

/// The box of a row.
pub(super) fn row_box(name: &str) -> AnyView {
    let i18n = use_i18n();
    let label = t!(i18n, logins.select, user = name.to_owned());
    view! {
        <td class="select">
            <input type="checkbox" name="name" value=name.to_owned() aria-label=label/>
        </td>
    }
    .into_any()
}

/// The box that ticks all rows of the page.
pub(super) fn page_box() -> AnyView {
    let i18n = use_i18n();
    view! {
        <th scope="col" class="select">
            <label>
                <input
                    type="checkbox"
                    aria-label=t!(i18n, logins.select_all)
                    on:change=|event| tick_all(&event)
                />
            </label>
        </th>
    }
    .into_any()
}

fn tick_all(event: &Event) {
    let is_ticked = event_target_checked(event);
    let table = event_target::<HtmlInputElement>(event).closest("table").ok().flatten();
    let boxes = table.and_then(|table| table.query_selector_all("td.select input").ok());
    let Some(boxes) = boxes else { return };
    for at in 0..boxes.length() {
        if let Some(one) = boxes.get(at).and_then(|one| one.dyn_into::<HtmlInputElement>().ok()) {
            one.set_checked(is_ticked);
        }
    }
}

/// The acts. The rest of the query goes along, for an act on all rows that match.
#[component]
pub(super) fn Acts(query: DirectoryQuery, matching: u64) -> impl IntoView {
    let i18n = use_i18n();
    let DirectoryQuery { kind, find, only, profile, .. } = query;
    let mut fields = vec![("find", find), ("profile", profile)];
    fields.extend(only.iter().map(|one| ("only", one.name().to_owned())));
    let field = |(name, value): (&'static str, String)| view! { <input type="hidden" name=name value=value/> };
    let act = move |act: &RecordAct| {
        let class = if *act == RecordAct::Remove { "button danger" } else { "button" };
        view! {
            <button class=class name="act" value=act.name()>
                {act_of(kind, *act)}
            </button>
        }
    };
    view! {
        <div class="acts" role="group" aria-label=t!(i18n, directory.acts)>
            {fields.into_iter().filter(|(_, value)| !value.is_empty()).map(field).collect_view()}
            <span class="soft">{t!(i18n, directory.acts)}</span>
            {RecordAct::of(kind).iter().map(act).collect_view()}
            <label class="inline">
                <input type="checkbox" name="all" value="1"/>
                {t!(i18n, directory.all_matching, count = grouped(matching))}
            </label>
        </div>
    }
}

/// The address to which the form of a list leads.
pub(super) fn action(kind: RecordKind) -> String {
    DirectoryQuery { kind, ..DirectoryQuery::default() }.url()
}
