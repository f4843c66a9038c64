//! Active Logins: who is on which phone now.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};
use leptos_use::use_interval_fn;

use super::rows::{Rows, ShownRow};
use crate::{
    api::{Change, LoginQuery, PAGE_ROWS, SortBy, read_active_logins},
    components::{Chrome, Moment, TimeLeft},
    live::{Connection, live},
    text::{t, t_string, use_i18n},
};

/// How long an ended row stays, faded.
const FADE: std::time::Duration = std::time::Duration::from_millis(1500);
/// How often "time left" is counted anew.
const TICK_MS: u64 = 10_000;

/// The page.
#[component]
pub fn ActiveLoginsPage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| read_query(|name| map.get(name))));
    let page = Resource::new(move || query.get(), read_active_logins);
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
                            let query = query.get_untracked();
                            rows.show(query.clone(), &snapshot);
                            now_ms.set(snapshot.now_ms);
                            live.resume(snapshot.as_of);
                            view! { <Logins rows query now_ms read_anew/> }.into_any()
                        }
                        Err(_) => {
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

/// Reads the query from the URL; what is not understood falls back.
fn read_query(get: impl Fn(&str) -> Option<String>) -> LoginQuery {
    LoginQuery {
        find: terms::LoginFilter::new(&get("find").unwrap_or_default()).find,
        sort: SortBy::from_name(&get("sort").unwrap_or_default()),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1_u32).saturating_sub(1),
    }
}

