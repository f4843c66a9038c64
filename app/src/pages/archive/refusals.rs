//! Refusals: the requests that were refused, why, and what to do.

use leptos::prelude::*;
use terms::ErrorCode;

use super::{
    query::{Choice, FindForm, use_archive_query},
    retention::Retention,
};
use crate::{
    address::address,
    api::{ARCHIVE_ROWS, ArchiveQuery, RefusalLine, Refusals, read_refusals},
    components::{
        Chrome, InTheWayOf, Moment, Pager, PastTheEnd, PhoneLink, Place, UserLink, WhoLink,
        answered, code_advice, grouped, loaded, not_understood,
    },
    text::{t, use_i18n},
};

const PATH: &str = "/refusals";
const DAY_HOURS: u32 = 24;

/// The page.
#[component]
pub fn RefusalsPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_archive_query();
    let page = answered(move || query.try_get().unwrap_or_default(), read_refusals);
    let option = |code: &ErrorCode| {
        let (number, quick) = (code.number(), code.quick());
        (number.to_string(), format!("{number} · {quick}"))
    };
    let choice = Choice {
        name: "code",
        label: t!(i18n, refusals.error),
        chosen: |query| query.code.map(|code| code.to_string()).unwrap_or_default(),
        options: ErrorCode::ALL.iter().map(option).collect(),
    };
    let csv =
        move || query.with(|query| ArchiveQuery { page: 0, ..query.clone() }.url("/refusals.csv"));
    let title = t!(i18n, refusals.title);
    view! {
        <Chrome title related=&[Place::Logins, Place::History, Place::Trace]>
            <section class="card">
                <FindForm path=PATH query choice hint=t!(i18n, refusals.find_hint)/>
                <Hours query/>
                {loaded(page, |(page, query)| view! { <Lines page query/> }.into_any())}
            </section>
            <p class="foot">
                <a href=csv rel="external" download="refusals.csv">
                    {t!(i18n, history.csv)}
                </a>
            </p>
            <Retention days=|kept| kept.refusals/>
        </Chrome>
    }
}

/// Links to the last hours.
#[component]
fn Hours(query: Memo<ArchiveQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let link = move |hours: Option<u32>, text: &'static str| {
        let to =
            move || query.with(|query| ArchiveQuery { hours, page: 0, ..query.clone() }.url(PATH));
        let current = move || (query.with(|query| query.hours) == hours).then_some("true");
        view! {
            <a class="chip" href=to aria-current=current>
                {text}
            </a>
        }
    };
    view! {
        <div class="filters chips" role="group" aria-label=t!(i18n, refusals.time)>
            {link(None, t!(i18n, refusals.all_time))}
            {link(Some(1), t!(i18n, refusals.hour))}
            {link(Some(DAY_HOURS), t!(i18n, refusals.day))}
            {link(Some(7 * DAY_HOURS), t!(i18n, refusals.week))}
        </div>
    }
}

#[component]
fn Lines(page: Refusals, query: ArchiveQuery) -> impl IntoView {
    let i18n = use_i18n();
    let Refusals { rows, matching } = page;
    let none = rows.is_empty();
    let number = query.page;
    let at = move |page: u32| ArchiveQuery { page, ..query.clone() }.url(PATH);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!(i18n, refusals.title)>
            <table class="cards lines refusals">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, audit.when)}</th>
                        <th scope="col">{t!(i18n, logins.user)}</th>
                        <th scope="col">{t!(i18n, logins.phone)}</th>
                        <th scope="col">{t!(i18n, refusals.why)}</th>
                        <th scope="col">{t!(i18n, refusals.advice)}</th>
                        <th scope="col">{t!(i18n, refusals.from)}</th>
                        <th scope="col">
                            <span class="unseen">{t!(i18n, nav.trace)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|line| view! { <Line line/> }).collect_view()}</tbody>
            </table>
        </div>
        {match (none, matching) {
            (false, _) => ().into_any(),
            (true, 0) => view! {
                <div class="empty">
                    <p>
                        <b>{t!(i18n, refusals.none)}</b>
                    </p>
                    <p>{t!(i18n, refusals.none_text)}</p>
                </div>
            }
            .into_any(),
            (true, _) => view! { <PastTheEnd first=at(0)/> }.into_any(),
        }}
        <Pager page=number rows=ARCHIVE_ROWS total=move || matching url=at/>
    }
}

#[component]
fn Line(line: RefusalLine) -> impl IntoView {
    let i18n = use_i18n();
    let RefusalLine { last_ms, times, code, user, phone, by, why, held_by } = line;
    let known = ErrorCode::from_number(code);
    let held = held_by.map(|by| view! { <InTheWayOf code by/> });
    let found = |path: &str, find: &str| {
        (!find.is_empty()).then(|| address(path, &[("find", find.to_owned())]))
    };
    // The trace of the request names its phone, or else its user.
    let trace = found("/trace", if phone.is_empty() { &user } else { &phone });
    let label = t!(i18n, refusals.trace_of, name = if phone.is_empty() { &user } else { &phone });
    view! {
        <tr>
            <td class="moment">
                <Moment ms=last_ms/>
                {(times > 1).then(|| view! { <small>{format!("× {}", grouped(times))}</small> })}
            </td>
            <td class="who" data-label=t!(i18n, logins.user)>
                <UserLink name=user/>
            </td>
            <td class="dev">
                <PhoneLink name=phone/>
            </td>
            <td class="why" data-label=t!(i18n, refusals.why)>
                <b>{code}</b>
                " "
                {known.map_or("", ErrorCode::quick)}
                <small>{why.map(not_understood)} {held}</small>
            </td>
            <td data-label=t!(i18n, refusals.advice)>{known.map(code_advice)}</td>
            <td class="source" data-label=t!(i18n, refusals.from)>
                <WhoLink by/>
            </td>
            <td class="action">
                {trace.map(|trace| {
                    view! {
                        <a href=trace aria-label=label>
                            {t!(i18n, nav.trace)}
                        </a>
                    }
                })}
            </td>
        </tr>
    }
}
