//! The table of open logins.

use leptos::{prelude::*, task::spawn_local};

use super::{
    query::url,
    rows::{Rows, ShownRow},
};
use crate::{
    api::{LoginQuery, SortBy},
    components::{Moment, TimeLeft},
    text::{t, t_string, use_i18n},
};

/// How long an ended row stays, faded.
const FADE: std::time::Duration = std::time::Duration::from_millis(1500);

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
        <Show when=move || { count() > 0 }>
            <button class="new" on:click=show>
                {move || t_string!(i18n, logins.arrived, count = count())}
            </button>
        </Show>
    }
}

/// The logins of a page.
#[component]
pub(super) fn Table(rows: Rows, query: LoginQuery, now_ms: RwSignal<i64>) -> impl IntoView {
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
