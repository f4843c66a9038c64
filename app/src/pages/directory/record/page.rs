//! The page of the form: the record as stored, the form, and the way to remove the record.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use terms::RecordKind;

use super::{
    super::words::{one_of, title_of},
    form::RecordForm,
    said::{LastSaid, SAID},
};
use crate::{
    address::{address, phone_url, user_url},
    api::{
        DirectoryQuery, EditRecord, RecordAct, RecordAnswer, RecordOutcome, RecordPage,
        RecordTexts, RecordView, Refused, UsedBy, read_record, record_url,
    },
    components::{Chrome, Place, Problem, Styled, answered, focus, grouped, loaded},
    text::{t, use_i18n},
};

/// The kind and the name of the record that was added last, for the page of its form.
#[derive(Clone, Copy)]
pub(in super::super) struct Added(pub(in super::super) RwSignal<Option<(RecordKind, String)>>);

/// The form of the record with this name; an empty name is a new record.
#[component]
pub(in super::super) fn Record(kind: RecordKind, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<EditRecord>::new();
    let added = expect_context::<Added>().0;
    // The form of a record that was added says so once.
    let is_added = added.get_untracked() == Some((kind, name.clone()));
    if is_added {
        added.set(None);
    }
    let name = StoredValue::new(name);
    // A refused form reads nothing anew, so that its fields keep the typed values.
    let saved = Memo::new(move |before: Option<&u32>| {
        let is_saved =
            matches!(action.value().get(), Some(Ok(RecordOutcome::Saved | RecordOutcome::Nothing)));
        before.copied().unwrap_or_default() + u32::from(is_saved)
    });
    let asked = move || (kind, name.get_value(), saved.try_get().unwrap_or_default());
    let page = answered(asked, move |(kind, name, _)| async move {
        let mut page = read_record(kind, name.clone()).await?;
        if is_added && page.answer.is_none() {
            let outcome = RecordOutcome::Added(name);
            let (typed, seen) = (RecordTexts::default(), RecordTexts::default());
            page.answer = Some(RecordAnswer { outcome, typed, seen });
        }
        Ok(page)
    });
    let navigate = use_navigate();
    Effect::new(move |_| {
        let Some(answer) = action.value().get() else { return };
        match answer {
            Ok(RecordOutcome::Added(name)) => {
                let to = record_url(kind, &name);
                added.set(Some((kind, name)));
                navigate(&to, leptos_router::NavigateOptions::default());
            }
            _ => focus(SAID),
        }
    });
    let list = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    view! {
        <Chrome title=one_of(kind) related=&[Place::Directory, Place::Logins, Place::Audit]>
            <nav class="chips" aria-label=t!(i18n, directory.lists)>
                <a class="chip" href=list>
                    "← "
                    {title_of(kind)}
                </a>
            </nav>
            <Styled name="directory">
                {loaded(page, move |(page, (kind, name, _))| one(kind, &name, page, action))}
            </Styled>
        </Chrome>
    }
}

fn one(
    kind: RecordKind,
    name: &str,
    page: RecordPage,
    action: ServerAction<EditRecord>,
) -> AnyView {
    let RecordPage { record, may_change, answer } = page;
    let is_new = name.is_empty();
    if is_new && !may_change {
        return view! { <Problem refused=Refused::NotAllowed/> }.into_any();
    }
    let before = answer.as_ref().map(|answer| answer.outcome.clone());
    if !is_new && record.is_none() {
        return view! {
            <LastSaid kind before action/>
            <Problem refused=Refused::NotFound/>
        }
        .into_any();
    }
    let title = record.as_ref().map(|record| record.name.clone());
    let (facts, remove) = match record.clone() {
        Some(record) => (
            view! { <Facts kind record=record.clone()/> }.into_any(),
            may_change.then(|| view! { <Remove kind record/> }.into_any()),
        ),
        None => (().into_any(), None),
    };
    view! {
        <LastSaid kind before action/>
        <section class="card" aria-labelledby="record-title">
            <header>
                <h2 id="record-title">{title.unwrap_or_else(|| new_of(kind).to_owned())}</h2>
                {facts}
            </header>
            <RecordForm kind record answer may_change action/>
        </section>
        {remove}
    }
    .into_any()
}

/// The heading of the form of a new record.
fn new_of(kind: RecordKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        RecordKind::Users => t!(i18n, record.new_user),
        RecordKind::Phones => t!(i18n, record.new_phone),
        RecordKind::DeviceProfiles => t!(i18n, record.new_profile),
        RecordKind::ApplicationUsers => t!(i18n, record.new_app_user),
    }
}

/// Links to what depends on the record.
#[component]
fn Facts(kind: RecordKind, record: RecordView) -> impl IntoView {
    let i18n = use_i18n();
    let RecordView { name, used_by: UsedBy { logins, users }, .. } = record;
    let logins = match logins {
        0 => t!(i18n, record.no_logins).to_owned(),
        logins => t!(i18n, record.logins, count = grouped(logins)),
    };
    match kind {
        RecordKind::Users => view! {
            <p>
                <a href=user_url(&name)>{logins}</a>
            </p>
        }
        .into_any(),
        RecordKind::Phones => view! {
            <p>
                <a href=phone_url(&name)>{logins}</a>
            </p>
        }
        .into_any(),
        RecordKind::DeviceProfiles => {
            let open = address("/", &[("find", format!("profile:\"{}\"", name.replace('"', " ")))]);
            let of = DirectoryQuery { profile: name, ..DirectoryQuery::default() }.url();
            view! {
                <p>
                    <a href=of>{t!(i18n, record.users, count = grouped(users))}</a>
                    " · "
                    <a href=open>{logins}</a>
                </p>
            }
            .into_any()
        }
        RecordKind::ApplicationUsers => ().into_any(),
    }
}

/// The way to the question before the record is removed.
#[component]
fn Remove(kind: RecordKind, record: RecordView) -> impl IntoView {
    let i18n = use_i18n();
    let pairs = [("act", terms::Named::name(RecordAct::Remove).to_owned()), ("name", record.name)];
    let path = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    view! {
        <p class="actions">
            <a class="button danger" href=address(&path, &pairs)>
                {t!(i18n, record.remove)}
            </a>
        </p>
    }
}
