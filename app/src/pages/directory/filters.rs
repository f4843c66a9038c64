//! The search box and the filters above a list.

use leptos::prelude::*;
use terms::{LoginFilter, Named};

use crate::{
    api::{DirectoryFilter, DirectoryKind, DirectoryQuery},
    components::{ClearFind, FindBox, Finding, ViewButton, When},
    text::{t, use_i18n},
};

/// The form is outside the part that is read anew: the search box keeps the text that the user is typing.
#[component]
pub(super) fn Filters(kind: DirectoryKind, query: Memo<DirectoryQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let finding = Finding::new(RwSignal::new(String::new()), move |fields| {
        let find = LoginFilter::new(&fields("find").unwrap_or_default(), None).find;
        let query = query.try_get_untracked().unwrap_or_default();
        DirectoryQuery { find, page: 0, ..query }.url()
    });
    let find = query.with_untracked(|query| query.find.clone());
    let path = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    let (action, all) = (path.clone(), path);
    let narrows = move || query.with(|query| !query.find.is_empty() || !query.only.is_empty());
    // Without JavaScript the form sends the filters along.
    let kept = move || {
        let only = query.with(|query| query.only.clone());
        let field =
            |one: DirectoryFilter| view! { <input type="hidden" name="only" value=one.name()/> };
        only.into_iter().map(field).collect_view()
    };
    let chip = |filter: &DirectoryFilter| {
        let filter = *filter;
        let to = move || query.with(|query| query.turned(filter).url());
        let current = move || query.with(|query| query.only.contains(&filter)).then_some("true");
        view! {
            <a class="chip" href=to aria-current=current>
                {name_of(kind, filter)}
            </a>
        }
    };
    view! {
        <search class="filters">
            <form
                method="get"
                action=action
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:submit=move |event| finding.submit(&event)
            >
                <FindBox finding find hint=hint_of(kind)/>
                {kept}
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            <When is=narrows>
                <ClearFind finding to=all.clone()/>
            </When>
            <ViewButton/>
        </search>
        <div class="filters chips" role="group" aria-label=t!(i18n, directory.only)>
            {kind.filters().iter().map(chip).collect_view()}
        </div>
    }
}

/// What the search box of a list finds.
fn hint_of(kind: DirectoryKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        DirectoryKind::Users => t!(i18n, directory.find_user),
        DirectoryKind::Phones => t!(i18n, directory.find_phone),
        DirectoryKind::DeviceProfiles => t!(i18n, directory.find_profile),
        DirectoryKind::ApplicationUsers => t!(i18n, directory.find_app_user),
    }
}

/// The name of a filter in the list of its kind.
pub(super) fn name_of(kind: DirectoryKind, filter: DirectoryFilter) -> &'static str {
    let i18n = use_i18n();
    match filter {
        DirectoryFilter::LoggedIn if kind == DirectoryKind::Users => t!(i18n, directory.logged_in),
        DirectoryFilter::LoggedIn => t!(i18n, directory.in_use),
        DirectoryFilter::NeverLoggedIn => t!(i18n, directory.never_logged_in),
        DirectoryFilter::NoProfile => t!(i18n, directory.no_profile),
        DirectoryFilter::Locked => t!(i18n, directory.locked),
        DirectoryFilter::Disabled => t!(i18n, directory.disabled),
        DirectoryFilter::PinMustChange => t!(i18n, directory.pin_must_change),
        DirectoryFilter::Emcc => t!(i18n, directory.emcc),
        DirectoryFilter::NeverUsed => t!(i18n, directory.never_used),
        DirectoryFilter::Off => t!(i18n, directory.off),
        DirectoryFilter::NoAddress => t!(i18n, directory.no_address),
        DirectoryFilter::OtherModel => t!(i18n, directory.other_model),
        DirectoryFilter::Unused => t!(i18n, directory.unused),
        DirectoryFilter::Proxy => t!(i18n, directory.proxy),
        DirectoryFilter::NoProxy => t!(i18n, directory.no_proxy),
    }
}
