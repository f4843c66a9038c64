//! The retention period of a list, and the form that changes the period.

use leptos::prelude::*;

use crate::{
    api::{RetentionOutcome, RetentionPage, RetentionView, SaveRetention, read_retention},
    components::{Problem, ShownToField},
    text::{t, use_i18n},
};

/// "Kept for 365 days", and the form for a viewer who may change the period.
#[component]
pub(super) fn Retention(
    /// Selects the page's retention period, in days.
    days: fn(RetentionView) -> u32,
) -> impl IntoView {
    let action = ServerAction::<SaveRetention>::new();
    // A refused form reads nothing anew, so that its fields keep the typed values.
    let changes = Memo::new(move |before: Option<&u32>| {
        let before = before.copied().unwrap_or_default();
        before + u32::from(matches!(action.value().get(), Some(Ok(RetentionOutcome::Saved))))
    });
    let page = Resource::new(move || changes.try_get().unwrap_or(0), |_| read_retention());
    // The surrounding page reports a failed read.
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Kept page days action/> }.into_any(),
                    Err(_) => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Kept(
    page: RetentionPage,
    days: fn(RetentionView) -> u32,
    action: ServerAction<SaveRetention>,
) -> impl IntoView {
    let i18n = use_i18n();
    let RetentionPage { now, max_days, max_per_second, may_change, answered } = page;
    let answer = move || match action.value().get() {
        None => answered.map(Ok),
        answer => answer,
    };
    let said = move || match answer() {
        None => ().into_any(),
        Some(Ok(outcome)) => view! { <Said outcome max_days max_per_second/> }.into_any(),
        Some(Err(refused)) => view! { <Problem refused/> }.into_any(),
    };
    view! {
        <p class="foot">{t!(i18n, retention.kept, days = days(now))}</p>
        {said}
        {may_change
            .then(|| {
                view! {
                    <details class="card body">
                        <summary>{t!(i18n, retention.title)}</summary>
                        <p class="soft">{t!(i18n, retention.text)}</p>
                        <ActionForm action attr:class="act">
                            <ShownToField/>
                            <input type="hidden" name="seen" value=now.seen()/>
                            <Number name="history_days" value=now.history_days max=max_days>
                                {t!(i18n, retention.history_days)}
                            </Number>
                            <Number name="audit_days" value=now.audit_days max=max_days>
                                {t!(i18n, retention.audit_days)}
                            </Number>
                            <Number name="event_days" value=now.event_days max=max_days>
                                {t!(i18n, retention.event_days)}
                            </Number>
                            <Number name="refusal_days" value=now.refusal_days max=max_days>
                                {t!(i18n, retention.refusal_days)}
                            </Number>
                            <Number
                                name="log_outs_per_second"
                                value=now.log_outs_per_second
                                max=max_per_second
                            >
                                {t!(i18n, retention.log_outs)}
                            </Number>
                            <button class="button primary">{t!(i18n, retention.save)}</button>
                        </ActionForm>
                    </details>
                }
            })}
    }
}

#[component]
fn Number(name: &'static str, value: u32, max: u32, children: Children) -> impl IntoView {
    view! {
        <label class="inline">
            {children()}
            <input type="number" name=name value=value.to_string() min="1" max=max.to_string() required/>
        </label>
    }
}

#[component]
fn Said(outcome: RetentionOutcome, max_days: u32, max_per_second: u32) -> impl IntoView {
    let i18n = use_i18n();
    let good = outcome != RetentionOutcome::Wrong;
    let text = move || match outcome {
        RetentionOutcome::Saved => t!(i18n, retention.saved).to_owned(),
        RetentionOutcome::Nothing => t!(i18n, retention.nothing).to_owned(),
        RetentionOutcome::Wrong => {
            t!(i18n, retention.wrong, days = max_days, per_second = max_per_second)
        }
    };
    view! {
        <p class=if good { "status" } else { "status bad" } role="status" id="status">
            {text}
        </p>
    }
}
