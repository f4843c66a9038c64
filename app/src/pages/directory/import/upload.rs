//! The forms that take a file, or pasted rows.

use leptos::prelude::*;
use terms::{Named, RecordKind};

use super::super::words::title_of;
use crate::{
    api::{ImportShow, import_url},
    components::ShownToField,
    shell::use_assets,
    text::{t, use_i18n},
};

/// The forms. A script sends a file in pieces; without JavaScript, rows can be pasted.
#[component]
pub(super) fn Upload(kind: RecordKind) -> impl IntoView {
    let i18n = use_i18n();
    let columns = kind.fields().iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
    let (pieces, next) =
        (format!("/records/{}/pieces", kind.name()), import_url(kind, ImportShow::default()));
    let paste = format!("/records/{}/paste", kind.name());
    let script = format!("{}/import.js", use_assets());
    view! {
        <section class="card" aria-labelledby="upload-title">
            <header>
                <h2 id="upload-title">{t!(i18n, import.file_title, kind = title_of(kind))}</h2>
            </header>
            <div class="body">
                <p>{t!(i18n, import.text)}</p>
                <p class="soft">{t!(i18n, import.columns)} " " <code>{columns}</code></p>
                <form class="import-file act" data-pieces=pieces data-next=next>
                    <label for="file">{t!(i18n, import.file)}</label>
                    <input
                        id="file"
                        name="file"
                        type="file"
                        accept=".csv,.tsv,.txt,text/csv,text/plain"
                        required
                    />
                    <button class="button primary">{t!(i18n, import.read)}</button>
                    <progress aria-label=t!(i18n, import.sending) max="1" hidden></progress>
                    <p
                        class="status bad"
                        role="alert"
                        data-large=t!(i18n, import.too_large)
                        data-failed=t!(i18n, states.failed)
                        hidden
                    ></p>
                </form>
                <details>
                    <summary>{t!(i18n, import.paste)}</summary>
                    <form method="post" action=paste class="log-out-form">
                        <ShownToField/>
                        <label for="pasted">{t!(i18n, import.rows)}</label>
                        <textarea id="pasted" name="text" rows="8" spellcheck="false" required></textarea>
                        <p class="actions">
                            <button class="button">{t!(i18n, import.read)}</button>
                        </p>
                    </form>
                </details>
            </div>
        </section>
        <script type="module" src=script nonce=leptos::nonce::use_nonce()></script>
    }
}
