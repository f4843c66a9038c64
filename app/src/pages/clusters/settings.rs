//! The forms that change a remote cluster.

use leptos::{html, prelude::*};

use super::compare::{Compare, pem_field};
use crate::{
    api::{CertificateView, ChangeRemoteCluster, RemoteOutcome, RemoteSettings},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The form for address, description and whether the cluster takes part.
/// `typed` is in the fields; `seen` are the settings that the administrator saw before typing.
#[component]
pub(super) fn Settings(
    action: ServerAction<ChangeRemoteCluster>,
    id: String,
    typed: RemoteSettings,
    seen: RemoteSettings,
) -> impl IntoView {
    let i18n = use_i18n();
    let seen = RwSignal::new(seen);
    Effect::new(move |_| {
        // The second save overwrites: the administrator has then seen the other administrator's values.
        if let Some(Ok(RemoteOutcome::Changed(now) | RemoteOutcome::Conflict(now))) =
            action.value().get()
        {
            seen.set(now);
        }
    });
    view! {
        <section class="card" aria-labelledby="settings-title">
            <header>
                <h2 id="settings-title">{t!(i18n, clusters.settings)}</h2>
            </header>
            <div class="body">
                <ActionForm action attr:class="log-out-form">
                    <ShownToField/>
                    <input type="hidden" name="intent" value="change"/>
                    <input type="hidden" name="id" value=id/>
                    <input
                        type="hidden"
                        name="seen[url]"
                        value=move || seen.with(|seen| seen.url.clone())
                    />
                    <input
                        type="hidden"
                        name="seen[description]"
                        value=move || seen.with(|seen| seen.description.clone())
                    />
                    <input
                        type="hidden"
                        name="seen[enabled]"
                        value=move || seen.with(|seen| seen.enabled).to_string()
                    />
                    <label for="url">{t!(i18n, clusters.url)}</label>
                    <input
                        id="url"
                        name="wanted[url]"
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="256"
                        required
                        value=typed.url
                    />
                    <label for="description">{t!(i18n, clusters.description)}</label>
                    <input
                        id="description"
                        name="wanted[description]"
                        type="text"
                        autocomplete="off"
                        maxlength="256"
                        value=typed.description
                    />
                    <label for="enabled">
                        <input
                            id="enabled"
                            name="wanted[enabled]"
                            type="checkbox"
                            value="true"
                            checked=typed.enabled
                            aria-describedby="enabled-text"
                        />
                        " "
                        {t!(i18n, clusters.enabled)}
                    </label>
                    <p class="soft" id="enabled-text">
                        {t!(i18n, clusters.enabled_text)}
                    </p>
                    <p class="actions">
                        <button class="button primary">{t!(i18n, clusters.save)}</button>
                    </p>
                </ActionForm>
            </div>
        </section>
    }
}

/// The form that replaces the certificate, in the same two steps as the form that adds a cluster.
#[component]
pub(super) fn Certificate(
    action: ServerAction<ChangeRemoteCluster>,
    id: String,
    typed: String,
    compare: Memo<Option<CertificateView>>,
    now_ms: impl Fn() -> i64 + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if let Some(Ok(RemoteOutcome::Replaced)) = action.value().get()
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    let submit = move || {
        if compare.with(Option::is_some) {
            t!(i18n, clusters.replace_compared)
        } else {
            t!(i18n, clusters.next)
        }
    };
    view! {
        <section class="card" aria-labelledby="certificate-title">
            <header>
                <h2 id="certificate-title">{t!(i18n, clusters.replace)}</h2>
                <p>{t!(i18n, clusters.replace_text)}</p>
            </header>
            <div class="body">
                <ActionForm action node_ref=form attr:class="log-out-form">
                    <ShownToField/>
                    <input type="hidden" name="intent" value="certificate"/>
                    <input type="hidden" name="id" value=id/>
                    <label for="certificate">{t!(i18n, clusters.certificate)}</label>
                    {pem_field("certificate", &typed)}
                    <Compare compare now_ms/>
                    <p class="actions">
                        <button class="button primary">{submit}</button>
                    </p>
                </ActionForm>
            </div>
        </section>
    }
}
