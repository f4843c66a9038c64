//! The brand's mark, and the choice of the language.

use leptos::prelude::*;

use crate::text::{Locale, t, tag, use_i18n};

/// The brand's mark.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
            <rect width="26" height="26" rx="7" fill="#0f8fa1"/>
            <path
                d="M7 17c0-3 2-4 4-4h4c2 0 4-1 4-4M7 17l3-2.6M7 17l3 2.6"
                fill="none"
                stroke="#fff"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
        </svg>
    }
}

/// Switches the language.
/// The form is sent by the browser: the server keeps the choice, with JavaScript or without.
#[component]
pub fn LanguageForm() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <form class="language" method="post" action="/language">
            <span class="unseen" id="language-label">
                {t!(i18n, nav.language)}
            </span>
            <div role="group" aria-labelledby="language-label">
                <LanguageButton locale=Locale::en name="English"/>
                <LanguageButton locale=Locale::ko name="한국어"/>
            </div>
        </form>
    }
}

#[component]
fn LanguageButton(locale: Locale, name: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    let tag = tag(locale);
    let current = if i18n.locale() == locale { "true" } else { "false" };
    view! {
        <button name="language" value=tag lang=tag aria-pressed=current>
            {name}
        </button>
    }
}
