//! The growing trace: filtered by request, phone or user, and level.

use leptos::{html, prelude::*, task::spawn_local, web_sys::HtmlInputElement};
use leptos_use_interval_fn::use_interval_fn;
use terms::{Named, TraceLevel, TraceLog};

use super::record::Record;
use crate::{
    address::use_query,
    api::{Refused, TraceEnd, TraceQuery, read_trace, read_trace_anew},
    components::{
        Chrome, ClearFind, FindBox, Finding, Place, Problem, Styled, When, answered, loaded,
    },
    text::{t, use_i18n},
};

/// The interval at which an open page reads new records.
const FOLLOW_MS: u64 = 2_000;
/// The distance from the end at which the list still follows, in pixels.
const NEARLY_PX: i32 = 40;
const PATH: &str = "/trace";

/// The page.
#[component]
pub fn TracePage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let query = Memo::new(move |_| query.with(|query| TraceQuery::read(|name| query.get(name))));
    let page = answered(move || query.try_get().unwrap_or_default(), read_trace);
    let following = RwSignal::new(false);
    Effect::new(move |_| following.set(true));
    let title = t!(i18n, nav.trace);
    view! {
        <Chrome title related=&[Place::Logins, Place::Parameters]>
            <Styled name="trace-page">
                <section class="card">
                    <Filters query/>
                    {loaded(
                        page,
                        move |(end, query)| view! { <Trace query end following/> }.into_any(),
                    )}
                </section>
            </Styled>
        </Chrome>
    }
}

#[component]
fn Trace(query: TraceQuery, end: TraceEnd, following: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(end.records);
    let grown = StoredValue::new(end.grown);
    let since = RwSignal::new(end.since);
    let list = NodeRef::<html::Div>::new();
    let asked = StoredValue::new(query.clone());
    let refused = RwSignal::new(None::<Refused>);
    let is_asking = StoredValue::new(false);
    // New records come at the end. The list follows the records for a reader at the end, and stays for a reader
    // further up.
    let is_at_the_end = move || {
        list.try_get_untracked().flatten().is_some_and(|list| {
            list.scroll_top() + list.client_height() + NEARLY_PX >= list.scroll_height()
        })
    };
    let to_the_end = move || {
        if let Some(list) = list.try_get_untracked().flatten() {
            list.set_scroll_top(list.scroll_height());
        }
    };
    use_interval_fn(
        move || {
            // One request at a time: a slow server gets the next request only after its answer.
            let is_free = is_asking.try_get_value() == Some(false);
            if !is_free || following.try_get_untracked() != Some(true) {
                return;
            }
            is_asking.set_value(true);
            spawn_local(async move {
                let (Some(query), Some(seen)) = (asked.try_get_value(), grown.try_get_value())
                else {
                    return;
                };
                let end = read_trace_anew(query, seen).await;
                if is_asking.try_set_value(false).is_some() {
                    return;
                }
                let end = match end {
                    Ok(end) => end,
                    Err(error) => {
                        let _ = refused.try_set(Some(error));
                        return;
                    }
                };
                if refused.try_get_untracked().flatten().is_some() {
                    let _ = refused.try_set(None);
                }
                let Some(TraceEnd { grown: now, records, since: first }) = end else { return };
                let _ = grown.try_set_value(now);
                let _ = since.try_set(first);
                if shown.try_with_untracked(|shown| *shown != records) == Some(true) {
                    let was_at_the_end = is_at_the_end();
                    let _ = shown.try_set(records);
                    if was_at_the_end {
                        request_animation_frame(to_the_end);
                    }
                }
            });
        },
        FOLLOW_MS,
    );
    Effect::new(move |_| {
        request_animation_frame(to_the_end);
    });
    let follow = move |_| {
        following.update(|following| *following = !*following);
        if following.get_untracked() {
            to_the_end();
        }
    };
    let empty = move || shown.with(Vec::is_empty);
    let file = format!("{}.log", query.log.name());
    let download = format!("/trace/{file}");
    view! {
        <div class="filters">
                <button
                    class="button needs-script"
                    type="button"
                    aria-pressed=move || if following.get() { "true" } else { "false" }
                    on:click=follow
                >
                    {t!(i18n, trace.follow)}
                </button>
                // External, because the router would look for a page with this address.
                <a class="button" href=download rel="external" download=file>
                    {t!(i18n, trace.download)}
                </a>
            </div>
            {move || refused.get().map(|refused| view! { <Problem refused/> })}
            <p class="soft looked-through">
                {move || since.get().map(|time| t!(i18n, trace.since, time = time))}
            </p>
            <When is=empty>
                <p class="empty">{t!(i18n, trace.nothing)}</p>
            </When>
            <div
                class="trace"
                node_ref=list
                tabindex="0"
                role="region"
                aria-label=t!(i18n, nav.trace)
            >
                <ol>
                    {move || {
                        let records = shown.get().into_iter();
                        records.map(|record| view! { <Record record/> }).collect_view()
                    }}
                </ol>
            </div>
    }
}

