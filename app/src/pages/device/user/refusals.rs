//! The latest refusals of a user.

use leptos::prelude::*;
use terms::ErrorCode;

use super::super::query::{found, of_user};
use crate::{
    api::RefusalLine,
    components::{InTheWayOf, Moment, PhoneLink, code_advice, grouped, not_understood},
    text::{t, use_i18n},
};

/// The refusals, with what to do.
#[expect(clippy::needless_pass_by_value, reason = "a part of a page owns what it shows")]
#[component]
pub(super) fn RecentRefusals(name: String, refusals: Vec<RefusalLine>) -> impl IntoView {
    let i18n = use_i18n();
    // Requests name an id without its cluster.
    let id = name.rsplit_once(" (").map_or(name.as_str(), |(id, _)| id);
    let all = found("/refusals", &of_user(id));
    let none = refusals.is_empty();
    let row = move |line: RefusalLine| {
        let RefusalLine { last_ms, times, code, phone, why, held_by, .. } = line;
        let known = ErrorCode::from_number(code);
        let held = held_by.map(|by| view! { <InTheWayOf code by/> });
        view! {
            <tr>
                <td class="moment">
                    <Moment ms=last_ms/>
                    {(times > 1)
                        .then(|| view! { <small>{format!(" × {}", grouped(times))}</small> })}
                </td>
                <td class="dev">
                    <PhoneLink name=phone/>
                </td>
                <td data-label=t!(i18n, refusals.why)>
                    <b>{code}</b>
                    " "
                    {known.map_or("", ErrorCode::quick)}
                    " "
                    <small>{why.map(not_understood)} {held}</small>
                </td>
                <td data-label=t!(i18n, refusals.advice)>{known.map(code_advice)}</td>
            </tr>
        }
    };
    view! {
        <section class="card">
            <header>
                <h2 id="refusals-title">{t!(i18n, user.refusals)}</h2>
                <p>
                    <a href=all>{t!(i18n, user.all_refusals)}</a>
                </p>
            </header>
            {if none {
                view! { <p class="body soft">{t!(i18n, user.none_refused)}</p> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-labelledby="refusals-title">
                        <table class="cards refused" id="user-refusals">
                            <thead>
                                <tr>
                                    <th scope="col">{t!(i18n, audit.when)}</th>
                                    <th scope="col">{t!(i18n, logins.phone)}</th>
                                    <th scope="col">{t!(i18n, refusals.why)}</th>
                                    <th scope="col">{t!(i18n, refusals.advice)}</th>
                                </tr>
                            </thead>
                            <tbody>{refusals.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}
