//! The field for a certificate, and the question whether the certificate is right.

use leptos::prelude::*;

use super::expiry::Expiry;
use crate::{
    api::{CertificateView, RemoteOutcome},
    text::{t, use_i18n},
};

/// The element id of the question, for the focus.
pub(super) const COMPARE: &str = "compare";

/// A field for a certificate (PEM), with the typed text.
pub(super) fn pem_field(id: &'static str, typed: &str) -> AnyView {
    let typed = typed.trim().to_owned();
    // The view would write an empty text as a blank.
    if typed.is_empty() {
        view! {
            <textarea
                id=id
                name="certificate"
                rows="6"
                maxlength="16384"
                spellcheck="false"
                autocomplete="off"
                placeholder="-----BEGIN CERTIFICATE-----"
                required
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <textarea
                id=id
                name="certificate"
                rows="6"
                maxlength="16384"
                spellcheck="false"
                autocomplete="off"
                required
            >
                {typed}
            </textarea>
        }
        .into_any()
    }
}

/// Shows the certificate's cluster, and asks whether the other cluster shows the same fingerprint.
/// The form then sends the compared fingerprint.
#[component]
pub(super) fn Compare(
    compare: Memo<Option<CertificateView>>,
    now_ms: impl Fn() -> i64 + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        compare.get().map(|certificate| {
            let CertificateView { cluster, fingerprint, expires_ms } = certificate;
            let shown = fingerprint.clone();
            view! {
                <div class="impact" id=COMPARE tabindex="-1">
                    <p>{t!(i18n, clusters.compare, cluster = cluster)}</p>
                    <p>
                        <code>{shown}</code>
                    </p>
                    <p>
                        {t!(i18n, clusters.expires)} " "
                        <Expiry ms=expires_ms now_ms=now_ms()/>
                    </p>
                    <input type="hidden" name="fingerprint" value=fingerprint/>
                </div>
            }
        })
    }
}

/// The certificate that an answer asks the administrator to compare.
pub(super) fn to_compare(outcome: &RemoteOutcome) -> Option<CertificateView> {
    match outcome {
        RemoteOutcome::Compare(certificate) => Some(certificate.clone()),
        _ => None,
    }
}