/// The filters.
/// As on history and audit, the form is outside the part that is read anew.
#[component]
fn Filters(query: Memo<TraceQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let finding =
        Finding::new(RwSignal::new(String::new()), |fields| TraceQuery::read(fields).url(PATH));
    let find = query.with_untracked(|query| query.find.clone());
    let request = Memo::new(move |_| {
        query.with(|query| query.request.map(|number| number.to_string()).unwrap_or_default())
    });
    let level = Memo::new(move |_| query.with(|query| query.level.map_or("", TraceLevel::name)));
    let log = Memo::new(move |_| query.with(|query| query.log.name()));
    let log_option = move |(one, name): (TraceLog, &'static str)| {
        view! {
            <option value=one.name() selected=move || log.get() == one.name()>
                {name}
            </option>
        }
    };
    let logs = [
        (TraceLog::Service, t!(i18n, trace.service)),
        (TraceLog::Application, t!(i18n, trace.application)),
    ];
    let option = move |one: TraceLevel| {
        view! {
            <option value=one.name() selected=move || level.get() == one.name()>
                {one.name()}
            </option>
        }
    };
    let narrows = move || query.with(TraceQuery::narrows);
    let whole = move || {
        let log = query.with_untracked(|query| query.log);
        TraceQuery { log, ..TraceQuery::default() }.url(PATH)
    };
    view! {
        <search class="filters">
            <form
                method="get"
                action=PATH
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:submit=move |event| finding.submit(&event)
            >
                <label class="inline">
                    {t!(i18n, trace.log)} <select name="log" prop:value=move || log.get()>
                        {logs.map(log_option).collect_view()}
                    </select>
                </label>
                <FindBox finding find hint=t!(i18n, trace.find_hint)/>
                <label class="inline">
                    {t!(i18n, trace.request)}
                    <input
                        name="request"
                        inputmode="numeric"
                        pattern="[0-9]*"
                        size="7"
                        maxlength="18"
                        on:input=move |event| digits_alone(&event)
                        value=request.get_untracked()
                        prop:value=move || request.get()
                    />
                </label>
                <label class="inline">
                    {t!(i18n, trace.level)} <select name="level" prop:value=move || level.get()>
                        <option value="">{t!(i18n, logins.all)}</option>
                        {TraceLevel::all().map(option).collect_view()}
                    </select>
                </label>
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            <When is=narrows>
                <ClearFind finding to=whole()/>
            </When>
        </search>
    }
}

/// Removes all characters but digits from a field, so that the field shows exactly the searched number.
fn digits_alone(event: &leptos::ev::Event) {
    let field: HtmlInputElement = event_target(event);
    let typed = field.value();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits != typed {
        field.set_value(&digits);
    }
}
