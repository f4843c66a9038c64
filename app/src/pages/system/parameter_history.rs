//! Parameter History: who changed each parameter, from which value, and when; and the return of a value.

use leptos::prelude::*;

use super::returned::Said;
use crate::{
    address::use_query,
    api::{
        PAGE_ROWS, ParameterChangeRow, ParameterHistory, ReturnParameter, read_parameter_history,
    },
    components::{
        Chrome, Moment, Pager, Place, Problem, ShownToField, Who, answered, focus, loaded,
    },
    release::parameter_name,
    text::{t, use_i18n},
};

/// The page.
#[component]
pub(super) fn ParameterHistoryPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let number = Memo::new(move |_| {
        let page = query.with(|query| query.get("page").and_then(|page| page.parse::<u32>().ok()));
        page.unwrap_or(1).saturating_sub(1)
    });
    let action = ServerAction::<ReturnParameter>::new();
    let page = answered(
        move || (number.try_get().unwrap_or(0), action.version().try_get().unwrap_or(0)),
        |(page, _)| read_parameter_history(page),
    );
    let title = t!(i18n, nav.parameter_history);
    view! {
        <Chrome title related=&[Place::Parameters, Place::Modified, Place::Audit]>
            {loaded(
                page,
                move |(page, (number, _))| view! { <Changes page number action/> }.into_any(),
            )}
        </Chrome>
    }
}

#[component]
fn Changes(
    page: ParameterHistory,
    number: u32,
    action: ServerAction<ReturnParameter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ParameterHistory { rows, total, may_change, answered } = page;
    let none = rows.is_empty();
    let said = move || match action.value().get() {
        Some(Err(refused)) => view! { <Problem refused/> }.into_any(),
        Some(Ok(returned)) => view! { <Said returned action/> }.into_any(),
        None => answered.clone().map(|returned| view! { <Said returned action/> }).into_any(),
    };
    // The focus moves to each answer: the pressed button may be far below it, and is made anew.
    Effect::new(move |_| {
        if action.version().get_untracked() > 0 {
            focus("status");
        }
    });
    let at = |page: u32| match page {
        0 => Place::ParameterHistory.path().to_owned(),
        page => format!("{}?page={}", Place::ParameterHistory.path(), page + 1),
    };
    view! {
        {said}
        <section class="card">
            <div
                class="scroll"
                tabindex="0"
                role="region"
                aria-label=t!(i18n, nav.parameter_history)
            >
                <table class="cards">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, audit.when)}</th>
                            <th scope="col">{t!(i18n, parameters.name)}</th>
                            <th scope="col">{t!(i18n, parameters.from)}</th>
                            <th scope="col">{t!(i18n, parameters.to)}</th>
                            <th scope="col">{t!(i18n, audit.by)}</th>
                            <th scope="col">{t!(i18n, parameter_rows.note)}</th>
                            <th scope="col">
                                <span class="unseen">{t!(i18n, logins.actions)}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows
                            .into_iter()
                            .map(|row| view! { <Change row may_change action/> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            {none.then(|| view! { <p class="empty">{t!(i18n, parameters.never_changed)}</p> })}
            <Pager page=number rows=PAGE_ROWS total=move || total url=at/>
        </section>
    }
}

#[component]
fn Change(
    row: ParameterChangeRow,
    may_change: bool,
    action: ServerAction<ReturnParameter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ParameterChangeRow { number, parameter, from, to, current, last } = row;
    let back = may_change && current != from;
    let value = from.clone();
    view! {
        <tr>
            <td class="moment">
                <Moment ms=last.at_ms/>
            </td>
            <td>{parameter_name(parameter)}</td>
            <td data-label=t!(i18n, parameters.from)>{from}</td>
            <td data-label=t!(i18n, parameters.to)>{to}</td>
            <td class="source" data-label=t!(i18n, audit.by)>
                <Who by=last.by/>
            </td>
            <td class="note" data-label=t!(i18n, parameter_rows.note)>
                {last.note}
            </td>
            <td class="action">
                {back
                    .then(|| {
                        view! {
                            <ActionForm action>
                                <ShownToField/>
                                <input type="hidden" name="number" value=number.to_string()/>
                                <input type="hidden" name="seen" value=current/>
                                <button class="button quiet">
                                    {move || {
                                        t!(i18n, parameters.back_to, value = value.clone())
                                    }}
                                </button>
                            </ActionForm>
                        }
                    })}
            </td>
        </tr>
    }
}
