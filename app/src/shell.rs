//! The document around every page, and the routes.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

#[cfg(feature = "ssr")]
use crate::frame::Frame;
use crate::{
    components::{provide_day, provide_leaving},
    pages::{device::ActiveLoginsPage, lazy, not_found::NotFound},
    text::provide_language,
};

/// The values that the document of a page needs.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Document {
    /// The path of the files of this build, for instance `/assets/1f`.
    pub assets: String,
    /// The build of the console.
    pub build: &'static str,
    /// The frame; `None` for a page outside of the console, in which the program does not start: its forms work
    /// without scripts.
    pub frame: Option<Frame>,
    /// The administrator who has signed in since the previous page was sent; that page's request was refused.
    pub signed_in_since: Option<String>,
}

/// The path of the files of this build, for the page itself.
#[cfg(feature = "ssr")]
#[derive(Clone)]
struct Assets(String);

/// The path of the files of this build.
#[cfg(feature = "ssr")]
pub(crate) fn use_assets() -> String {
    use_context::<Assets>().map(|Assets(assets)| assets).unwrap_or_default()
}

/// The path of the files of this build, from the script that starts the program.
#[cfg(not(feature = "ssr"))]
pub(crate) fn use_assets() -> String {
    let script = document().query_selector("script[data-assets]").ok().flatten();
    script.and_then(|script| script.get_attribute("data-assets")).unwrap_or_default()
}

/// The script that starts the program, without its comments.
#[cfg(feature = "ssr")]
static START: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let lines = include_str!("start.js").lines().map(str::trim);
    let code: Vec<_> = lines.filter(|line| !line.starts_with("//") && !line.is_empty()).collect();
    code.join("\n")
});

/// The document.
/// The program hydrates the content of `app` if the content is as the server wrote it: the server writes the
/// number of nodes into `data-nodes`.
#[cfg(feature = "ssr")]
#[must_use]
pub fn shell(document: &Document) -> impl IntoView + use<> {
    use leptos::nonce::use_nonce;
    use leptos_meta::MetaTags;

    use crate::{
        frame::{Above, Over, ViewOptions},
        text::{language, tag},
    };

    let Document { assets, build, frame, signed_in_since } = document.clone();
    provide_context(Assets(assets.clone()));
    let release = crate::release::use_release().to_string();
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    let options = ViewOptions::of_request();
    let view = options.names(" ");
    let zone = crate::zone::chosen_zone();
    provide_language();
    let above = frame.clone().map(|frame| view! { <Above frame/> });
    let script = format!("{assets}/frame.js");
    let over = frame.is_some().then(|| view! { <Over script nonce=nonce.clone()/> });
    let style = format!("{assets}/pkg/sojourn.css");
    let icon = format!("{assets}/icon.svg");
    view! {
        <!DOCTYPE html>
        // The console has its own translations: a translator would replace texts that the program changes.
        <html lang=tag(language()) translate="no" data-view=view data-zone=zone>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="google" content="notranslate"/>
                <meta name=crate::release::META content=release/>
                <link rel="stylesheet" href=style/>
                <link rel="icon" type="image/svg+xml" href=icon/>
                // This script replaces the framework's script, whose preload links carry no nonce.
                <script
                    nonce=nonce
                    data-assets=assets
                    data-build=build
                    data-plain=frame.is_none().then_some("1")
                    inner_html=START.as_str()
                ></script>
                <MetaTags/>
            </head>
            <body>
                {above}
                <div id="app" data-build=build data-nodes="0">
                    <App/>
                </div>
                <Notices signed_in_since/>
                {over}
            </body>
        </html>
    }
}

/// Notices outside of the program, in the language of the page: the reason why the previous page was refused,
/// and the script's own notices for when the program can't show any.
#[cfg(feature = "ssr")]
#[component]
fn Notices(signed_in_since: Option<String>) -> impl IntoView {
    use crate::text::{I18n, language, t};

    let i18n = I18n::of(language());
    view! {
        <div id="notices" role="status">
            {signed_in_since
                .map(|name| {
                    view! {
                        <p class="status warn" data-notice="signed-in-since">
                            {t!(i18n, notice.signed_in_since, name = name)} " "
                            <a href="" rel="external">{t!(i18n, notice.go_on)}</a>
                        </p>
                    }
                })}
            <p class="status warn" data-notice="away" hidden>
                {t!(i18n, notice.away)}
            </p>
            <p class="status warn" data-notice="plain" hidden>
                {t!(i18n, notice.plain)} " " <a href="">{t!(i18n, notice.again)}</a>
            </p>
            <p class="status warn" data-notice="outdated" hidden>
                {t!(i18n, notice.outdated)} " " <a href="" rel="external">{t!(i18n, notice.reload)}</a>
            </p>
        </div>
    }
}

/// The console.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    crate::release::provide_release();
    provide_leaving();
    provide_day();
    provide_language();
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/sign-in") view=lazy::SIGN_IN/>
                <Route path=path!("/first-administrator/:code") view=lazy::FIRST/>
                <Route path=path!("/") view=ActiveLoginsPage/>
                <Route path=path!("/log-out") view=lazy::LOG_OUT/>
                <Route path=path!("/jobs/:id") view=lazy::JOB/>
                <Route path=path!("/phones/:name") view=lazy::PHONE/>
                <Route path=path!("/users/:id") view=lazy::USER/>
                <Route path=path!("/login-history") view=lazy::HISTORY/>
                <Route path=path!("/audit") view=lazy::AUDIT/>
                <Route path=path!("/refusals") view=lazy::REFUSALS/>
                <Route path=path!("/directory/:kind") view=lazy::DIRECTORY/>
                <Route path=path!("/service-parameters") view=lazy::PARAMETERS/>
                <Route path=path!("/service-parameters/:list") view=lazy::PARAMETER_LISTS/>
                <Route path=path!("/administrators") view=lazy::ADMINISTRATORS/>
                <Route path=path!("/remote-clusters") view=lazy::CLUSTERS/>
                <Route path=path!("/remote-clusters/:id") view=lazy::CLUSTER/>
                <Route path=path!("/settings") view=lazy::SETTINGS/>
                <Route path=path!("/trace") view=lazy::TRACE/>
                <Route path=path!("/phone-simulator") view=lazy::SIMULATOR/>
            </FlatRoutes>
        </Router>
    }
}
