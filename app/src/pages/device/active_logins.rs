//! Active Logins: who is on which phone now.

use leptos::prelude::*;
use leptos_router::{
    components::{Form, Redirect},
    hooks::use_query_map,
};
use leptos_use::use_interval_fn;

use super::{
    pager::{Pager, grouped},
    query::{read_query, url},
    rows::Rows,
    table::{Arrivals, Table},
};
use crate::{
    api::{Change, LoginQuery, Refused, SortBy, read_active_logins},
    components::Chrome,
    live::{Connection, live},
    text::{t, t_string, use_i18n},
};

/// How often "time left" is counted anew.
const TICK_MS: u64 = 10_000;

/// The page.
#[component]
pub fn ActiveLoginsPage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| read_query(|name| map.get(name))));
    // A reader who goes away while the server renders takes the page's signals along.
    let page = Resource::new(move || query.try_get().unwrap_or_default(), read_active_logins);
    let rows = Rows::new();
    let now_ms = RwSignal::new(0);
    let read_anew = move || page.refetch();
    let live = live(
        move |changes| {
            // A login that begins now has all its time left, whatever the last tick said.
            let begun = changes.iter().filter_map(Change::began_ms).max();
            now_ms.update(|now| *now = begun.unwrap_or(*now).max(*now));
            rows.change(changes);
        },
        read_anew,
    );
    // The clock of "time left" is the server's; it goes on from the snapshot.
    use_interval_fn(
        move || now_ms.update(|now| *now += i64::try_from(TICK_MS).unwrap_or(0)),
        TICK_MS,
    );
    let status = move || view! { <ConnectionState connection=live.connection/> };
    let title = Signal::derive(move || t_string!(i18n, logins.title).to_owned());
    view! {
        <Chrome title status>
            <Transition fallback=move || {
                view! { <p class="card message">{t!(i18n, logins.loading)}</p> }
            }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(snapshot) => {
                            let query = query.try_get_untracked().unwrap_or_default();
                            rows.show(query.clone(), &snapshot);
                            now_ms.set(snapshot.now_ms);
                            live.resume(snapshot.as_of);
                            view! { <Logins rows query now_ms read_anew/> }.into_any()
                        }
                        Err(Refused::SignedOut) => view! { <Redirect path="/sign-in"/> }.into_any(),
                        Err(Refused::Unavailable | Refused::Transport(_)) => {
                            view! {
                                <p class="status bad" role="alert">
                                    {t!(i18n, logins.failed)}
                                </p>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </Chrome>
    }
}

#[component]
fn ConnectionState(connection: Signal<Connection>) -> impl IntoView {
    let i18n = use_i18n();
    let (class, text) = (
        move || match connection.get() {
            Connection::Live => "dot",
            Connection::Lost => "dot lost",
            Connection::Still | Connection::Connecting => "dot waiting",
        },
        move || match connection.get() {
            Connection::Still => t_string!(i18n, live.still),
            Connection::Connecting => t_string!(i18n, live.connecting),
            Connection::Live => t_string!(i18n, live.live),
            Connection::Lost => t_string!(i18n, live.lost),
        },
    );
    view! {
        <span class="connection" role="status">
            <span class=class></span>
            {text}
        </span>
    }
}

#[component]
fn Logins(
    rows: Rows,
    query: LoginQuery,
    now_ms: RwSignal<i64>,
    read_anew: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let find = query.find.clone();
    let searching = !find.is_empty();
    let (sort, clear) = (query.sort, LoginQuery { find: String::new(), ..query.clone() });
    view! {
        <dl class="tiles">
            <div class="tile">
                <dt>{t!(i18n, logins.open_now)}</dt>
                <dd id="open-now">{move || grouped(rows.open.get())}</dd>
            </div>
            {searching
                .then(|| {
                    view! {
                        <div class="tile">
                            <dt>{t!(i18n, logins.matching)}</dt>
                            <dd>{move || grouped(rows.matching.get())}</dd>
                        </div>
                    }
                })}
        </dl>
        <section class="card">
            <search class="filters">
                <Form method="GET" action="/">
                    <input
                        type="search"
                        name="find"
                        value=find
                        maxlength="128"
                        placeholder=move || t_string!(i18n, logins.find_hint)
                        aria-label=move || t_string!(i18n, logins.find_hint)
                    />
                    {(sort != SortBy::default())
                        .then(|| view! { <input type="hidden" name="sort" value=sort.name()/> })}
                    <button class="button">{t!(i18n, logins.find)}</button>
                </Form>
                {searching
                    .then(|| {
                        view! {
                            <a class="button quiet" href=url(&clear)>
                                {t!(i18n, logins.clear)}
                            </a>
                        }
                    })}
            </search>
            <div class="list">
                <Arrivals rows read_anew/>
                // Erased, or the page becomes a type that takes minutes to compile.
                {view! { <Table rows query=query.clone() now_ms/> }.into_any()}
            </div>
            {view! { <Pager rows query/> }.into_any()}
        </section>
    }
}
