//! The search box and the filters above a list.

use leptos::prelude::*;
use terms::{LoginFilter, Named, RecordKind};

use super::words::{hint_of, name_of};
use crate::{
    api::{DirectoryFilter, DirectoryQuery},
    components::{ClearFind, FindBox, Finding, ViewButton, When},
    text::{t, use_i18n},
};

/// The form is outside the part that is read anew: the search box keeps the text that the user is typing.
#[component]
pub(super) fn Filters(kind: RecordKind, query: Memo<DirectoryQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let finding = Finding::new(RwSignal::new(String::new()), move |fields| {
        let find = LoginFilter::new(&fields("find").unwrap_or_default(), None).find;
        let query = query.try_get_untracked().unwrap_or_default();
        DirectoryQuery { find, page: 0, ..query }.url()
    });
    let find = query.with_untracked(|query| query.find.clone());
    let path = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    let (action, all) = (path.clone(), path);
    let narrows = move || query.with(DirectoryQuery::narrows);
    // Without JavaScript the form sends the rest of the query along.
    let kept = move || {
        let DirectoryQuery { only, profile, sort, .. } = query.get();
        let mut fields: Vec<_> =
            only.into_iter().map(|one| ("only", one.name().to_owned())).collect();
        fields.extend([("profile", profile), ("sort", sort.name().to_owned())]);
        let field = |(name, value): (&'static str, String)| {
            view! { <input type="hidden" name=name value=value/> }
        };
        fields.into_iter().filter(|(_, value)| !value.is_empty()).map(field).collect_view()
    };
    let of_profile = move || {
        let query = query.get();
        let without = DirectoryQuery { profile: String::new(), page: 0, ..query.clone() }.url();
        (!query.profile.is_empty()).then(|| {
            view! {
                <a class="chip" href=without aria-current="true">
                    {t!(i18n, directory.of_profile, name = query.profile)}
                </a>
            }
        })
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
            {of_profile}
            {DirectoryFilter::of(kind).iter().map(chip).collect_view()}
        </div>
    }
}