/// The URL of a query.
fn url(query: &LoginQuery) -> String {
    let mut map = ParamsMap::new();
    if !query.find.is_empty() {
        map.insert("find", query.find.clone());
    }
    if query.sort != SortBy::default() {
        map.insert("sort", query.sort.name().to_owned());
    }
    if query.page > 0 {
        map.insert("page", (query.page + 1).to_string());
    }
    format!("/{}", map.to_query_string())
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

/// "3 new · show"
#[component]
fn Arrivals(rows: Rows, read_anew: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || rows.waiting.with(Vec::len);
    let show = move |_| if rows.arrivals_come_first() { rows.settle() } else { read_anew() };
    view! {
        <Show when=move || { count() > 0 }>
            <button class="new" on:click=show>
                {move || t_string!(i18n, logins.arrived, count = count())}
            </button>
        </Show>
    }
}

#[component]
fn Table(rows: Rows, query: LoginQuery, now_ms: RwSignal<i64>) -> impl IntoView {
    let i18n = use_i18n();
    let hold = move |held: bool| {
        if rows.held.get_untracked() != held {
            rows.held.set(held);
        }
        if !held {
            rows.settle();
        }
    };
    let find = StoredValue::new(query.find.clone());
    let link = {
        let query = query.clone();
        move |sort: SortBy| url(&LoginQuery { sort, page: 0, ..query.clone() })
    };
    let since = if query.sort == SortBy::Newest { SortBy::Oldest } else { SortBy::Newest };
    let sorted = |column: &[SortBy]| match (query.sort, column.contains(&query.sort)) {
        (_, false) => None,
        (SortBy::Newest, true) => Some("descending"),
        (_, true) => Some("ascending"),
    };
    view! {
        <div class="scroll">
            <table class="cards logins">
                <thead>
                    <tr>
                        <th scope="col" aria-sort=sorted(&[SortBy::User])>
                            <a href=link(SortBy::User)>{t!(i18n, logins.user)}</a>
                        </th>
                        <th scope="col" aria-sort=sorted(&[SortBy::Phone])>
                            <a href=link(SortBy::Phone)>{t!(i18n, logins.phone)}</a>
                        </th>
                        <th scope="col">{t!(i18n, logins.profile)}</th>
                        <th scope="col" aria-sort=sorted(&[SortBy::Newest, SortBy::Oldest])>
                            <a href=link(since)>{t!(i18n, logins.since)}</a>
                        </th>
                        <th scope="col">{t!(i18n, logins.left)}</th>
                    </tr>
                </thead>
                <tbody
                    on:pointermove=move |event| {
                        // A row that slides under a pointer at rest sends an event without movement.
                        if event.movement_x() != 0 || event.movement_y() != 0 {
                            hold(true);
                        }
                    }
                    on:pointerdown=move |_| hold(true)
                    on:pointerleave=move |_| hold(false)
                    on:focusin=move |_| hold(true)
                    on:focusout=move |_| hold(false)
                >
                    <For each=move || rows.shown.get() key=ShownRow::id let:row>
                        <Row row rows now_ms/>
                    </For>
                </tbody>
            </table>
            <Show when=move || rows.shown.with(Vec::is_empty)>
                <div class="empty">
                    {move || {
                        let find = find.get_value();
                        if find.is_empty() {
                            view! {
                                <p>
                                    <b>{t!(i18n, logins.empty_title)}</b>
                                </p>
                                <p>{t!(i18n, logins.empty_text)}</p>
                            }
                                .into_any()
                        } else {
                            view! {
                                <p>
                                    <b>{t_string!(i18n, logins.none_title, find = find)}</b>
                                </p>
                                <p>{t!(i18n, logins.none_text)}</p>
                            }
                                .into_any()
                        }
                    }}
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Row(row: ShownRow, rows: Rows, now_ms: RwSignal<i64>) -> impl IntoView {
    let i18n = use_i18n();
    let ShownRow { login, fresh, ended } = row;
    let login = login.get_value();
    let id = StoredValue::new(login.id.clone());
    // An ended row fades in place and goes when nobody holds the table.
    Effect::new(move |_| {
        if ended.get() && !rows.held.get() {
            set_timeout(
                move || {
                    if !rows.held.try_get_untracked().unwrap_or(true)
                        && let Some(id) = id.try_get_value()
                    {
                        spawn_local(async move { rows.remove(&id) });
                    }
                },
                FADE,
            );
        }
    });
    view! {
        <tr class:fresh=fresh class:ended=move || ended.get() data-login=login.id>
            <td class="who">
                <b>{login.user}</b>
                <Show when=move || ended.get()>
                    <small>{t!(i18n, logins.ended)}</small>
                </Show>
            </td>
            <td class="dev">
                {login.phone} <small>{login.model}</small>
            </td>
            <td>{login.profile}</td>
            <td class="moment">
                <Moment ms=login.from_ms/>
            </td>
            <td class="moment">
                <TimeLeft until_ms=login.until_ms now_ms/>
            </td>
        </tr>
    }
}

#[component]
fn Pager(rows: Rows, query: LoginQuery) -> impl IntoView {
    let i18n = use_i18n();
    let first = u64::from(query.page) * u64::from(PAGE_ROWS);
    let total = move || rows.matching.get();
    let last = move || (first + u64::from(PAGE_ROWS)).min(total());
    let range = move || {
        let from = if total() == 0 { 0 } else { first + 1 };
        t_string!(
            i18n,
            logins.range,
            from = grouped(from),
            to = grouped(last()),
            total = grouped(total())
        )
    };
    let at = move |page: u32| url(&LoginQuery { page, ..query.clone() });
    let page = u32::try_from(first / u64::from(PAGE_ROWS)).unwrap_or(0);
    let (previous, next) = (at(page.saturating_sub(1)), at(page + 1));
    view! {
        <nav class="pager" aria-label=move || t_string!(i18n, logins.pages)>
            <span class="grow"></span>
            <span id="range">{range}</span>
            {(page > 0)
                .then(|| {
                    view! {
                        <a class="button" href=previous>
                            {t!(i18n, logins.previous)}
                        </a>
                    }
                })}
            <Show when=move || { last() < total() }>
                <a class="button" href=next.clone()>
                    {t!(i18n, logins.next)}
                </a>
            </Show>
        </nav>
    }
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn what_the_url_says_wrong_falls_back() {
        let query = read_query(|name| {
            Some(match name {
                "sort" => "colour".to_owned(),
                "page" => "-3".to_owned(),
                _ => " x ".to_owned(),
            })
        });
        assert_eq!(query, LoginQuery { find: "x".into(), sort: SortBy::Newest, page: 0 });
    }
}
