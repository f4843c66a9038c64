//! What stands around a page: brand bar, menu, title bar.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{SignOut, who_am_i},
    text::{Locale, t, t_string, use_i18n},
};

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

/// Switches the language. A plain form: the server keeps the choice, with JavaScript or without.
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
    let tag = match locale {
        Locale::en => "en",
        Locale::ko => "ko",
    };
    let current = move || if i18n.get_locale() == locale { "true" } else { "false" };
    view! {
        <button name="language" value=tag lang=tag aria-pressed=current>
            {name}
        </button>
    }
}

/// A page of somebody who is signed in. `status` stands beside the cluster's name.
#[component]
pub fn Chrome(
    /// The page's title; no text of a user's, it is written as it is.
    #[prop(into)]
    title: Signal<String>,
    /// How the page is connected.
    #[prop(into)]
    status: ViewFn,
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let viewer = Resource::new(|| (), |()| who_am_i());
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <Title text=move || format!("{} · Sojourn", title.get())/>
        // External, or the router would scroll there without moving the focus.
        <a class="skip" href="#content" rel="external">
            {t!(i18n, nav.skip)}
        </a>
        <header class="brand">
            <span class="mark">
                <Mark/>
                {t!(i18n, brand.name)}
            </span>
            <small>{t!(i18n, brand.line)}</small>
            <div class="right">
                <Transition>
                    {move || Suspend::new({
                        let status = status.clone();
                        async move {
                            viewer
                                .await
                                .ok()
                                .map(|viewer| {
                                    let name = viewer.name.clone();
                                    view! {
                                        <span class="pill">
                                            {viewer.cluster} " · " {status.run()}
                                        </span>
                                        <span class="who-am-i" title=move || {
                                            t_string!(i18n, nav.signed_in_as, name = name.clone())
                                        }>{viewer.name}</span>
                                    }
                                })
                        }
                    })}
                </Transition>
                <LanguageForm/>
                <ActionForm action=sign_out>
                    <button class="link">{t!(i18n, nav.sign_out)}</button>
                </ActionForm>
            </div>
        </header>
        <nav class="menu" aria-label=move || t_string!(i18n, nav.main)>
            <a href="/" aria-current="page">
                {t!(i18n, nav.active_logins)}
            </a>
        </nav>
        <main id="content" tabindex="-1">
            <h1>{move || title.get()}</h1>
            {children()}
        </main>
    }
}
