//! The brand bar.

use leptos::{prelude::*, server_fn::ServerFn};

use super::Frame;
use crate::{
    api::SignOut,
    components::{LanguageForm, Mark, ShownToField},
    text::{I18n, language, t},
    zone::chosen_zone,
};

/// The brand, the cluster, the way to the palette, the administrator, and the forms for language and sign-out.
#[component]
pub(super) fn Brand(frame: Frame) -> impl IntoView {
    let i18n = I18n::of(language());
    let Frame { viewer, cluster, release, .. } = frame;
    let viewer = viewer.map(|name| {
        let signed_in_as = t!(i18n, nav.signed_in_as, name = name.clone());
        view! {
            <span class="who-am-i" title=signed_in_as data-viewer=name.clone()>
                {name.clone()}
            </span>
        }
    });
    view! {
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
                <span class="pill">
                    {cluster} " · " {t!(i18n, nav.release, release = release)}
                </span>
                {chosen_zone()
                    .map(|zone| {
                        view! {
                            <a class="pill" href="/settings#zone-title" title=t!(i18n, nav.zone)>
                                {zone}
                            </a>
                        }
                    })}
                // `frame.js` opens the palette.
                <button
                    class="link needs-script"
                    type="button"
                    data-palette
                    aria-keyshortcuts="Control+K"
                >
                    {t!(i18n, palette.open)} " " <kbd>"Ctrl K"</kbd>
                </button>
                {viewer}
                <LanguageForm/>
                // The browser sends the form, so that nothing of the page's content stays in the browser.
                <form method="post" action=SignOut::url()>
                    <ShownToField/>
                    <button class="link">{t!(i18n, nav.sign_out)}</button>
                </form>
            </div>
        </header>
    }
}
