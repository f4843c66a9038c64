//! Audit: who changed or ended what, when, from where.

use leptos::prelude::*;
use terms::{ActorKind, Named};

use super::{
    locks::Locks,
    query::{Choice, FindForm, use_archive_query},
    retention::Retention,
    subject::Subject,
    unanswered::Unanswered,
};
use crate::{
    api::{ARCHIVE_ROWS, ArchiveQuery, Audit, AuditLine, read_audit},
    components::{Chrome, Moment, Pager, PastTheEnd, Place, WhoLink, answered, kind_name, loaded},
    text::{t, use_i18n},
};

const PATH: &str = "/audit";

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_archive_query();
    let page = answered(move || query.try_get().unwrap_or_default(), read_audit);
    let choice = Choice {
        name: "by",
        label: t!(i18n, audit.by),
        chosen: |query| query.by.map_or("", ActorKind::name).to_owned(),
        options: ActorKind::all()
            .map(|one| (one.name().to_owned(), kind_name(one).to_owned()))
            .collect(),
    };
    let csv =
        move || query.with(|query| ArchiveQuery { page: 0, ..query.clone() }.url("/audit.csv"));
    let title = t!(i18n, nav.audit);
    view! {
        <Chrome title related=&[Place::Logins, Place::History, Place::ParameterHistory]>
            <Locks/>
            <Unanswered/>
            <section class="card">
                <FindForm path=PATH query choice hint=t!(i18n, history.find_hint)/>
                {loaded(page, |(page, query)| view! { <Lines page query/> }.into_any())}
            </section>
            <p class="foot">
                <a href=csv rel="external" download="audit.csv">
                    {t!(i18n, history.csv)}
                </a>
            </p>
            <Retention days=|kept| kept.audit/>
        </Chrome>
    }
}

#[component]
fn Lines(page: Audit, query: ArchiveQuery) -> impl IntoView {
    let i18n = use_i18n();
    let Audit { rows, matching } = page;
    let none = rows.is_empty();
    let number = query.page;
    let at = move |page: u32| ArchiveQuery { page, ..query.clone() }.url(PATH);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!(i18n, nav.audit)>
            <table class="cards lines audit">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, audit.when)}</th>
                        <th scope="col">{t!(i18n, audit.by)}</th>
                        <th scope="col">{t!(i18n, audit.action)}</th>
                        <th scope="col">{t!(i18n, audit.subject)}</th>
                        <th scope="col">{t!(i18n, audit.detail)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.into_iter().map(|line| view! { <Line line/> }).collect_view()}
                </tbody>
            </table>
        </div>
        {match (none, matching) {
            (false, _) => ().into_any(),
            (true, 0) => view! {
                <div class="empty">
                    <p>
                        <b>{t!(i18n, audit.none)}</b>
                    </p>
                </div>
            }
            .into_any(),
            (true, _) => view! { <PastTheEnd first=at(0)/> }.into_any(),
        }}
        <Pager page=number rows=ARCHIVE_ROWS total=move || matching url=at/>
    }
}

/// The words for an action; `None` for an action that is shown as stored.
fn action_name(action: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    Some(match action {
        "log_in" => t!(i18n, audit.log_in),
        "log_out" => t!(i18n, audit.log_out),
        "configure" => t!(i18n, audit.configure),
        "begin_log_outs" => t!(i18n, audit.begin_log_outs),
        "finish_log_outs" => t!(i18n, audit.finish_log_outs),
        "cancel_log_outs" => t!(i18n, audit.cancel_log_outs),
        "lock_pin" => t!(i18n, audit.lock_pin),
        "lock_password" => t!(i18n, audit.lock_password),
        "unlock" => t!(i18n, audit.unlock),
        "use_phone" => t!(i18n, audit.use_phone),
        "announce_emcc_key" => t!(i18n, audit.announce_emcc_key),
        "use_emcc_key" => t!(i18n, audit.use_emcc_key),
        "announced_certificate" => t!(i18n, audit.announced_certificate),
        "uses_certificate" => t!(i18n, audit.uses_certificate),
        "test_remote_cluster" => t!(i18n, audit.test_remote_cluster),
        "ask_remote_cluster" => t!(i18n, audit.ask_remote_cluster),
        "sign_in" => t!(i18n, audit.sign_in),
        "sign_in_refused" => t!(i18n, audit.sign_in_refused),
        "change_pin" => t!(i18n, audit.change_pin),
        "right_refused" => t!(i18n, audit.right_refused),
        "sign_out" => t!(i18n, audit.sign_out),
        "sign_out_everywhere" => t!(i18n, audit.sign_out_everywhere),
        "add_administrator" => t!(i18n, audit.add_administrator),
        "change_administrator" => t!(i18n, audit.change_administrator),
        "remove_administrator" => t!(i18n, audit.remove_administrator),
        _ => return None,
    })
}

#[component]
fn Line(line: AuditLine) -> impl IntoView {
    let i18n = use_i18n();
    let AuditLine { at_ms, by, action, subject, detail } = line;
    // On a card, a missing value has no label.
    let of_subject = (!subject.is_empty()).then(|| t!(i18n, audit.subject));
    let of_detail = (!detail.is_empty()).then(|| t!(i18n, audit.detail));
    view! {
        <tr>
            <td class="moment">
                <Moment ms=at_ms/>
            </td>
            <td class="source" data-label=t!(i18n, audit.by)>
                <WhoLink by/>
            </td>
            <td data-label=t!(i18n, audit.action)>
                {action_name(&action).map_or_else(|| action.clone(), ToOwned::to_owned)}
            </td>
            <td data-label=of_subject>
                <Subject action subject detail=detail.clone()/>
            </td>
            <td data-label=of_detail>{detail}</td>
        </tr>
    }
}
