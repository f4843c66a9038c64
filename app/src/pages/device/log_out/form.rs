//! The form: the logins to end, the reason, and the result.

use std::time::Duration;

use leptos::{html::Input, prelude::*};
use terms::{LoginFilter, Named};

use super::super::job::JobProgress;
use crate::{
    api::{
        LogOutLogins, LogOutOutcome, LogOutPreview, LogOutScope, RefusedLogOut, TYPED_COUNT_FROM,
    },
    components::{Problem, ShownToField, When, filter_words, focus, grouped, type_name},
    text::{t, use_i18n},
};

/// The time for which the submit button is disabled after the named logins have changed: a second click was not
/// meant for the new logins.
const LOOK: Duration = Duration::from_secs(1);

/// The form; `way_out` makes the control that leaves the form, with the given label.
#[component]
pub(super) fn LogOutForm(
    scope: LogOutScope,
    preview: LogOutPreview,
    refused: Option<RefusedLogOut>,
    way_out: impl Fn(&'static str) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<LogOutLogins>::new();
    let filter = match scope {
        LogOutScope::Selected(_) => None,
        LogOutScope::Matching(filter) => Some(filter),
    };
    let (before, reason) = match refused {
        Some(RefusedLogOut { outcome, reason }) => (Some(outcome), reason),
        None => (None, String::new()),
    };
    let reason = StoredValue::new(reason);
    let answer = move || action.value().get().or_else(|| before.clone().map(Ok));
    // The named logins: those of the preview, then those of the last answer.
    let named = Memo::new({
        let answer = answer.clone();
        move |before: Option<&LogOutPreview>| match answer() {
            Some(Ok(LogOutOutcome::LookAgain(preview))) => preview,
            _ => before.unwrap_or(&preview).clone(),
        }
    });
    let count = Memo::new(move |_| named.with(|named| named.count));
    let number = move || grouped(count.get());
    let over = Memo::new({
        let answer = answer.clone();
        move |_| match answer() {
            Some(Ok(outcome @ (LogOutOutcome::Begun(_) | LogOutOutcome::NothingOpen))) => {
                Some(outcome)
            }
            _ => None,
        }
    });
    // After the named logins have changed, the submit button is disabled for `LOOK`.
    let looks = RwSignal::new(false);
    let is_held = move || action.pending().get() || looks.get();
    let typed_count = NodeRef::<Input>::new();
    Effect::new(move |_| match action.value().get() {
        Some(Ok(LogOutOutcome::LookAgain(_))) => {
            looks.set(true);
            // The number must be typed again for the new logins.
            if let Some(field) = typed_count.get_untracked() {
                field.set_value("");
            }
            // The dialog may be closed.
            let passed = move || {
                let _ = looks.try_set(false);
            };
            set_timeout(passed, LOOK);
            focus("way-out");
        }
        Some(Ok(LogOutOutcome::CountWrong { .. })) => focus("count"),
        Some(_) => focus("way-out"),
        None => {}
    });
    let wrong = move || {
        answer().and_then(|answer| match answer {
            Ok(LogOutOutcome::Begun(_) | LogOutOutcome::NothingOpen) => None,
            Ok(outcome) => Some(view! { <Wrong outcome/> }.into_any()),
            Err(refused) => Some(view! { <Problem refused/> }.into_any()),
        })
    };
    let (wrong, filter) = (StoredValue::new(wrong), StoredValue::new(filter));
    move || {
        match over.get() {
            Some(LogOutOutcome::Begun(job)) => view! {
                <JobProgress job/>
                <p class="actions">{way_out(t!(i18n, log_out.close))}</p>
            }
            .into_any(),
            Some(outcome) => view! {
                <Wrong outcome/>
                <p class="actions">{way_out(t!(i18n, log_out.close))}</p>
            }
            .into_any(),
            None => view! {
                <ActionForm action attr:class="log-out-form">
                    // Enter in a field presses the first button. With more than one login this first button is
                    // disabled, with JavaScript or without.
                    <button hidden disabled=move || { count.get() > 1 || is_held() }></button>
                    <ShownToField/>
                    <Whom named filter=filter.get_value()/>
                    {wrong.get_value()}
                    <input
                        type="hidden"
                        name="ids"
                        value=move || named.with(|named| named.ids.join(","))
                    />
                    <input type="hidden" name="shown" value=move || count.get().to_string()/>
                    <Fields reason=reason.get_value() count typed_count/>
                    <p class="actions">
                        <button class="button danger" disabled=is_held>
                            {move || t!(i18n, log_out.submit, count = number())}
                        </button>
                        {way_out(t!(i18n, log_out.cancel))}
                    </p>
                </ActionForm>
            }
            .into_any(),
        }
    }
}

/// The reason, and the number of logins from [`TYPED_COUNT_FROM`] logins on.
#[component]
fn Fields(reason: String, count: Memo<u64>, typed_count: NodeRef<Input>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label for="reason">{t!(i18n, log_out.reason)}</label>
        <input
            id="reason"
            name="reason"
            type="text"
            value=reason
            maxlength="200"
            autocomplete="off"
            placeholder=t!(i18n, log_out.reason_hint)
        />
        <When is=move || { count.get() >= TYPED_COUNT_FROM }>
            <label for="count">
                {move || t!(i18n, log_out.type_count, count = grouped(count.get()))}
            </label>
            <input
                id="count"
                node_ref=typed_count
                name="count"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                required
            />
        </When>
    }
}

