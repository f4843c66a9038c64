//! Login History: every login that has ended.

use leptos::prelude::*;
use terms::{EndCause, LoginType, Named};

use super::{
    query::{Choice, FindForm, use_archive_query},
    retention::Retention,
};
use crate::{
    api::{ARCHIVE_ROWS, ArchiveQuery, EndedRow, History, read_history},
    components::{
        Chrome, Moment, Pager, PastTheEnd, PhoneLink, Place, UserLink, WhoLink, answered,
        cause_name, loaded, place_of, type_name,
    },
    text::{t, use_i18n},
};

const PATH: &str = "/login-history";

/// The page.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_archive_query();
    let page = answered(move || query.try_get().unwrap_or_default(), read_history);
    let choice = Choice {
        name: "cause",
        label: t!(i18n, history.why),
        chosen: |query| query.cause.map_or("", EndCause::name).to_owned(),
        options: EndCause::all()
            .map(|one| (one.name().to_owned(), cause_name(one).to_owned()))
            .collect(),
    };
    let csv = move || {
        query.with(|query| ArchiveQuery { page: 0, ..query.clone() }.url("/login-history.csv"))
    };
    let title = t!(i18n, nav.login_history);
    view! {
        <Chrome title related=&[Place::Logins, Place::Audit]>
            <section class="card">
                <FindForm path=PATH query choice hint=t!(i18n, history.find_hint)/>
                {loaded(page, |(page, query)| view! { <Rows page query/> }.into_any())}
            </section>
            <p class="foot">
                <a href=csv rel="external" download="login-history.csv">
                    {t!(i18n, history.csv)}
                </a>
            </p>
            <Retention days=|kept| kept.history/>
        </Chrome>
    }
}

#[component]
fn Rows(page: History, query: ArchiveQuery) -> impl IntoView {
    let i18n = use_i18n();
    let History { rows, matching } = page;
    let none = rows.is_empty();
    let number = query.page;
    let at = move |page: u32| ArchiveQuery { page, ..query.clone() }.url(PATH);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!(i18n, nav.login_history)>
            <table class="cards lines history">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, logins.user)}</th>
                        <th scope="col">{t!(i18n, logins.phone)}</th>
                        <th scope="col">{t!(i18n, logins.profile)}</th>
                        <th scope="col">{t!(i18n, history.from)}</th>
                        <th scope="col">{t!(i18n, history.until)}</th>
                        <th scope="col">{t!(i18n, history.why)}</th>
                        <th scope="col">{t!(i18n, history.by)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</tbody>
            </table>
        </div>
        {match (none, matching) {
            (false, _) => ().into_any(),
            (true, 0) => view! {
                <div class="empty">
                    <p>
                        <b>{t!(i18n, history.none_title)}</b>
                    </p>
                    <p>{t!(i18n, history.none_text)}</p>
                </div>
            }
            .into_any(),
            (true, _) => view! { <PastTheEnd first=at(0)/> }.into_any(),
        }}
        <Pager page=number rows=ARCHIVE_ROWS total=move || matching url=at/>
    }
}

#[component]
fn Row(row: EndedRow) -> impl IntoView {
    let i18n = use_i18n();
    let is_stay = row.login_type != LoginType::Em;
    view! {
        <tr>
            <td class="who">
                <b>
                    <UserLink name=row.user/>
                </b>
                " "
                {is_stay
                    .then(|| {
                        let class = format!("kind {}", row.login_type.name());
                        view! { <span class=class>{type_name(row.login_type)}</span> }
                    })}
            </td>
            <td class="dev">
                <PhoneLink name=row.phone login_type=row.login_type/>
                <small>{place_of(&row.description, &row.model)}</small>
            </td>
            <td data-label=t!(i18n, logins.profile)>{row.profile}</td>
            <td class="moment" data-label=t!(i18n, history.from)>
                <Moment ms=row.from_ms/>
            </td>
            <td class="moment" data-label=t!(i18n, history.until)>
                <Moment ms=row.ended_ms/>
            </td>
            <td class="why" data-label=t!(i18n, history.why)>
                {cause_name(row.cause)}
                {(!row.reason.is_empty()).then(|| view! { <small>"“" {row.reason} "”"</small> })}
            </td>
            <td class="source" data-label=t!(i18n, history.by)>
                <WhoLink by=row.by/>
            </td>
        </tr>
    }
}
