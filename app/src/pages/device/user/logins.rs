//! Where a user is logged in, and the logins that ended last.

use leptos::prelude::*;
use terms::{LoginType, Named};

use super::super::query::{found, of_user};
use crate::{
    api::{EndedRow, LoginRow},
    components::{Moment, PhoneLink, TimeLeft, UserLink, WhoLink, cause_name, grouped, type_name},
    text::{t, use_i18n},
};

/// The name of a login's user, if it is not the name of the page.
/// The page of an id that this cluster does not have shows the users of other clusters who have the id.
fn other_name(page: &str, user: String) -> Option<AnyView> {
    (terms::key(page) != terms::key(&user)).then(|| {
        view! {
            " "
            <small>
                <UserLink name=user/>
            </small>
        }
        .into_any()
    })
}

/// The open logins.
#[component]
pub(super) fn Now(
    name: String,
    logins: Vec<LoginRow>,
    /// The number of all open logins.
    open: u64,
    now_ms: RwSignal<i64>,
    may_end: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = found("/", &of_user(&name));
    let more = open > logins.len() as u64;
    if logins.is_empty() {
        return view! {
            <section class="card" aria-labelledby="now-title">
                <header>
                    <h2 id="now-title">{t!(i18n, phone.who)}</h2>
                </header>
                <p class="body soft">{t!(i18n, user.nowhere)}</p>
            </section>
        }
        .into_any();
    }
    let row = move |login: LoginRow| {
        let end = format!("{} {}", t!(i18n, logins.log_out), login.phone);
        view! {
            <tr>
                <td class="dev">
                    <PhoneLink name=login.phone login_type=login.login_type/>
                    {other_name(&name, login.user)}
                </td>
                <td data-label=t!(i18n, logins.login_type)>
                    <Kind login_type=login.login_type/>
                </td>
                <td data-label=t!(i18n, logins.profile)>{login.profile}</td>
                <td class="moment" data-label=t!(i18n, logins.since)>
                    <Moment ms=login.from_ms/>
                </td>
                <td class="moment" data-label=t!(i18n, logins.left)>
                    <TimeLeft until_ms=login.until_ms now_ms=move || now_ms.get()/>
                </td>
                {may_end
                    .then(|| {
                        view! {
                            <td class="action">
                                <a
                                    class="button quiet"
                                    href=format!("/log-out?id={}", login.id)
                                    aria-label=end
                                >
                                    {t!(i18n, user.log_out)}
                                </a>
                            </td>
                        }
                    })}
            </tr>
        }
    };
    view! {
        <section class="card">
            <header>
                <h2 id="now-title">{t!(i18n, phone.who)}</h2>
                {more
                    .then(|| {
                        view! {
                            <p>
                                <a href=all>{t!(i18n, user.all_open, count = grouped(open))}</a>
                            </p>
                        }
                    })}
            </header>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="now-title">
                <table class="cards" id="user-logins">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, logins.phone)}</th>
                            <th scope="col">{t!(i18n, logins.login_type)}</th>
                            <th scope="col">{t!(i18n, logins.profile)}</th>
                            <th scope="col">{t!(i18n, logins.since)}</th>
                            <th scope="col">{t!(i18n, logins.left)}</th>
                            {may_end
                                .then(|| {
                                    view! {
                                        <th scope="col">
                                            <span class="unseen">{t!(i18n, logins.actions)}</span>
                                        </th>
                                    }
                                })}
                        </tr>
                    </thead>
                    <tbody>{logins.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Kind(login_type: LoginType) -> impl IntoView {
    view! { <span class=format!("kind {}", login_type.name())>{type_name(login_type)}</span> }
}

/// The logins that ended last.
#[component]
pub(super) fn Recent(name: String, recent: Vec<EndedRow>) -> impl IntoView {
    let i18n = use_i18n();
    let history = found("/login-history", &of_user(&name));
    let none = recent.is_empty();
    let row = move |row: EndedRow| {
        view! {
            <tr>
                <td class="dev">
                    <PhoneLink name=row.phone login_type=row.login_type/>
                    {other_name(&name, row.user)}
                </td>
                <td data-label=t!(i18n, history.from)>
                    <Moment ms=row.from_ms/>
                </td>
                <td data-label=t!(i18n, history.until)>
                    <Moment ms=row.ended_ms/>
                </td>
                <td data-label=t!(i18n, history.why)>
                    {cause_name(row.cause)}
                    {(!row.reason.is_empty())
                        .then(|| view! { <small>" “" {row.reason} "”"</small> })}
                </td>
                <td class="source" data-label=t!(i18n, history.by)>
                    <WhoLink by=row.by/>
                </td>
            </tr>
        }
    };
    view! {
        <section class="card">
            <header>
                <h2 id="recent-title">{t!(i18n, phone.recent)}</h2>
                <p>
                    <a href=history>{t!(i18n, phone.all)}</a>
                </p>
            </header>
            {if none {
                view! { <p class="body soft">{t!(i18n, user.none_recent)}</p> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-labelledby="recent-title">
                        <table class="cards" id="user-recent">
                            <thead>
                                <tr>
                                    <th scope="col">{t!(i18n, logins.phone)}</th>
                                    <th scope="col">{t!(i18n, history.from)}</th>
                                    <th scope="col">{t!(i18n, history.until)}</th>
                                    <th scope="col">{t!(i18n, history.why)}</th>
                                    <th scope="col">{t!(i18n, history.by)}</th>
                                </tr>
                            </thead>
                            <tbody>{recent.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}