/// The logins to end: the first by name and phone, the number of the others, and the filter.
#[component]
fn Whom(named: Memo<LogOutPreview>, filter: Option<LoginFilter>) -> impl IntoView {
    let i18n = use_i18n();
    let question = move || match named.with(|named| named.count) {
        1 => t!(i18n, log_out.question_one).to_owned(),
        count => t!(i18n, log_out.question, count = grouped(count)),
    };
    let who = move || {
        let one = |(user, phone): (String, String)| {
            view! {
                <li>
                    <b>{user}</b>
                    " "
                    <span class="dev">{phone}</span>
                </li>
            }
        };
        named.with(|named| named.first.clone()).into_iter().map(one).collect_view()
    };
    let more = move || {
        let more = named.with(|named| named.count.saturating_sub(named.first.len() as u64));
        (more > 0).then(|| view! { <li>{t!(i18n, log_out.and_more, count = grouped(more))}</li> })
    };
    let fields = filter.clone().map(|LoginFilter { find, login_type }| {
        view! {
            <input type="hidden" name="all" value="1"/>
            <input type="hidden" name="find" value=find/>
            <input type="hidden" name="only" value=login_type.map_or("", terms::LoginType::name)/>
        }
    });
    view! {
        <p>{question}</p>
        {filter.map(|filter| view! { <p class="soft">{in_words(&filter)}</p> })}
        <ul class="plain whom">{who} {more}</ul>
        {fields}
    }
    .into_any()
}

fn in_words(filter: &LoginFilter) -> String {
    let i18n = use_i18n();
    let find = filter_words(filter);
    match (find.is_empty(), filter.login_type.map(type_name)) {
        (true, None) => t!(i18n, log_out.who_all).to_owned(),
        (false, None) => t!(i18n, log_out.who_find, find = find),
        (true, Some(kind)) => t!(i18n, log_out.who_type, kind = kind),
        (false, Some(kind)) => t!(i18n, log_out.who_both, find = find, kind = kind),
    }
}

/// Why no login was ended, or not yet.
#[component]
pub(super) fn Wrong(outcome: LogOutOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let text = match outcome {
        LogOutOutcome::CountWrong { .. } => t!(i18n, log_out.count_wrong).to_owned(),
        LogOutOutcome::LookAgain(preview) => {
            t!(i18n, log_out.more_came, count = grouped(preview.count))
        }
        LogOutOutcome::ReasonWrong => t!(i18n, log_out.reason_wrong).to_owned(),
        LogOutOutcome::NothingOpen => t!(i18n, log_out.nothing_open).to_owned(),
        LogOutOutcome::Begun(_) => String::new(),
    };
    view! {
        <p class="status bad" role="alert">
            {text}
        </p>
    }
}
