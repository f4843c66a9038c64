//! The event feed: logins, refusals, log-outs.

use leptos::prelude::*;
use terms::{EndCause, LoginType};

use super::{feed_filter::FeedFilter, query::found, rows::Rows};
use crate::{
    api::{Change, Happened, LoginRow},
    components::{Moment, When, cause_name, grouped},
    text::{t, use_i18n},
};

/// The last events, the latest first.
#[component]
pub(super) fn Feed(rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let only = rows.only;
    let shown = move || {
        let mut feed = rows.feed.get();
        feed.retain(|one| only.get().shows(&one.change));
        feed
    };
    let chip = move |one: FeedFilter| {
        let pressed = move || if only.get() == one { "true" } else { "false" };
        view! {
            <button class="chip" type="button" aria-pressed=pressed on:click=move |_| only.set(one)>
                {one.name()}
            </button>
        }
        .into_any()
    };
    view! {
        <section class="card events" aria-label=t!(i18n, feed.title)>
            <header>
                <h2>{t!(i18n, feed.title)}</h2>
                <div class="chips" role="group" aria-label=t!(i18n, feed.show)>
                    {FeedFilter::ALL.map(chip).collect_view()}
                </div>
                <button
                    class="link needs-script"
                    type="button"
                    data-switch-off="events"
                    aria-label=t!(i18n, view.hide_events)
                >
                    "✕"
                </button>
            </header>
            <ul class="feed">
                <For each=shown key=|one| one.number let:one>
                    <Item one/>
                </For>
            </ul>
            <When is=move || rows.feed.with(|feed| !feed.iter().any(|one| only.get().shows(&one.change)))>
                <p class="empty">{t!(i18n, feed.nothing)}</p>
            </When>
        </section>
    }
}

#[component]
fn Item(one: Happened) -> impl IntoView {
    let i18n = use_i18n();
    let Happened { at_ms, change, .. } = one;
    let (class, who, href, text, detail) = match change {
        Change::Began(login) => (
            "began",
            login.user.clone(),
            Some(found("/", id(&login.user, login.login_type))),
            t!(i18n, feed.logged_in).to_owned(),
            format!("{} · {}", login.phone, login.profile),
        ),
        Change::Refused { user, phone, code, error, by, times } => {
            // A request may lack a user or a phone: the first value in the request is the event's subject.
            let mut named = [user, phone, by.name, by.address].into_iter();
            let who = named.find(|one| !one.is_empty()).unwrap_or_default();
            // The page of refusals tells the rest: the reason, and what to do.
            let href = Some(found("/refusals", &who));
            let mut detail = error;
            for one in named.filter(|one| !one.is_empty()) {
                // Errors of the phone's screens alone have no text here.
                detail = if detail.is_empty() { one } else { detail + " · " + &one };
            }
            let text = if times == 1 {
                t!(i18n, feed.refused, code = code)
            } else {
                t!(i18n, feed.refused_times, code = code, count = grouped(times))
            };
            ("refused", who, href, text, detail)
        }
        Change::Ended { login, cause, by, reason } => {
            let LoginRow { user, phone, login_type, .. } = login;
            let class = if cause == EndCause::Forced { "forced" } else { "ended" };
            let text = match cause {
                EndCause::Forced => t!(i18n, feed.forced, by = by.name),
                EndCause::Logout => t!(i18n, feed.logged_out).to_owned(),
                cause => t!(i18n, feed.ended, cause = cause_name(cause)),
            };
            let detail =
                if reason.is_empty() { phone } else { format!("“{reason}” · {phone}") };
            (
                class,
                user.clone(),
                Some(found("/login-history", id(&user, login_type))),
                text,
                detail,
            )
        }
        Change::Alarm(name, detail) => ("refused", name, None, String::new(), detail),
        Change::Configured => return ().into_any(),
    };
    view! {
        <li class=class>
            <i></i>
            <span>
                {match href {
                    Some(href) => view! { <a href=href>{who}</a> }.into_any(),
                    None => view! { <b>{who}</b> }.into_any(),
                }}
                " "
                {text}
                <small>{detail}</small>
            </span>
            <Moment ms=at_ms/>
        </li>
    }
    .into_any()
}

/// The user's id for a search.
/// A visitor is shown with the cluster, `rak (busan)`, and found by the id alone.
fn id(user: &str, login_type: LoginType) -> &str {
    match user.rsplit_once(" (") {
        Some((id, _)) if login_type == LoginType::Visiting => id,
        _ => user,
    }
}
