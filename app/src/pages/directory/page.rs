//! The page of a list.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use terms::Named;

use super::{filters::Filters, list::List, words::title_of};
use crate::{
    address::use_query,
    api::{DirectoryKind, DirectoryQuery, read_directory},
    components::{Chrome, Place, answered, loaded},
    pages::not_found::NotFound,
    text::{t, use_i18n},
};

/// The list that the address names.
/// The lists share a route, because each route adds bytes to the first load.
#[component]
pub fn DirectoryPage() -> impl IntoView {
    let map = use_params_map();
    let kind = Memo::new(move |_| {
        map.with(|map| DirectoryKind::from_name(&map.get("kind").unwrap_or_default()))
    });
    move || match kind.get() {
        Some(kind) => view! { <OneList kind/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn OneList(kind: DirectoryKind) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let query = Memo::new(move |_| query.with(|query| DirectoryQuery::read(kind, query)));
    let page = answered(move || query.try_get().unwrap_or_default(), read_directory);
    let tab = move |one: DirectoryKind| {
        let to = DirectoryQuery { kind: one, ..DirectoryQuery::default() }.url();
        let current = (one == kind).then_some("page");
        view! {
            <a class="chip" href=to aria-current=current>
                {title_of(one)}
            </a>
        }
    };
    view! {
        <Chrome title=title_of(kind) related=&[Place::Logins, Place::Audit, Place::Settings]>
            <nav class="chips" aria-label=t!(i18n, directory.lists)>
                {DirectoryKind::all().map(tab).collect_view()}
            </nav>
            <section class="card">
                <Filters kind query/>
                {loaded(page, |(page, query)| view! { <List page query/> }.into_any())}
            </section>
        </Chrome>
    }
}
