//! The page of a list.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use terms::{Named, RecordKind};

use super::{
    act::Act,
    filters::Filters,
    import::Import,
    list::List,
    record::{Added, Record},
    words::{add_of, title_of},
};
use crate::{
    address::{Query, use_query},
    api::{ActQuery, DirectoryQuery, ImportShow, import_url, read_directory, record_url},
    components::{Chrome, Place, Styled, answered, loaded},
    pages::not_found::NotFound,
    text::{t, use_i18n},
};

/// The list that the address names.
/// The lists share a route, because each route adds bytes to the first load.
#[component]
pub fn DirectoryPage() -> impl IntoView {
    let map = use_params_map();
    let kind = Memo::new(move |_| {
        map.with(|map| RecordKind::from_name(&map.get("kind").unwrap_or_default()))
    });
    provide_context(Added(RwSignal::new(None)));
    let query = use_query();
    let shows = Memo::new(move |_| {
        let kind = kind.get()?;
        Some((kind, query.with(|query| Shows::read(kind, query))))
    });
    move || match shows.get() {
        Some((kind, Shows::List)) => view! { <OneList kind/> }.into_any(),
        Some((kind, Shows::Record(name))) => view! { <Record kind name/> }.into_any(),
        Some((kind, Shows::Import(show))) => view! { <Import kind show/> }.into_any(),
        Some((_, Shows::Act(query))) => view! { <Act query/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// What the page shows, by the query of its address.
#[derive(Clone, PartialEq)]
enum Shows {
    List,
    /// The form of the record with this name; an empty name is a new record.
    Record(String),
    Act(ActQuery),
    Import(ImportShow),
}

impl Shows {
    fn read(kind: RecordKind, query: &Query) -> Self {
        if let Some(act) = ActQuery::read(kind, query) {
            return Self::Act(act);
        }
        if query.get("import").is_some() {
            let show = query.get("show").and_then(|show| ImportShow::from_name(&show));
            return Self::Import(show.unwrap_or_default());
        }
        match query.get("edit").filter(|name| !name.is_empty()) {
            Some(name) => Self::Record(name),
            None if query.get("new").is_some() => Self::Record(String::new()),
            None => Self::List,
        }
    }
}

#[component]
fn OneList(kind: RecordKind) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let query = Memo::new(move |_| query.with(|query| DirectoryQuery::read(kind, query)));
    let page = answered(move || query.try_get().unwrap_or_default(), read_directory);
    let tab = move |one: RecordKind| {
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
                {RecordKind::all().map(tab).collect_view()}
                // The script of the page comes with the page.
                <a class="button add" href=import_url(kind, ImportShow::default()) rel="external">
                    {t!(i18n, import.link)}
                </a>
                <a class="button" href=record_url(kind, "")>
                    {add_of(kind)}
                </a>
            </nav>
            <Styled name="directory">
                <section class="card">
                    <Filters kind query/>
                    {loaded(page, |(page, query)| view! { <List page query/> }.into_any())}
                </section>
            </Styled>
        </Chrome>
    }
}
