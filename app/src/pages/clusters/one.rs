//! The page of a remote cluster.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    compare::{COMPARE, to_compare},
    expiry::Expiry,
    fresh::Fresh,
    said::{LastSaid, SAID},
    settings::{Certificate, Settings},
    state::State,
    waiting::Waiting,
};
use crate::{
    api::{
        ChangeRemoteCluster, LinkView, RemoteAnswer, RemoteCluster, RemoteClusterRow, RemoteForm,
        RemoteIntent, RemoteOutcome, read_remote_cluster, read_remote_cluster_anew,
        take_remote_answer,
    },
    components::{Chrome, Moment, Place, ShownToField, answered, focus, grouped, loaded},
    text::{t, use_i18n},
};

/// The page.
#[component]
pub fn RemoteClusterPage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_params_map();
    let id = Memo::new(move |_| map.with(|map| map.get("id").unwrap_or_default()));
    let action = ServerAction::<ChangeRemoteCluster>::new();
    let page = answered(
        move || id.try_get().unwrap_or_default(),
        |id| async move {
            let page = read_remote_cluster(id.clone()).await?;
            Ok((page, take_remote_answer(id).await?))
        },
    );
    let title = t!(i18n, clusters.one);
    view! {
        <Chrome title related=&[Place::Clusters, Place::Logins, Place::Audit]>
            {loaded(
                page,
                move |((page, answered), _)| view! { <One page answered action/> }.into_any(),
            )}
        </Chrome>
    }
}

#[component]
fn One(
    page: RemoteCluster,
    answered: Option<RemoteAnswer>,
    action: ServerAction<ChangeRemoteCluster>,
) -> impl IntoView {
    let RemoteCluster { row, may_ask, may_change, .. } = page.clone();
    let RemoteClusterRow { id, settings, .. } = row;
    let shown = RwSignal::new(page);
    let of = StoredValue::new(id.clone());
    let (fresh, read_now) =
        Fresh::new(shown, move || read_remote_cluster_anew(of.try_get_value().unwrap_or_default()));
    let (before, typed) = match answered {
        Some(RemoteAnswer { outcome, typed }) => (Some(outcome), typed),
        None => (None, RemoteForm::default()),
    };
    let keeps = |intent: RemoteIntent| {
        let is_done = matches!(before, Some(RemoteOutcome::Changed(_) | RemoteOutcome::Replaced));
        before.is_some() && typed.intent == intent && !is_done
    };
    let wanted = if keeps(RemoteIntent::Change) { typed.wanted.clone() } else { settings.clone() };
    let certificate =
        if keeps(RemoteIntent::Certificate) { typed.certificate } else { String::new() };
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
    let now_ms = move || shown.with(|page| page.now_ms);
    let to_change = id.clone();
    view! {
        <LastSaid answer/>
        {fresh.problem()}
        <Facts shown action may_ask/>
        <Waiting shown>{may_ask.then(|| view! { <Ask action id=id.clone()/> })}</Waiting>
        {may_change
            .then(|| {
                let id = to_change.clone();
                view! {
                    <Settings action id=to_change typed=wanted seen=settings/>
                    <Certificate action id typed=certificate compare now_ms/>
                }
            })}
    }
}

/// The facts about the cluster.
#[component]
fn Facts(
    shown: RwSignal<RemoteCluster>,
    action: ServerAction<ChangeRemoteCluster>,
    may_ask: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = Memo::new(move |_| shown.with(|page| page.row.clone()));
    let id = row.with_untracked(|row| row.id.clone());
    let (heading, tested, asked) = (id.clone(), id.clone(), id);
    view! {
        <section class="card" aria-labelledby="cluster-id">
            <header>
                <h2 id="cluster-id">{heading}</h2>
                <p>{move || row.with(|row| row.settings.description.clone())}</p>
            </header>
            {move || view! { <Known row=row.get() now_ms=shown.with_untracked(|page| page.now_ms)/> }}
            {may_ask
                .then(|| {
                    view! {
                        <div class="body actions">
                            <Act action id=tested intent="test">
                                <button class="button">{t!(i18n, clusters.test)}</button>
                            </Act>
                            <Act action id=asked intent="ask">
                                <button class="button">{t!(i18n, clusters.update)}</button>
                            </Act>
                        </div>
                    }
                })}
        </section>
    }
}

#[component]
fn Known(row: RemoteClusterRow, now_ms: i64) -> impl IntoView {
    let i18n = use_i18n();
    let RemoteClusterRow { settings, release, visiting, elsewhere, certificate, next, .. } =
        row.clone();
    let answered = match row.link {
        LinkView::Answers { at_ms } => Some(at_ms),
        _ => None,
    };
    view! {
        <dl class="facts body">
            <dt>{t!(i18n, clusters.state)}</dt>
            <dd class="who">
                <State row/>
                {answered
                    .map(|ms| {
                        view! { " " <small>{t!(i18n, clusters.last_answer)} " " <Moment ms/></small> }
                    })}
            </dd>
            <dt>{t!(i18n, clusters.url)}</dt>
            <dd>{settings.url}</dd>
            <dt>{t!(i18n, clusters.release)}</dt>
            <dd>{release.unwrap_or_else(|| "—".to_owned())}</dd>
            <dt>{t!(i18n, clusters.visitors)}</dt>
            <dd>{grouped(visiting)}</dd>
            <dt>{t!(i18n, clusters.own_users)}</dt>
            <dd>{grouped(elsewhere)}</dd>
            {certificate
                .map(|certificate| {
                    view! {
                        <dt>{t!(i18n, clusters.fingerprint)}</dt>
                        <dd>
                            <code>{certificate.fingerprint}</code>
                        </dd>
                        <dt>{t!(i18n, clusters.certificate_until)}</dt>
                        <dd>
                            <Expiry ms=certificate.expires_ms now_ms/>
                        </dd>
                    }
                })}
            {next
                .map(|next| {
                    view! {
                        <dt>{t!(i18n, clusters.announced)}</dt>
                        <dd>
                            <code>{next.fingerprint}</code>
                        </dd>
                    }
                })}
        </dl>
    }
}

/// The button that sends the waiting log-outs now.
#[component]
fn Ask(action: ServerAction<ChangeRemoteCluster>, id: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Act action id intent="ask">
            <button class="button">{t!(i18n, clusters.try_now)}</button>
        </Act>
    }
}

/// A form with one button.
#[component]
fn Act(
    action: ServerAction<ChangeRemoteCluster>,
    id: String,
    intent: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <ActionForm action attr:class="act">
            <ShownToField/>
            <input type="hidden" name="intent" value=intent/>
            <input type="hidden" name="id" value=id/>
            {children()}
        </ActionForm>
    }
}
