//! The display of an idle phone.

use leptos::prelude::*;

use super::{clock::Clock, icons::Person, state::Phone};
use crate::text::{t, use_i18n};

/// The time, the user or else the phone's description, and the phone's number.
#[component]
pub(super) fn Idle(phone: Phone) -> impl IntoView {
    let i18n = use_i18n();
    let clock = expect_context::<Clock>();
    // The name is drawn anew, with an animation, when another user logs in.
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
            // Hidden from screen readers, which would read out the time every minute.
            <p class="clock" aria-hidden="true">
                {move || clock.time()}
            </p>
            {who}
        </div>
        // Replaces the body on displays with keys on both sides, which have no space for the body.
        <p class="prompt">
            <b>{move || user.get().unwrap_or_default()}</b>
            <span aria-hidden="true">{move || clock.time()}</span>
        </p>
    }
}
