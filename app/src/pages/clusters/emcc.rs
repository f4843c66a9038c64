//! The settings of EMCC that hold for all remote clusters, and what EMCC still needs.

use leptos::prelude::*;

use crate::{
    api::{ChangeRemoteCluster, EmccNeed, EmccSettings, RemoteClusters},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The original's *EMCC Intercluster Service Profile* with its validation, and the setting of *EMCC Feature
/// Configuration* that applies here.
#[component]
pub(super) fn Emcc(
    action: ServerAction<ChangeRemoteCluster>,
    shown: RwSignal<RemoteClusters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_change = shown.with_untracked(|page| page.may_change);
    let settings = Memo::new(move |_| shown.with(|page| page.emcc));
    let needs = Memo::new(move |_| shown.with(|page| page.emcc_needs.clone()));
    view! {
        <section class="card" aria-labelledby="emcc-title">
            <header>
                <h2 id="emcc-title">{t!(i18n, clusters.profile)}</h2>
                <p>{t!(i18n, clusters.about)}</p>
            </header>
            <div class="body">
                {move || view! { <Needs needs=needs.get()/> }}
                {may_change.then(|| view! { <Form action settings/> })}
            </div>
        </section>
    }
}

/// The needs that are not met, as the button *Validate* of the original lists them.
#[component]
fn Needs(needs: Vec<EmccNeed>) -> impl IntoView {
    let i18n = use_i18n();
    let text = move |need: EmccNeed| match need {
        EmccNeed::Active => t!(i18n, clusters.need_active),
        EmccNeed::RemoteCluster => t!(i18n, clusters.need_cluster),
        EmccNeed::EnabledCluster => t!(i18n, clusters.need_enabled),
        EmccNeed::AnsweringCluster => t!(i18n, clusters.need_answering),
        EmccNeed::WillingCluster => t!(i18n, clusters.need_willing),
        EmccNeed::User => t!(i18n, clusters.need_user),
        EmccNeed::ServiceUrl => t!(i18n, clusters.need_service_url),
    };
    let (class, title) = match needs.as_slice() {
        [] => ("status", t!(i18n, clusters.needs_nothing)),
        // Each of these concerns one direction, and the other direction works.
        [EmccNeed::User] => ("status", t!(i18n, clusters.only_visitors)),
        [EmccNeed::ServiceUrl] => ("status", t!(i18n, clusters.only_own)),
        _ => ("status warn", t!(i18n, clusters.needs)),
    };
    let list = (!needs.is_empty()).then(|| {
        let items = needs.into_iter().map(|need| view! { <li>{text(need)}</li> }).collect_view();
        view! { <ul>{items}</ul> }
    });
    view! {
        <div class=class>
            <p>{title}</p>
            {list}
        </div>
    }
}

#[component]
fn Form(
    action: ServerAction<ChangeRemoteCluster>,
    /// The settings in force: a save of another administrator shows in the form.
    settings: Memo<EmccSettings>,
) -> impl IntoView {
    let i18n = use_i18n();
    // A memo for each field: a save of one field keeps what is typed in the other.
    let active = Memo::new(move |_| settings.get().active);
    let enable_new = Memo::new(move |_| settings.get().enable_new);
    view! {
        <ActionForm action attr:class="log-out-form">
            <ShownToField/>
            <input type="hidden" name="intent" value="emcc"/>
            <input type="hidden" name="id" value=""/>
            <input type="hidden" name="emcc[seen][active]" value=move || active.get().to_string()/>
            <input type="hidden" name="emcc[seen][enable_new]" value=move || enable_new.get().to_string()/>
            <label for="emcc-active">
                <input
                    id="emcc-active"
                    name="emcc[wanted][active]"
                    type="checkbox"
                    value="true"
                    checked=active.get_untracked()
                    prop:checked=move || active.get()
                    aria-describedby="emcc-active-text"
                />
                " "
                {t!(i18n, clusters.active)}
            </label>
            <p class="soft" id="emcc-active-text">
                {t!(i18n, clusters.active_text)}
            </p>
            <label for="emcc-enable-new">
                <input
                    id="emcc-enable-new"
                    name="emcc[wanted][enable_new]"
                    type="checkbox"
                    value="true"
                    checked=enable_new.get_untracked()
                    prop:checked=move || enable_new.get()
                />
                " "
                {t!(i18n, clusters.enable_new)}
            </label>
            <p class="actions">
                <button class="button primary">{t!(i18n, clusters.save)}</button>
            </p>
        </ActionForm>
    }
}
