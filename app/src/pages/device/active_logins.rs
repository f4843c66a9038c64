//! Active Logins: the users and their phones now.

use leptos::{prelude::*, task::spawn_local};
use leptos_use_interval_fn::use_interval_fn;
use terms::{LoginFilter, LoginType, Named};

use super::{
    beside::Beside,
    clock::server_clock,
    connection::ConnectionState,
    ended::take_away_ended,
    feed::Feed,
    filter_strip::FilterStrip,
    log_out::LogOutDialog,
    reading::{reading, shown_live},
    refill::refill,
    rows::Rows,
    running_jobs::{JobsWatch, RunningJobs},
    table::{Arrivals, Table},
    tiles::TilesView,
};
use crate::{
    address::use_query,
    api::{
        Change, LogOutScope, LoginQuery, PAGE_ROWS, SortBy, read_active_logins,
        read_active_logins_anew, read_tiles,
    },
    components::{Chrome, ClearFind, FindBox, Finding, Pager, Place, ViewButton, When, type_name},
    live::live,
    text::{t, use_i18n},
};

/// The interval at which the numbers above are read: refusals older than an hour drop out.
const TILES_MS: u64 = 60_000;

/// The interval at which a page is read anew whose filter compares times.
const TIMES_MS: u64 = 30_000;

/// The page.
#[component]
pub fn ActiveLoginsPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let query = Memo::new(move |_| query.with(LoginQuery::read));
    // When a reader leaves while the server renders, the page's signals are disposed.
    let query_or_none = move || query.try_get().unwrap_or_default();
    let (page, resync) = reading(query_or_none, read_active_logins, read_active_logins_anew);
    let rows = Rows::new();
    let finding = Finding::new(rows.typed, move |fields| {
        let LoginQuery { filter, sort, .. } = query.try_get_untracked().unwrap_or_default();
        let find = fields("find").unwrap_or_default();
        LoginQuery { filter: LoginFilter::new(&find, filter.login_type), sort, page: 0 }.url()
    });
    let now_ms = server_clock();
    let read_anew = move || page.refetch();
    let watch = JobsWatch::new(rows.jobs);
    let live = live(
        move |changes| {
            // A new login has its full time left, also when the clock's last tick is older than the login.
            let begun = changes.iter().filter(|one| matches!(one.change, Change::Began(_)));
            let begun = begun.map(|one| one.at_ms).max();
            now_ms.update(|now| *now = begun.unwrap_or(*now).max(*now));
            watch.heard(&changes);
            rows.change(changes);
        },
        resync,
    );
    take_away_ended(rows);
    refill(rows, resync);
    use_interval_fn(
        move || {
            spawn_local(async move {
                if let Ok(tiles) = read_tiles().await
                    && !rows.tiles.is_disposed()
                {
                    rows.show_tiles(tiles);
                }
            });
        },
        TILES_MS,
    );
    use_interval_fn(
        move || {
            if rows.filter().has_times() && !rows.held.get_untracked() {
                resync();
            }
        },
        TIMES_MS,
    );
    let status = move || view! { <ConnectionState connection=live.connection/> };
    let title = t!(i18n, logins.title);
    view! {
        <Chrome title status related=&[Place::History, Place::Parameters, Place::Audit]>
            <div class="desk">
                <div class="stack">
                    {shown_live(
                        page,
                        resync,
                        move |snapshot, query| {
                            rows.show(query.clone(), snapshot);
                            now_ms.set(snapshot.now_ms);
                            live.resume(snapshot.as_of);
                        },
                        move |snapshot, query| {
                            let may_end = snapshot.may_end;
                            view! { <Logins rows watch query finding now_ms read_anew may_end/> }.into_any()
                        },
                    )}
                </div>
                // Outside the part that is read anew, as the dialog: the panel stays as it is.
                <Beside rows now_ms/>
            </div>
            // The dialog stays open when the rows change.
            <LogOutDialog wanted=rows.wanted soon=move || rows.near.get()/>
        </Chrome>
    }
}

#[component]
fn Logins(
    rows: Rows,
    watch: JobsWatch,
    query: LoginQuery,
    finding: Finding,
    now_ms: RwSignal<i64>,
    read_anew: impl Fn() + Copy + Send + Sync + 'static,
    may_end: bool,
) -> impl IntoView {
    let page = query.page;
    let at = {
        let query = query.clone();
        move |page: u32| LoginQuery { page, ..query.clone() }.url()
    };
    let LoginFilter { find, login_type } = query.filter.clone();
    let hidden = [
        (!find.is_empty()).then_some(("find", find)),
        login_type.map(|only| ("only", only.name().to_owned())),
    ]
    .into_iter()
    .flatten()
    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.into_any())
    .collect_view();
    view! {
        <TilesView rows/>
        <RunningJobs watch may_end/>
        <div class="split">
            <section class="card">
                <Filters rows query=query.clone() finding may_end/>
                <FilterStrip rows query=query.clone()/>
                // Without JavaScript the selection goes to a confirmation page; so does the filter for all that
                // match.
                <form id="selection" action="/log-out">
                    {hidden}
                    <div class="list">
                        <Arrivals rows read_anew/>
                        <Table rows query=query.clone() now_ms may_end/>
                    </div>
                </form>
                <Pager page rows=PAGE_ROWS total=move || rows.matching.get() url=at/>
            </section>
            <Feed rows/>
        </div>
    }
}

