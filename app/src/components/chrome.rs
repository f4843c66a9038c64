//! The frame of a page: brand bar, menu, title bar.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::{keys::Keys, shown_to::ShownToField};
use crate::{
    api::{SignOut, Viewer, who_am_i},
    text::{Locale, t, tag, use_i18n},
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

/// The pages that a menu or *Related Links* links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Active Logins.
    Logins,
    /// Login History.
    History,
    /// Service Parameter Configuration.
    Parameters,
    /// Parameters for All Servers.
    AllServers,
    /// Modified Parameters.
    Modified,
    /// Parameter History.
    ParameterHistory,
    /// Audit.
    Audit,
    /// Administrators.
    Administrators,
    /// Trace.
    Trace,
    /// Phone Simulator.
    Simulator,
    /// Remote Clusters.
    Clusters,
}

/// The paths of all pages in [`Place`].
pub const PLACES: &[&str] = &[
    Place::Logins.path(),
    Place::History.path(),
    Place::Parameters.path(),
    Place::AllServers.path(),
    Place::Modified.path(),
    Place::ParameterHistory.path(),
    Place::Audit.path(),
    Place::Administrators.path(),
    Place::Trace.path(),
    Place::Simulator.path(),
    Place::Clusters.path(),
];

impl Place {
    const MENU: [Self; 8] = [
        Self::Logins,
        Self::History,
        Self::Parameters,
        Self::Clusters,
        Self::Audit,
        Self::Trace,
        Self::Simulator,
        Self::Administrators,
    ];

    /// The page's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Logins => "/",
            Self::History => "/login-history",
            Self::Parameters => "/service-parameters",
            Self::AllServers => "/service-parameters/all-servers",
            Self::Modified => "/service-parameters/modified",
            Self::ParameterHistory => "/service-parameters/history",
            Self::Audit => "/audit",
            Self::Administrators => "/administrators",
            Self::Trace => "/trace",
            Self::Simulator => "/phone-simulator",
            Self::Clusters => "/remote-clusters",
        }
    }

    fn name(self) -> &'static str {
        let i18n = use_i18n();
        match self {
            Self::Logins => t!(i18n, nav.active_logins),
            Self::History => t!(i18n, nav.login_history),
            Self::Parameters => t!(i18n, nav.service_parameters),
            Self::AllServers => t!(i18n, nav.all_servers),
            Self::Modified => t!(i18n, nav.modified),
            Self::ParameterHistory => t!(i18n, nav.parameter_history),
            Self::Audit => t!(i18n, nav.audit),
            Self::Administrators => t!(i18n, nav.administrators),
            Self::Trace => t!(i18n, nav.trace),
            Self::Simulator => t!(i18n, simulator.title),
            Self::Clusters => t!(i18n, clusters.title),
        }
    }
}

/// The document title of a page.
#[must_use]
pub fn document_title(title: &str) -> String {
    format!("{title} · Sojourn")
}

/// A page for an administrator who is signed in.
/// `status` stands beside the cluster's name.
#[component]
pub fn Chrome(
    /// The page's title.
    title: &'static str,
    /// The connection of the page; without `status` the cluster's release stands there.
    #[prop(into, optional)]
    status: Option<ViewFn>,
    /// Related pages.
    #[prop(optional)]
    related: &'static [Place],
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let viewer = Resource::new(|| (), |()| who_am_i());
    let path = use_location().pathname;
    let menu = move |place: Place| {
        let at = move || {
            let path = path.get();
            let here = match place {
                Place::Logins => path == "/" || path.starts_with("/phones/"),
                place => path.starts_with(place.path()),
            };
            here.then_some("page")
        };
        view! {
            <a href=place.path() aria-current=at>
                {place.name()}
            </a>
        }
        .into_any()
    };
    view! {
        <Title text=document_title(title)/>
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
                            match viewer.await {
                                Ok(viewer) => view! { <WhoAndWhere viewer status/> }.into_any(),
                                Err(_) => ().into_any(),
                            }
                        }
                    })}
                </Transition>
                <LanguageForm/>
                // The browser sends the form, so that nothing of the page's content stays in the browser.
                <form method="post" action=SignOut::url()>
                    <ShownToField/>
                    <button class="link">{t!(i18n, nav.sign_out)}</button>
                </form>
            </div>
        </header>
        <nav class="menu" aria-label=t!(i18n, nav.main)>
            {Place::MENU.map(menu).collect_view()}
        </nav>
        <main id="content" tabindex="-1">
            <div class="head">
                <h1>{title}</h1>
                <RelatedLinks places=related/>
            </div>
            {children()}
        </main>
        <Keys/>
    }
}

/// The name of the cluster, and the viewer.
#[component]
fn WhoAndWhere(viewer: Viewer, #[prop(optional_no_strip)] status: Option<ViewFn>) -> impl IntoView {
    let i18n = use_i18n();
    let Viewer { name, cluster, release, .. } = viewer;
    let beside = match status {
        Some(status) => status.run(),
        None => t!(i18n, nav.release, release = release).into_any(),
    };
    let viewer_name = name.clone();
    let signed_in_as = t!(i18n, nav.signed_in_as, name = name.clone());
    view! {
        <span class="pill">{cluster} " · " {beside}</span>
        <span class="who-am-i" title=signed_in_as data-viewer=viewer_name>
            {name}
        </span>
    }
}

/// "Related Links", as the original has them.
/// The browser sends the form, and the server redirects to the page.
#[component]
fn RelatedLinks(places: &'static [Place]) -> impl IntoView {
    let i18n = use_i18n();
    (!places.is_empty()).then(|| {
        let option = |place: &Place| {
            let place = *place;
            view! { <option value=place.path()>{place.name()}</option> }.into_any()
        };
        view! {
            <form class="related" method="get" action="/related">
                <label for="related">{t!(i18n, nav.related)}</label>
                <select id="related" name="to">
                    {places.iter().map(option).collect_view()}
                </select>
                <button class="button">{t!(i18n, nav.go)}</button>
            </form>
        }
        .into_any()
    })
}
