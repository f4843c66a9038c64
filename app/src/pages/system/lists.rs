//! Related pages: the history, the values for all servers, and the values that differ from the default.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use terms::{Definition, Parameter};

use super::parameter_history::ParameterHistoryPage;
use crate::{
    api::{ParameterPage, read_parameters},
    components::{Chrome, Place, loaded},
    pages::not_found::NotFound,
    release::parameter_name,
    text::{t, use_i18n},
};

/// The page that the address names.
/// The pages share a route, because each route adds bytes to the first load.
#[component]
pub fn ListsPage() -> impl IntoView {
    let map = use_params_map();
    let list = Memo::new(move |_| map.with(|map| map.get("list").unwrap_or_default()));
    move || match list.get().as_str() {
        "history" => view! { <ParameterHistoryPage/> }.into_any(),
        "modified" => view! { <ModifiedPage/> }.into_any(),
        "all-servers" => view! { <AllServersPage/> }.into_any(),
        _ => view! { <NotFound/> }.into_any(),
    }
}

/// Parameters for All Servers.
#[component]
fn AllServersPage() -> impl IntoView {
    let i18n = use_i18n();
    let title = t!(i18n, nav.all_servers);
    view! { <List title only_modified=false/> }
}

/// Modified Parameters.
#[component]
fn ModifiedPage() -> impl IntoView {
    let i18n = use_i18n();
    let title = t!(i18n, nav.modified);
    view! { <List title only_modified=true/> }
}

#[component]
fn List(title: &'static str, only_modified: bool) -> impl IntoView {
    let page = Resource::new(|| (), |()| read_parameters());
    view! {
        <Chrome title related=&[Place::Parameters, Place::ParameterHistory]>
            {loaded(page, move |page| view! { <Values page only_modified/> }.into_any())}
        </Chrome>
    }
}

/// The values by parameter name, in the original's order.
#[component]
fn Values(page: ParameterPage, only_modified: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ParameterPage { values, server, .. } = page;
    let value = |line: &Definition| values.get(&line.parameter).cloned().unwrap_or_default();
    let mut lines: Vec<_> = Parameter::ALL
        .iter()
        .map(|line| (line, value(line)))
        .filter(|(line, value)| !only_modified || value != line.default)
        .collect();
    lines.sort_by_key(|(line, _)| parameter_name(line.parameter));
    let none = lines.is_empty();
    let row = |(line, value): (&'static Definition, String)| {
        view! {
            <tr>
                <td>
                    <a href="/service-parameters?advanced=1">{parameter_name(line.parameter)}</a>
                </td>
                <td data-label=t!(i18n, parameters.value)>{value}</td>
                <td class="suggested" data-label=t!(i18n, parameters.default_value)>{line.default}</td>
            </tr>
        }
    };
    view! {
        <section class="card">
            <header>
                <h2>"Cisco Extension Mobility · " {server}</h2>
            </header>
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, parameters.name)}</th>
                        <th scope="col">{t!(i18n, parameters.value)}</th>
                        <th scope="col">{t!(i18n, parameters.default_value)}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
            </table>
            {none.then(|| view! { <p class="empty">{t!(i18n, parameters.none_modified)}</p> })}
        </section>
    }
}
