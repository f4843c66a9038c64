//! The page of an import.

use leptos::prelude::*;
use terms::RecordKind;

use super::{super::words::title_of, judged::Judged, upload::Upload, words::problem_words};
use crate::{
    api::{ChangeImport, DirectoryQuery, ImportPage, ImportShow, ImportState, read_import},
    components::{Chrome, Place, Styled, answered, loaded},
    text::{t, use_i18n},
};

/// The import of records of a kind; the page shows the rows that `show` names.
#[component]
pub(in super::super) fn Import(kind: RecordKind, show: ImportShow) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangeImport>::new();
    let changes = Memo::new(move |before: Option<&u32>| {
        let is_done = matches!(action.value().get(), Some(Ok(())));
        before.copied().unwrap_or_default() + u32::from(is_done)
    });
    let asked = move || (kind, show, changes.try_get().unwrap_or_default());
    let page = answered(asked, |(kind, show, _)| read_import(kind, show));
    let list = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    view! {
        <Chrome title=t!(i18n, import.title) related=&[Place::Directory, Place::Audit]>
            <nav class="chips" aria-label=t!(i18n, directory.lists)>
                <a class="chip" href=list>
                    "← "
                    {title_of(kind)}
                </a>
            </nav>
            <Styled name="directory">
                {loaded(page, move |(page, _)| one(kind, show, page, action))}
            </Styled>
        </Chrome>
    }
}

fn one(
    kind: RecordKind,
    show: ImportShow,
    page: ImportPage,
    action: ServerAction<ChangeImport>,
) -> AnyView {
    let i18n = use_i18n();
    let problem = page.problem.clone().map(|problem| {
        view! {
            <p class="status bad" role="alert" id="status">
                {t!(i18n, import.refused_file)}
                " "
                {problem_words(problem)}
            </p>
        }
    });
    let is_running = page.state == ImportState::Running;
    let judged = (page.state != ImportState::None)
        .then(|| view! { <Judged kind show page action/> }.into_any());
    view! {
        {problem}
        {judged}
        {(!is_running).then(|| view! { <Upload kind/> })}
    }
    .into_any()
}
