//! The certificate by which other clusters know this cluster.

use leptos::{ev, prelude::*, web_sys::HtmlTextAreaElement};
use leptos_router::location::Url;

use super::expiry::Expiry;
use crate::{
    api::{OwnCertificateView, OwnCertificatesView},
    text::{t, use_i18n},
};

/// The certificate, for the administrators of other clusters.
#[component]
pub(super) fn Own(own: OwnCertificatesView, now_ms: i64) -> impl IntoView {
    let i18n = use_i18n();
    let OwnCertificatesView { current, next } = own;
    view! {
        <section class="card" aria-labelledby="own-title">
            <header>
                <h2 id="own-title">{t!(i18n, clusters.own)}</h2>
                <p>{t!(i18n, clusters.own_text)}</p>
            </header>
            <One one=current now_ms id="own-pem"/>
            {next
                .map(|next| {
                    view! {
                        <div class="body">
                            <h3>{t!(i18n, clusters.announced)}</h3>
                            <p class="soft">{t!(i18n, clusters.announced_text)}</p>
                        </div>
                        <One one=next now_ms id="next-pem"/>
                    }
                })}
        </section>
    }
}

#[component]
fn One(one: OwnCertificateView, now_ms: i64, id: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    let OwnCertificateView { view, pem } = one;
    let file = format!("{}.pem", view.cluster);
    let download = format!("data:application/x-pem-file,{}", Url::escape(&pem));
    let select = move |event: ev::FocusEvent| event_target::<HtmlTextAreaElement>(&event).select();
    view! {
        <dl class="facts body">
            <dt>{t!(i18n, clusters.id)}</dt>
            <dd>
                <b>{view.cluster}</b>
            </dd>
            <dt>{t!(i18n, clusters.fingerprint)}</dt>
            <dd>
                <code>{view.fingerprint}</code>
            </dd>
            <dt>{t!(i18n, clusters.expires)}</dt>
            <dd>
                <Expiry ms=view.expires_ms now_ms/>
            </dd>
        </dl>
        <details class="body">
            <summary>{t!(i18n, clusters.show_pem)}</summary>
            <div class="log-out-form">
                <label for=id>{t!(i18n, clusters.certificate)}</label>
                <textarea id=id rows="12" readonly spellcheck="false" on:focus=select>
                    {pem.trim().to_owned()}
                </textarea>
                <p class="actions">
                    <a class="button" href=download download=file rel="external">
                        {t!(i18n, clusters.download)}
                    </a>
                </p>
            </div>
        </details>
    }
}
