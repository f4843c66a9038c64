//! The panel beside the list: one login, what its user did last, and what the trace says of its phone.

use leptos::{ev, prelude::*};
use terms::ErrorCode;

use super::{
    query::{found, of_user},
    rows::{Rows, ShownRow},
};
use crate::{
    api::{
        EndedRow, LogOutScope, LoginRow, RefusalLine, TraceQuery, UserPage, read_trace, read_user,
    },
    components::{
        Moment, PhoneLink, TimeLeft, UserLink, When, Who, cause_name, code_advice, focus,
        focus_if_lost, grouped, length, place_of, type_name,
    },
    part::{later, part},
    text::{t, use_i18n},
};

/// The most ended logins, and the most refusals, that the panel shows.
const SHOWN: usize = 5;
/// The most records of the trace.
const RECORDS: usize = 8;

/// The panel, while a row is open.
#[component]
pub(super) fn Beside(rows: Rows, now_ms: RwSignal<i64>) -> impl IntoView {
    move || match rows.opened.get() {
        Some(row) => later(panel(row, rows, now_ms)),
        None => ().into_any(),
    }
}

part! {
    fn panel(row: ShownRow, rows: Rows, now_ms: RwSignal<i64>), load_panel {
        opened(row, rows, now_ms)
    }
}

fn opened(row: ShownRow, rows: Rows, now_ms: RwSignal<i64>) -> AnyView {
    let i18n = use_i18n();
    let ShownRow { login, ended, .. } = row;
    let may_end = rows.may_end.get_untracked();
    let close = {
        let id = login.id.clone();
        move || {
            rows.opened.set(None);
            focus_row(&id);
        }
    };
    Effect::new({
        let close = close.clone();
        move |_| {
            let close = close.clone();
            let listening = window_event_listener(ev::keydown, move |event| {
                if event.key() == "Escape" && !event.is_composing() && !is_anothers(&event) {
                    close();
                }
            });
            on_cleanup(move || listening.remove());
        }
    });
    request_animation_frame(|| focus("beside-title"));
    let user = LocalResource::new({
        let user = login.user.clone();
        move || read_user(user.clone())
    });
    let happened = move || {
        Suspend::new(async move {
            match user.await {
                Ok(Some(user)) => view! { <Happened user/> }.into_any(),
                _ => ().into_any(),
            }
        })
    };
    let end = {
        let (id, ended) = (login.id.clone(), ended.clone());
        move |_| {
            if !ended.get_untracked() {
                rows.wanted.set(Some(LogOutScope::Selected(vec![id.clone()])));
            }
        }
    };
    let has_ended = {
        let ended = ended.clone();
        move || ended.get()
    };
    view! {
        <aside class="card beside" aria-labelledby="beside-title">
            <header>
                <h2 id="beside-title" tabindex="-1">
                    <UserLink name=login.user.clone()/>
                </h2>
                <button
                    class="link"
                    type="button"
                    aria-label=t!(i18n, beside.close)
                    on:click=move |_| close()
                >
                    "✕"
                </button>
            </header>
            <When is=has_ended.clone()>
                <p class="status bad" role="status">{t!(i18n, logins.ended)}</p>
            </When>
            <Facts login=(*login).clone() now_ms/>
            {may_end
                .then(|| {
                    view! {
                        <p class="actions body">
                            <button
                                class="button danger"
                                type="button"
                                aria-disabled=move || has_ended().then_some("true")
                                on:click=end
                            >
                                {t!(i18n, log_out.user, user = login.user.clone())}
                            </button>
                        </p>
                    }
                })}
            <Transition>{happened}</Transition>
            <Traced phone=login.phone.clone()/>
        </aside>
    }
    .into_any()
}

/// Gives the focus back to the row of a login.
fn focus_row(id: &str) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
    // An identity is a UUID, which needs no escape.
    let row = document().query_selector(&format!("[data-login=\"{id}\"]")).ok().flatten();
    if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        row.set_tab_index(-1);
        let _ = row.focus();
    }
    // The row may be gone.
    request_animation_frame(|| focus_if_lost("content"));
}

/// Whether the key Escape is meant for a field, or for what is open over the page.
fn is_anothers(event: &ev::KeyboardEvent) -> bool {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};
    const OVER: &str = "dialog[open], [popover]:not(#whole):popover-open";
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_field =
        target.is_some_and(|target| !matches!(target.closest("input, select, textarea"), Ok(None)));
    is_field || document().query_selector(OVER).ok().flatten().is_some()
}

