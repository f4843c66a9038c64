//! The display: the screen of a service, or the idle screen.

use leptos::prelude::*;

use super::{form::Form, idle::Idle, menu::Menu, state::Phone};
use crate::{
    api::{PhoneBody, PhoneScreen},
    components::When,
    text::{t, use_i18n},
};

/// The display.
/// Screen readers read out changes of the display.
#[component]
pub(super) fn Display(phone: Phone) -> impl IntoView {
    let i18n = use_i18n();
    // The label has the phone's name, because the page has several displays.
    let name = format!("{} {}", t!(i18n, simulator.display), phone.name());
    let shown = move || match phone.screen.get() {
        None => view! { <Idle phone/> }.into_any(),
        Some(screen) => view! { <Screen phone screen/> }.into_any(),
    };
    view! {
        <div
            class="display"
            role="region"
            aria-label=name
            aria-live="polite"
            aria-busy=move || if phone.waits.get() { "true" } else { "false" }
            tabindex="-1"
            node_ref=phone.display
        >
            {shown}
            <When is=move || phone.waits.get()>
                <p class="waits" aria-hidden="true">
                    <i></i>
                    <i></i>
                    <i></i>
                </p>
            </When>
            <When is=move || phone.notice.with(Option::is_some)>
                <p class="notice">{move || phone.notice.get().map(|(_, text)| text)}</p>
            </When>
        </div>
    }
}

/// The screen of a service.
#[component]
fn Screen(phone: Phone, screen: PhoneScreen) -> impl IntoView {
    let PhoneScreen { title, prompt, body, .. } = screen;
    let body = match body {
        PhoneBody::Text(text) => view! {
            // The text has a tab stop, so that the keyboard can scroll a text longer than the display.
            <div class="body" tabindex="0">
                <p class="text">{text}</p>
            </div>
        }
        .into_any(),
        PhoneBody::Form { fields, .. } => view! { <Form phone fields/> }.into_any(),
        PhoneBody::Menu(items) => view! { <Menu phone items/> }.into_any(),
        PhoneBody::Commands(_) => ().into_any(),
    };
    view! {
        <p class="bar">
            <b>{title}</b>
        </p>
        {body}
        <p class="prompt">{prompt}</p>
    }
}
