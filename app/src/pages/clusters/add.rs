//! The form that adds a remote cluster.

use leptos::{html, prelude::*};

use super::compare::{Compare, pem_field};
use crate::{
    api::{CertificateView, ChangeRemoteCluster, RemoteForm, RemoteOutcome},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The form.
/// The first submission shows the certificate's cluster, the second submission adds the cluster.
#[component]
pub(super) fn Add(
    action: ServerAction<ChangeRemoteCluster>,
    compare: Memo<Option<CertificateView>>,
    now_ms: impl Fn() -> i64 + Copy + Send + Sync + 'static,
    typed: RemoteForm,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = NodeRef::<html::Form>::new();
    // Clears the form after a cluster is added.
    Effect::new(move |_| {
        if let Some(Ok(RemoteOutcome::Added { .. })) = action.value().get()
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    let submit = move || {
        if compare.with(Option::is_some) {
            t!(i18n, clusters.add_compared)
        } else {
            t!(i18n, clusters.next)
        }
    };
    view! {
        <section class="card" aria-labelledby="add-title">
            <header>
                <h2 id="add-title">{t!(i18n, clusters.add)}</h2>
                <p>{t!(i18n, clusters.add_text)}</p>
            </header>
            <div class="body">
                <ActionForm action node_ref=form attr:class="log-out-form">
                    <ShownToField/>
                    <input type="hidden" name="intent" value="add"/>
                    <label for="new-id">{t!(i18n, clusters.id)}</label>
                    <input
                        id="new-id"
                        name="id"
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="256"
                        required
                        value=typed.id
                    />
                    <label for="new-url">{t!(i18n, clusters.url)}</label>
                    <input
                        id="new-url"
                        name="wanted[url]"
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="256"
                        placeholder="https://em.example:8443/emservice/EMServiceServlet"
                        required
                        value=typed.wanted.url
                    />
                    <label for="new-description">{t!(i18n, clusters.description)}</label>
                    <input
                        id="new-description"
                        name="wanted[description]"
                        type="text"
                        autocomplete="off"
                        maxlength="256"
                        value=typed.wanted.description
                    />
                    <label for="new-certificate">{t!(i18n, clusters.certificate)}</label>
                    {pem_field("new-certificate", &typed.certificate)}
                    <Compare compare now_ms/>
                    <p class="actions">
                        <button class="button primary">{submit}</button>
                    </p>
                </ActionForm>
            </div>
        </section>
    }
}
