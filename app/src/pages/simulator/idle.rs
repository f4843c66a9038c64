//! The display of a phone that nobody uses now.

use leptos::prelude::*;

use super::{clock::Clock, icons::Person, state::Phone};
use crate::text::{t, use_i18n};

/// The time, who is logged in or else what the phone is, and its number.
#[component]
pub(super) fn Idle(phone: Phone) -> impl IntoView {
    let i18n = use_i18n();
    let clock = expect_context::<Clock>();
    // The name is drawn anew, and animated, when another user logs in.
    let user = Memo::new(move |_| phone.now.with(|now| now.user.clone()));
    let description = Memo::new(move |_| {
        phone.now.with(|now| match now.description.as_str() {
            "" => now.name.clone(),
            description => description.to_owned(),
        })
    });
    let number = move || {
        phone.now.with(|now| now.lines.first().map(|line| line.number.clone()).unwrap_or_default())
    };
    let who = move || match user.get() {
        Some(user) => view! {
            <p class="who">
                <Person/>
                <b>{user}</b>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="who nobody">
                <b>{move || description.get()}</b>
                <small>{t!(i18n, simulator.hint)}</small>
            </p>
        }
        .into_any(),
    };
    view! {
        <p class="bar">
            <b>{move || description.get()}</b>
            <span>{number}</span>
        </p>
        <div class="body idle">
            // Read out each minute it would be in the way.
            <p class="clock" aria-hidden="true">
                {move || clock.time()}
            </p>
            {who}
        </div>
        // Stands in for the body where keys on both sides leave no room for it.
        <p class="prompt">
            <b>{move || user.get().unwrap_or_default()}</b>
            <span aria-hidden="true">{move || clock.time()}</span>
        </p>
    }
}
