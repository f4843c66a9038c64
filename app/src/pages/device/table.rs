//! The table of open logins.

use std::time::Duration;

use leptos::{html, prelude::*};
use terms::{ActorKind, LoginFilter, Named};

use super::rows::{Rows, ShownRow};
use crate::{
    api::{By, LogOutScope, LoginQuery, PAGE_ROWS, SortBy},
    components::{
        Moment, PastTheEnd, PhoneLink, TimeLeft, UserLink, When, Who, grouped, kind_name, length,
        place_of, type_name,
    },
    text::{t, use_i18n},
};

/// The time for which rows stay in place after pointer and focus have left the table.
/// A finger leaves the table before its click arrives, and the focus leaves before the next element has it.
const LET_GO: Duration = Duration::from_millis(300);

/// "3 new · show"
#[component]
pub(super) fn Arrivals(
    rows: Rows,
    read_anew: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || rows.waiting.with(Vec::len);
    let show = move |_| if rows.arrivals_come_first() { rows.settle() } else { read_anew() };
    view! {
        <When is=move || { count() > 0 }>
            <button class="new" type="button" on:click=show>
                {move || t!(i18n, logins.arrived, count = count())}
            </button>
        </When>
    }
}

/// The logins of a page.
#[component]
pub(super) fn Table(
    rows: Rows,
    query: LoginQuery,
    now_ms: RwSignal<i64>,
    may_end: bool,
) -> impl IntoView {
    let head = query.clone();
    let body = NodeRef::<html::Tbody>::new();
    let pointed = StoredValue::new(false);
    // Only the focus of a keyboard holds the table, because a click leaves the focus where it was.
    let focused = move || {
        let body = body.try_get_untracked().flatten();
        body.is_some_and(|body| matches!(body.query_selector(":focus-visible"), Ok(Some(_))))
    };
    let hold = move || {
        if !rows.held.get_untracked() {
            rows.held.set(true);
        }
    };
    let point = move || {
        pointed.set_value(true);
        hold();
    };
    let let_go = move || {
        set_timeout(
            move || {
                let holds = pointed.try_get_value().is_none_or(|pointed| pointed || focused());
                if !holds && rows.held.get_untracked() {
                    rows.held.set(false);
                    rows.settle();
                }
            },
            LET_GO,
        );
    };
    view! {
        <div class="scroll">
            <table class="cards lines logins" class:selectable=may_end>
                <Head rows query=head may_end/>
                <tbody
                    node_ref=body
                    on:pointermove=move |event| {
                        // A row that moves under a resting pointer causes an event without movement.
                        if event.movement_x() != 0 || event.movement_y() != 0 {
                            point();
                        }
                    }
                    on:pointerenter=move |_| rows.near.set(true)
                    on:pointerdown=move |_| point()
                    on:pointerleave=move |_| {
                        pointed.set_value(false);
                        let_go();
                    }
                    on:focusin=move |_| {
                        rows.near.set(true);
                        if focused() {
                            hold();
                        }
                    }
                    on:focusout=move |_| let_go()
                >
                    <For each=move || rows.shown.get() key=ShownRow::id let:row>
                        <Row row rows now_ms may_end/>
                    </For>
                </tbody>
            </table>
            <When is=move || rows.shown.with(Vec::is_empty)>
                <Empty rows query=query.clone()/>
            </When>
        </div>
        {may_end.then(|| view! { <AllThatMatch rows/> })}
    }
}