#[component]
fn Filters(rows: Rows, query: LoginQuery, finding: Finding, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let LoginQuery { filter, sort, .. } = query.clone();
    let LoginFilter { find, login_type: only } = filter;
    let searches = {
        let found = !find.is_empty();
        move || found || rows.typed.with(|typed| !typed.is_empty())
    };
    let clear = LoginQuery { filter: LoginFilter::new("", only), page: 0, ..query.clone() };
    let clear = clear.url();
    // The links keep the typed text.
    let to = move |login_type: Option<LoginType>, sort: SortBy| {
        move || LoginQuery { filter: rows.typed_filter(login_type), sort, page: 0 }.url()
    };
    let chip = |login_type: Option<LoginType>| {
        let current = (only == login_type).then_some("true");
        view! {
            <a class="chip" href=to(login_type, sort) aria-current=current>
                {login_type.map_or(t!(i18n, logins.all), type_name)}
            </a>
        }
        .into_any()
    };
    let sorts = {
        let link = move |(one, other): (SortBy, SortBy)| {
            let current = (sort == one || sort == other).then_some("true");
            view! {
                <a class="chip" href=to(only, if sort == one { other } else { one }) aria-current=current>
                    {sort_name(one)}
                </a>
            }
            .into_any()
        };
        SORTS.map(link).collect_view()
    };
    let types = std::iter::once(None).chain(LoginType::all().map(Some));
    let chips = types.map(chip).collect_view();
    let selected = move || rows.selected.with(Vec::len);
    // Without JavaScript the button works, and the next page tells that nothing is selected.
    let selects = RwSignal::new(false);
    Effect::new(move |_| selects.set(true));
    let needs_selection = Memo::new(move |_| selects.get() && selected() == 0);
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let ids = rows.selected.get_untracked();
        if !ids.is_empty() {
            rows.wanted.set(Some(LogOutScope::Selected(ids)));
        }
    };
    view! {
        <div class="filters">
            <search>
                <form
                    action="/"
                    node_ref=finding.form
                    on:input=move |event| finding.type_in(event)
                    on:submit=move |event| finding.submit(&event)
                >
                    <FindBox finding find=find hint=t!(i18n, logins.find_hint)/>
                    {only.map(|only| view! { <input type="hidden" name="only" value=only.name()/> }.into_any())}
                    {(sort != SortBy::default())
                        .then(|| view! { <input type="hidden" name="sort" value=sort.name()/> }.into_any())}
                    <button class="button">{t!(i18n, logins.find)}</button>
                </form>
                <When is=searches>
                    <ClearFind finding to=clear.clone()/>
                </When>
            </search>
            <div class="chips" role="group" aria-label=t!(i18n, logins.login_type)>
                {chips}
            </div>
            // For narrow screens, which show no column names: the column names sort on wide screens.
            <div class="chips narrow" role="group" aria-label=t!(i18n, logins.sort)>
                {sorts}
            </div>
            <ViewButton/>
            {may_end
                .then(|| {
                    view! {
                        <button
                            class="button danger"
                            form="selection"
                            aria-disabled=move || needs_selection.get().then_some("true")
                            title=move || needs_selection.get().then(|| t!(i18n, logins.select_first))
                            on:click=ask
                        >
                            {move || match selected() {
                                0 => t!(i18n, logins.log_out_none).to_owned(),
                                count => t!(i18n, logins.log_out_selected, count = count),
                            }}
                        </button>
                    }.into_any()
                })}
        </div>
    }
}

/// The orders that a narrow screen offers, each with the one that a second click chooses.
const SORTS: [(SortBy, SortBy); 5] = [
    (SortBy::Newest, SortBy::Newest),
    (SortBy::Oldest, SortBy::Oldest),
    (SortBy::User, SortBy::UserDown),
    (SortBy::Phone, SortBy::PhoneDown),
    (SortBy::Until, SortBy::UntilDown),
];

/// The name of a sort order.
fn sort_name(sort: SortBy) -> &'static str {
    let i18n = use_i18n();
    match sort {
        SortBy::Newest => t!(i18n, logins.sort_newest),
        SortBy::Oldest => t!(i18n, logins.sort_oldest),
        SortBy::User | SortBy::UserDown => t!(i18n, logins.user),
        SortBy::Phone | SortBy::PhoneDown => t!(i18n, logins.phone),
        SortBy::Until | SortBy::UntilDown => t!(i18n, logins.left),
    }
}