#[component]
fn Facts(login: LoginRow, now_ms: RwSignal<i64>) -> impl IntoView {
    let i18n = use_i18n();
    let LoginRow { phone, model, description, profile, login_type, from_ms, until_ms, by, .. } =
        login;
    view! {
        <dl class="facts">
            <dt>{t!(i18n, logins.phone)}</dt>
            <dd class="dev">
                <PhoneLink name=phone login_type/>
                <small>{place_of(&description, &model)}</small>
            </dd>
            <dt>{t!(i18n, logins.login_type)}</dt>
            <dd>{type_name(login_type)}</dd>
            <dt>{t!(i18n, logins.profile)}</dt>
            <dd>{profile}</dd>
            <dt>{t!(i18n, logins.since)}</dt>
            <dd>
                <Moment ms=from_ms/>
                <small>
                    " "
                    {move || length((now_ms.get() - from_ms).max(0) / 60_000)}
                </small>
            </dd>
            <dt>{t!(i18n, logins.left)}</dt>
            <dd>
                <TimeLeft until_ms now_ms=move || now_ms.get()/>
            </dd>
            <dt>{t!(i18n, logins.source)}</dt>
            <dd>
                <Who by/>
            </dd>
        </dl>
    }
}

/// The latest ended logins and refusals of the user.
#[component]
fn Happened(user: UserPage) -> impl IntoView {
    let i18n = use_i18n();
    let UserPage { name, recent, refusals, .. } = user;
    let id = name.rsplit_once(" (").map_or(name.as_str(), |(id, _)| id);
    let history = found("/login-history", &of_user(&name));
    let refused = found("/refusals", &of_user(id));
    let ended = |row: EndedRow| {
        view! {
            <li>
                <PhoneLink name=row.phone login_type=row.login_type/>
                " "
                <small>
                    <Moment ms=row.ended_ms/>
                    " · "
                    {cause_name(row.cause)}
                </small>
            </li>
        }
    };
    let refusal = |line: RefusalLine| {
        let RefusalLine { last_ms, times, code, phone, .. } = line;
        let known = ErrorCode::from_number(code);
        view! {
            <li>
                <PhoneLink name=phone/>
                " "
                <small>
                    <Moment ms=last_ms/>
                    {(times > 1).then(|| format!(" × {}", grouped(times)))}
                </small>
                <div>
                    <b>{code}</b>
                    " "
                    {known.map_or("", ErrorCode::quick)}
                </div>
                <small>{known.map(code_advice)}</small>
            </li>
        }
    };
    view! {
        <Part title=t!(i18n, phone.recent) all=history none=recent.is_empty()>
            {recent.into_iter().take(SHOWN).map(ended).collect_view()}
        </Part>
        <Part title=t!(i18n, user.refusals) all=refused none=refusals.is_empty()>
            {refusals.into_iter().take(SHOWN).map(refusal).collect_view()}
        </Part>
    }
}

/// The last records of the trace that name the phone.
#[component]
fn Traced(phone: String) -> impl IntoView {
    let i18n = use_i18n();
    // The trace names a phone of another cluster without the cluster.
    let name = phone.rsplit_once(" (").map_or(phone.as_str(), |(name, _)| name);
    let query = TraceQuery { find: name.to_owned(), ..TraceQuery::default() };
    let all = query.url("/trace");
    let records = LocalResource::new(move || read_trace(query.clone()));
    view! {
        <Transition>
            {move || {
                let all = all.clone();
                Suspend::new(async move {
                    let Ok(mut end) = records.await else { return ().into_any() };
                    let last = end.records.split_off(end.records.len().saturating_sub(RECORDS));
                    let none = last.is_empty();
                    let record = |record: crate::api::TraceRecord| {
                        view! {
                            <li>
                                <small>{record.time.get(11..).unwrap_or_default().to_owned()}</small>
                                " "
                                <code>{record.message}</code>
                            </li>
                        }
                    };
                    view! {
                        <Part title=t!(i18n, nav.trace) all none>
                            {last.into_iter().map(record).collect_view()}
                        </Part>
                    }
                    .into_any()
                })
            }}
        </Transition>
    }
}

/// A list with a heading, and a link to the whole of it.
#[component]
fn Part(title: &'static str, all: String, none: bool, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section>
            <h3>
                {title}
                " "
                <a href=all>{t!(i18n, phone.all)}</a>
            </h3>
            {if none {
                view! { <p class="soft">{t!(i18n, beside.none)}</p> }.into_any()
            } else {
                view! { <ul class="plain">{children()}</ul> }.into_any()
            }}
        </section>
    }
}
