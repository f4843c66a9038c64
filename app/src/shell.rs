//! The document around every page, and the routes.

use leptos::prelude::*;
use leptos_router::{
    Lazy,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::provide_leaving,
    pages::{device::ActiveLoginsPage, lazy, not_found::NotFound},
    text::provide_language,
};

/// The document. `assets` is where the files of this build are, for instance `/assets/1f`.
#[cfg(feature = "ssr")]
#[must_use]
pub fn shell(options: &LeptosOptions, assets: &str) -> impl IntoView + use<> {
    use leptos::nonce::use_nonce;
    use leptos_meta::MetaTags;

    use crate::text::{language, tag};

    let release = crate::release::use_release().to_string();
    let name = options.output_name.to_string();
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    let (script, style, icon) = (
        format!("{assets}/pkg/{name}.js"),
        format!("{assets}/pkg/{name}.css"),
        format!("{assets}/icon.svg"),
    );
    // Our own script instead of the framework's: its preload links carry no nonce.
    let start = format!(
        "import start, {{ hydrate }} from '{script}'; \
         await start({{ module_or_path: '{assets}/pkg/{name}.wasm' }}); hydrate();"
    );
    view! {
        <!DOCTYPE html>
        <html lang=tag(language())>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name=crate::release::META content=release/>
                <link rel="stylesheet" href=style/>
                <link rel="icon" type="image/svg+xml" href=icon/>
                <script type="module" nonce=nonce inner_html=start></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The console.
#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    crate::release::provide_release();
    provide_leaving();
    provide_language();
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view={Lazy::<lazy::SignIn>::new()}/>
                <Route path=path!("/first-administrator/:code") view={Lazy::<lazy::First>::new()}/>
                <Route path=path!("/") view=ActiveLoginsPage/>
                <Route path=path!("/log-out") view={Lazy::<lazy::LogOut>::new()}/>
                <Route path=path!("/jobs/:id") view={Lazy::<lazy::Job>::new()}/>
                <Route path=path!("/phones/:name") view={Lazy::<lazy::Phone>::new()}/>
                <Route path=path!("/login-history") view={Lazy::<lazy::History>::new()}/>
                <Route path=path!("/audit") view={Lazy::<lazy::Audit>::new()}/>
                <Route path=path!("/service-parameters") view={Lazy::<lazy::Parameters>::new()}/>
                <Route path=path!("/service-parameters/history") view={Lazy::<lazy::ParameterHistory>::new()}/>
                <Route path=path!("/service-parameters/modified") view={Lazy::<lazy::Modified>::new()}/>
                <Route path=path!("/service-parameters/all-servers") view={Lazy::<lazy::AllServers>::new()}/>
                <Route path=path!("/administrators") view={Lazy::<lazy::Administrators>::new()}/>
                <Route path=path!("/trace") view={Lazy::<lazy::Trace>::new()}/>
            </Routes>
        </Router>
    }
}