/// The column names; a column that sorts has a link.
#[component]
fn Head(rows: Rows, query: LoginQuery, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let link = {
        let query = query.clone();
        // The links keep the typed text.
        move |sort: SortBy| {
            let login_type = query.filter.login_type;
            move || LoginQuery { filter: rows.typed_filter(login_type), sort, page: 0 }.url()
        }
    };
    // A click on the column that sorts turns the order.
    let turned = |one: SortBy, other: SortBy| if query.sort == one { other } else { one };
    let user = turned(SortBy::User, SortBy::UserDown);
    let phone = turned(SortBy::Phone, SortBy::PhoneDown);
    let since = turned(SortBy::Newest, SortBy::Oldest);
    let left = turned(SortBy::Until, SortBy::UntilDown);
    let sorted = |up: SortBy, down: SortBy| match query.sort {
        sort if sort == up => Some("ascending"),
        sort if sort == down => Some("descending"),
        _ => None,
    };
    view! {
        <thead>
            <tr>
                {may_end
                    .then(|| {
                        view! {
                            <th scope="col" class="select">
                                <label>
                                    <input
                                        type="checkbox"
                                        aria-label=t!(i18n, logins.select_all)
                                        prop:checked=move || rows.all_selected()
                                        on:change=move |event| {
                                            rows.select_all(event_target_checked(&event));
                                        }
                                    />
                                    <span class="narrow">{t!(i18n, logins.select_all)}</span>
                                </label>
                            </th>
                        }.into_any()
                    })}
                <th scope="col" class="who" aria-sort=sorted(SortBy::User, SortBy::UserDown)>
                    <a href=link(user)>{t!(i18n, logins.user)}</a>
                </th>
                <th scope="col" class="dev" aria-sort=sorted(SortBy::Phone, SortBy::PhoneDown)>
                    <a href=link(phone)>{t!(i18n, logins.phone)}</a>
                </th>
                <th scope="col" class="type">{t!(i18n, logins.login_type)}</th>
                <th scope="col" class="profile">{t!(i18n, logins.profile)}</th>
                <th scope="col" class="since" aria-sort=sorted(SortBy::Oldest, SortBy::Newest)>
                    <a href=link(since)>{t!(i18n, logins.since)}</a>
                </th>
                <th scope="col" class="left" aria-sort=sorted(SortBy::Until, SortBy::UntilDown)>
                    <a href=link(left)>{t!(i18n, logins.left)}</a>
                </th>
                <th scope="col" class="source">{t!(i18n, logins.source)}</th>
                {may_end
                    .then(|| {
                        view! {
                            <th scope="col" class="action">
                                <span class="unseen">{t!(i18n, logins.actions)}</span>
                            </th>
                        }.into_any()
                    })}
            </tr>
        </thead>
    }
}

/// The button for all logins that match.
/// The button belongs to the form around the table: without JavaScript the form goes to the confirmation page.
#[component]
fn AllThatMatch(rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        rows.wanted.set(Some(LogOutScope::Matching(rows.filter())));
    };
    view! {
        <When is=move || { rows.matching.get() > 1 }>
            <p class="select-more">
                <button
                    class="button quiet"
                    name="all"
                    value="1"
                    disabled=move || rows.is_behind() || rows.filter().is_unfinished()
                    on:click=ask
                >
                    {move || {
                        t!(i18n, logins.log_out_matching, count = grouped(rows.matching.get()))
                    }}
                </button>
            </p>
        </When>
    }
}

/// The reason why there are no rows.
#[component]
fn Empty(rows: Rows, query: LoginQuery) -> impl IntoView {
    let before = u64::from(query.page) * u64::from(PAGE_ROWS);
    move || match rows.matching.get() {
        0 => view! { <NoneMatch filter=query.filter.clone()/> }.into_any(),
        // The matching logins fit on the previous pages.
        matching if matching <= before => {
            let first = LoginQuery { page: 0, ..query.clone() }.url();
            view! { <PastTheEnd first/> }.into_any()
        }
        _ => view! { <OnTheirWay/> }.into_any(),
    }
}

/// The text while the page is read anew.
#[component]
fn OnTheirWay() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p class="empty">{t!(i18n, states.loading)}</p> }
}

#[component]
fn NoneMatch(filter: LoginFilter) -> impl IntoView {
    let i18n = use_i18n();
    let all = filter.is_everything();
    let title = match (all, filter.find.is_empty()) {
        (true, _) => t!(i18n, logins.empty_title).to_owned(),
        (_, true) => t!(i18n, logins.none_of_type).to_owned(),
        _ => t!(i18n, logins.none_title, find = filter.find),
    };
    let text = if all { t!(i18n, logins.empty_text) } else { t!(i18n, logins.none_text) };
    view! {
        <div class="empty">
            <p>
                <b>{title}</b>
            </p>
            <p>{text}</p>
        </div>
    }
}

