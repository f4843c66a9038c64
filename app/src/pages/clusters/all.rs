//! Remote Clusters: the clusters that this cluster knows, and the state of each.

use leptos::prelude::*;

use super::{
    add::Add,
    certificate::Own,
    compare::{COMPARE, to_compare},
    emcc::Emcc,
    fresh::Fresh,
    list::List,
    said::{LastSaid, SAID},
};
use crate::{
    address::{address, use_query},
    api::{
        ChangeRemoteCluster, RemoteAnswer, RemoteClusters, RemoteForm, RemoteOutcome,
        read_remote_clusters, read_remote_clusters_anew, take_remote_answer,
    },
    components::{Chrome, ClearFind, FindBox, Finding, Place, When, focus, loaded},
    text::{t, use_i18n},
};

const PATH: &str = "/remote-clusters";

/// The page.
#[component]
pub fn RemoteClustersPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangeRemoteCluster>::new();
    let page = Resource::new(
        || (),
        |()| async {
            let page = read_remote_clusters().await?;
            Ok((page, take_remote_answer(String::new()).await?))
        },
    );
    let title = t!(i18n, clusters.title);
    view! {
        <Chrome title related=&[Place::Logins, Place::Parameters, Place::Audit]>
            {loaded(page, move |(page, answered)| view! { <All page answered action/> }.into_any())}
        </Chrome>
    }
}

#[component]
fn All(
    page: RemoteClusters,
    answered: Option<RemoteAnswer>,
    action: ServerAction<ChangeRemoteCluster>,
) -> impl IntoView {
    let RemoteClusters { own, may_change, now_ms, .. } = page.clone();
    let shown = RwSignal::new(page);
    let (fresh, read_now) = Fresh::new(shown, read_remote_clusters_anew);
    let (before, typed) = match answered {
        Some(RemoteAnswer { outcome, typed }) => (Some(outcome), typed),
        None => (None, RemoteForm::default()),
    };
    // The fields of a form that added a cluster start empty.
    let typed = match before {
        Some(RemoteOutcome::Added { .. }) => RemoteForm::default(),
        _ => typed,
    };
    let answer = StoredValue::new(before);
    let answer = move || action.value().get().or_else(|| answer.get_value().map(Ok));
    let compare = Memo::new(move |_| answer()?.ok().as_ref().and_then(to_compare));
    Effect::new(move |_| match action.value().get() {
        Some(Ok(RemoteOutcome::Compare(_))) => focus(COMPARE),
        Some(_) => {
            focus(SAID);
            read_now();
        }
        None => {}
    });
    view! {
        <LastSaid answer/>
        {fresh.problem()}
        <section class="card">
            <Clusters shown/>
        </section>
        <Emcc action shown/>
        <Own own now_ms/>
        {may_change
            .then(|| {
                let now_ms = move || shown.with(|page| page.now_ms);
                view! { <Add action compare now_ms typed/> }
            })}
    }
}

/// The list, and the search box.
#[component]
fn Clusters(shown: RwSignal<RemoteClusters>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let find = Memo::new(move |_| query.with(|query| query.get("find")).unwrap_or_default());
    let finding = Finding::new(RwSignal::new(String::new()), |fields| {
        address(PATH, &[("find", fields("find").unwrap_or_default().trim().to_owned())])
    });
    let narrows = move || find.with(|find| !find.is_empty());
    view! {
        <search class="filters">
            <form
                method="get"
                action=PATH
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:submit=move |event| finding.submit(&event)
            >
                <FindBox finding find=find.get_untracked() hint=t!(i18n, clusters.find_hint)/>
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            <When is=narrows>
                <ClearFind finding to=PATH.to_owned()/>
            </When>
        </search>
        <List shown find/>
    }
}
