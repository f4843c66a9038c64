//! What an import would do, its progress, and what it did.

use leptos::{prelude::*, task::spawn_local};
use leptos_use_interval_fn::use_interval_fn;
use terms::{Named, RecordKind};

use super::words::{show_words, state_words, verdict_words};
use crate::{
    api::{
        ChangeImport, IMPORT_ROWS, ImportPage, ImportRowView, ImportShow, ImportState, import_url,
        read_import_anew, record_url,
    },
    components::{Problem, ShownToField, grouped},
    text::{t, use_i18n},
};

/// How often the page of a running import reads itself anew, in milliseconds.
const ANEW_MS: u64 = 1_000;

/// The judged rows of a file.
#[component]
pub(super) fn Judged(
    kind: RecordKind,
    show: ImportShow,
    page: ImportPage,
    action: ServerAction<ChangeImport>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (rows, counts, file) = (page.rows.clone(), page.counts, page.file.clone());
    let shown = RwSignal::new(page);
    use_interval_fn(
        move || {
            if shown.with_untracked(|page| page.state) == ImportState::Running {
                spawn_local(async move {
                    if let Ok(page) = read_import_anew(kind, show).await {
                        // The page may be left.
                        let _ = shown.try_set(page);
                    }
                });
            }
        },
        ANEW_MS,
    );
    let state = Memo::new(move |_| shown.with(|page| page.state));
    let [_, new, changed, _] = counts;
    let wanted = new + changed;
    let chip = move |(one, count): (ImportShow, u64)| {
        let current = (one == show).then_some("true");
        view! {
            <a class="chip" href=import_url(kind, one) aria-current=current>
                {show_words(one)}
                " "
                {grouped(count)}
            </a>
        }
    };
    let chips = ImportShow::all().zip(counts).map(chip).collect_view();
    let title = if file.is_empty() { t!(i18n, import.pasted).to_owned() } else { file };
    let said = move || {
        let (done, refused) = shown.with(|page| (page.done, page.refused));
        state_words(state.get(), done, wanted, refused)
    };
    let buttons = move || match state.get() {
        ImportState::Judged if wanted > 0 => {
            let text = t!(i18n, import.begin, count = grouped(wanted));
            view! { <Change action kind intent="begin" class="button primary" text/> }.into_any()
        }
        ImportState::Running => {
            let text = t!(i18n, import.cancel).to_owned();
            view! {
                <progress max=wanted value=move || shown.with(|page| page.done)></progress>
                <Change action kind intent="cancel" class="button" text/>
                <a class="button" href=import_url(kind, show) rel="external">
                    {t!(i18n, import.refresh)}
                </a>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    let report = format!("/records/{}/report", kind.name());
    view! {
        <section class="card" aria-labelledby="import-title">
            <header>
                <h2 id="import-title">{title}</h2>
                <p role="status" id="status">
                    {said}
                </p>
            </header>
            <div class="body">
                {move || {
                    action
                        .value()
                        .get()
                        .and_then(Result::err)
                        .map(|refused| view! { <Problem refused/> })
                }}
                <div class="actions">{buttons}</div>
            </div>
            <div class="filters chips" role="group" aria-label=t!(i18n, import.shown)>
                {chips}
            </div>
            <Rows kind rows/>
            <p class="foot body">
                <a href=report rel="external" download>
                    {t!(i18n, import.report)}
                </a>
            </p>
        </section>
    }
}

/// A button that begins the import or stops it.
#[component]
fn Change(
    action: ServerAction<ChangeImport>,
    kind: RecordKind,
    intent: &'static str,
    class: &'static str,
    text: String,
) -> impl IntoView {
    view! {
        <ActionForm action>
            <ShownToField/>
            <input type="hidden" name="kind" value=kind.name()/>
            <input type="hidden" name="intent" value=intent/>
            <button class=class>{text}</button>
        </ActionForm>
    }
}

#[component]
fn Rows(kind: RecordKind, rows: Vec<ImportRowView>) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! { <p class="empty">{t!(i18n, import.none)}</p> }.into_any();
    }
    let is_cut = rows.len() == IMPORT_ROWS;
    let row = move |row: ImportRowView| {
        let ImportRowView { line, name, verdict } = row;
        let to = record_url(kind, &name);
        view! {
            <tr>
                <td data-label=t!(i18n, import.line)>{line}</td>
                <td data-label=t!(i18n, record.name)>
                    <a href=to>{name}</a>
                </td>
                <td data-label=t!(i18n, import.what)>{verdict_words(kind, verdict)}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!(i18n, import.table)>
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, import.line)}</th>
                        <th scope="col">{t!(i18n, record.name)}</th>
                        <th scope="col">{t!(i18n, import.what)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {is_cut
            .then(|| {
                let count = grouped(IMPORT_ROWS as u64);
                view! { <p class="body soft">{t!(i18n, import.first_rows, count = count)}</p> }
            })}
    }
    .into_any()
}