#[component]
fn Row(row: ShownRow, rows: Rows, now_ms: RwSignal<i64>, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let open = {
        let row = row.clone();
        move |event: leptos::ev::MouseEvent| {
            if !is_control(&event) {
                rows.opened.set(Some(row.clone()));
            }
        }
    };
    let ShownRow { login, fresh, ended } = row;
    let has_ended = {
        let ended = ended.clone();
        move || ended.get()
    };
    let (disabled, untabbed) = (has_ended.clone(), has_ended.clone());
    let place = place_of(&login.description, &login.model);
    let login_type = login.login_type;
    let checked = {
        let id = login.id.clone();
        move || rows.selected.with(|selected| selected.contains(&id))
    };
    let select = {
        let id = login.id.clone();
        move |event| rows.select(id.clone(), event_target_checked(&event))
    };
    let end = {
        let id = login.id.clone();
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            if !ended.get_untracked() {
                rows.wanted.set(Some(LogOutScope::Selected(vec![id.clone()])));
            }
        }
    };
    view! {
        <tr
            class:fresh=fresh
            class:ended=has_ended.clone()
            data-login=login.id.clone()
            on:click=open
        >
            {may_end
                .then(|| {
                    view! {
                        <td class="select">
                            <input
                                type="checkbox"
                                name="id"
                                value=login.id.clone()
                                aria-label=t!(i18n, logins.select, user = login.user.clone())
                                prop:checked=checked
                                disabled=has_ended.clone()
                                on:change=select
                            />
                        </td>
                    }.into_any()
                })}
            <td class="who">
                <b>
                    <UserLink name=login.user.clone()/>
                </b>
                <When is=has_ended.clone()>
                    <small>{t!(i18n, logins.ended)}</small>
                </When>
                {exceptional_source(&login.by)
                    .map(|source| view! { <small class="via">{source}</small> }.into_any())}
            </td>
            <td class="dev">
                <PhoneLink name=login.phone.clone() login_type/>
                <small>{place}</small>
            </td>
            <td class="type">
                <span class=format!(
                    "kind {}",
                    login_type.name(),
                )>{type_name(login_type)}</span>
            </td>
            <td class="profile" data-label=t!(i18n, logins.profile)>
                {login.profile.clone()}
            </td>
            <td class="moment since" data-label=t!(i18n, logins.since)>
                <Moment ms=login.from_ms/>
                <small>
                    <Lasted from_ms=login.from_ms now_ms/>
                </small>
            </td>
            <td class="moment left" data-label=t!(i18n, logins.left)>
                <TimeLeft until_ms=login.until_ms now_ms=move || now_ms.get()/>
            </td>
            <td class="source" data-label=t!(i18n, logins.source)>
                <Who by=login.by.clone()/>
            </td>
            {may_end
                .then(|| {
                    view! {
                        <td class="action">
                            <a
                                class="button quiet"
                                href=format!("/log-out?id={}", login.id)
                                aria-label=t!(i18n, log_out.user, user = login.user.clone())
                                // The element is not removed, because it may have the focus.
                                aria-disabled=move || disabled().then_some("true")
                                tabindex=move || untabbed().then_some("-1")
                                on:click=end
                            >
                                {t!(i18n, logins.log_out)}
                            </a>
                        </td>
                    }.into_any()
                })}
        </tr>
    }
}

/// The source of a login that nobody at the phone and no client of the EM API began.
fn exceptional_source(by: &By) -> Option<String> {
    use ActorKind::{Administrator, CommandLine, RemoteCluster};
    let is_exceptional = matches!(by.kind, Administrator | CommandLine | RemoteCluster);
    is_exceptional.then(|| format!("{} · {}", kind_name(by.kind), by.name))
}

/// Whether a click was on a link, a button or a box of a row.
fn is_control(event: &leptos::ev::MouseEvent) -> bool {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_none_or(|target| !matches!(target.closest("a[href], button, .select"), Ok(None)))
}

/// How long a login has lasted.
#[component]
fn Lasted(from_ms: i64, now_ms: RwSignal<i64>) -> impl IntoView {
    move || length((now_ms.get() - from_ms).max(0) / 60_000)
}
