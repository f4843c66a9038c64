//! The retention of each kind of row, and the form that changes it.

use leptos::{html, prelude::*};

use super::{cuts::Question, kinds::kind_name, typed::until_read_anew};
use crate::{
    api::{Cuts, KeptKind, RetentionDays, SaveSettings, SettingsOutcome, SettingsPage as Settings},
    components::{ShownToField, grouped},
    text::{t, use_i18n},
};

/// The section.
#[component]
pub(super) fn Retention(
    action: ServerAction<SaveSettings>,
    shown: RwSignal<Settings>,
    /// The values of a form that is not done.
    typed: Option<RetentionDays>,
    /// The deletions to confirm.
    cuts: Memo<Option<Cuts>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_change = shown.with_untracked(|page| page.may_change);
    let deletion = shown.with_untracked(|page| page.deletion);
    let pace = t!(
        i18n,
        settings.deletion,
        minutes = deletion.every_minutes,
        rows = grouped(deletion.rows.into()),
        times = deletion.per_second
    );
    let typed = until_read_anew(shown, typed);
    let content = if may_change {
        view! { <Form action shown typed cuts/> }.into_any()
    } else {
        view! { <Days shown typed may_change=false/> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="retention-title">
            <header>
                <h2 id="retention-title">{t!(i18n, settings.retention)}</h2>
                <p>{t!(i18n, settings.retention_text)}</p>
            </header>
            {content}
            <p class="body soft">{pace}</p>
        </section>
    }
}

#[component]
fn Form(
    action: ServerAction<SaveSettings>,
    shown: RwSignal<Settings>,
    typed: RwSignal<Option<RetentionDays>>,
    cuts: Memo<Option<Cuts>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if matches!(action.value().get(), Some(Ok(SettingsOutcome::Cancelled)))
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    let seen = move || shown.with(|page| page.days.seen());
    // Enter in a field presses the first button, which deletes nothing without a question.
    view! {
        <ActionForm action node_ref=form>
            <ShownToField/>
            <input type="hidden" name="seen" value=seen/>
            <Days shown typed may_change=true/>
            <p class="body actions">
                <button class="button primary" name="intent" value="retention">
                    {t!(i18n, settings.save)}
                </button>
            </p>
            {move || cuts.get().map(|cuts| view! { <Question cuts/> }.into_any())}
        </ActionForm>
    }
}

/// The days of each kind, as fields or as numbers.
#[component]
fn Days(
    shown: RwSignal<Settings>,
    typed: RwSignal<Option<RetentionDays>>,
    may_change: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (default, max) = shown.with_untracked(|page| (page.default_days, page.max_days));
    let row = move |kind: KeptKind| {
        let days = Memo::new(move |_| {
            typed.get().unwrap_or_else(|| shown.with(|page| page.days)).of(kind)
        });
        let (id, name) = field(kind);
        let shown_days = if may_change {
            view! {
                <input
                    id=id
                    name=name
                    type="number"
                    min="1"
                    max=max.to_string()
                    required
                    value=move || days.get().to_string()
                    prop:value=move || days.get().to_string()
                />
            }
            .into_any()
        } else {
            view! { {move || days.get()} }.into_any()
        };
        let label = if may_change {
            view! { <label for=id>{kind_name(kind)}</label> }.into_any()
        } else {
            view! { {kind_name(kind)} }.into_any()
        };
        view! {
            <tr>
                <td class="who">{label}</td>
                <td data-label=t!(i18n, settings.days)>{shown_days}</td>
                <td data-label=t!(i18n, settings.default)>{default.of(kind)}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <table class="cards" aria-labelledby="retention-title">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, settings.kind)}</th>
                    <th scope="col">{t!(i18n, settings.days)}</th>
                    <th scope="col">{t!(i18n, settings.default)}</th>
                </tr>
            </thead>
            <tbody>{KeptKind::ALL.map(row).collect_view()}</tbody>
        </table>
    }
}

/// The element id and the name of the field for a kind.
const fn field(kind: KeptKind) -> (&'static str, &'static str) {
    match kind {
        KeptKind::History => ("history-days", "days[history]"),
        KeptKind::Audit => ("audit-days", "days[audit]"),
        KeptKind::Events => ("event-days", "days[events]"),
        KeptKind::Refusals => ("refusal-days", "days[refusals]"),
    }
}
