//! Ending logins: the form, and the dialog or page around it.

use leptos::{html::Dialog as DialogElement, prelude::*};
use leptos_router::hooks::use_query_map;
use terms::LoginFilter;

use super::{job::JobProgress, query::read_query};
use crate::{
    api::{
        LogOutLogins, LogOutOutcome, LogOutScope, TYPED_COUNT_FROM, count_open,
        take_log_out_problem,
    },
    components::{Chrome, Problem, When, grouped, loaded},
    text::{t, use_i18n},
};

/// What is to be ended, and how many that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) scope: LogOutScope,
    pub(super) count: u64,
}

/// Asks before it ends logins; open while `wanted` is something.
///
/// The form is a part of its own: most visits end no login. It is loaded once the page runs, so that
/// it is there when the server is not.
#[component]
pub(super) fn LogOutDialog(wanted: RwSignal<Option<Wanted>>) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<DialogElement>::new();
    let _ = lazy_preload!(dialog_form);
    view! {
        <dialog
            node_ref=dialog
            class="log-out"
            aria-labelledby="log-out-title"
            on:close=move |_| wanted.set(None)
        >
            <h2 id="log-out-title">{t!(i18n, log_out.title)}</h2>
            {move || match wanted.get() {
                Some(wanted) => Suspend::new(dialog_form(wanted, dialog)).into_any(),
                None => ().into_any(),
            }}
        </dialog>
    }
}

/// The form of the dialog; opens it.
#[lazy]
fn dialog_form(wanted: Wanted, dialog: NodeRef<DialogElement>) -> AnyView {
    let i18n = use_i18n();
    // Once the form stands in it: opening is what moves the focus to the reason.
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <LogOutForm wanted problem=None>
            <button class="button" type="button" on:click=close>
                {t!(i18n, log_out.close)}
            </button>
        </LogOutForm>
    }
    .into_any()
}

/// The form; `children` is the way out of it.
#[component]
fn LogOutForm(
    wanted: Wanted,
    problem: Option<LogOutOutcome>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<LogOutLogins>::new();
    let Wanted { scope, count } = wanted;
    let (ids, all, find, only) = match scope {
        LogOutScope::Selected(ids) => (ids.join(","), "", String::new(), ""),
        LogOutScope::Matching(LoginFilter { find, login_type }) => {
            (String::new(), "1", find, login_type.map_or("", terms::LoginType::name))
        }
    };
    let answer = move || match action.value().get() {
        None => problem.clone().map(Ok),
        now => now,
    };
    // How many that is: what was shown first, then what the last answer says.
    let count = Memo::new({
        let answer = answer.clone();
        move |before: Option<&u64>| match answer() {
            Some(Ok(LogOutOutcome::CountWrong { count })) => count,
            _ => before.copied().unwrap_or(count),
        }
    });
    let typed = Memo::new(move |_| count.get() >= TYPED_COUNT_FROM);
    let number = move || grouped(count.get());
    let question = move || {
        if count.get() == 1 {
            t!(i18n, log_out.question_one).to_owned()
        } else {
            t!(i18n, log_out.question, count = number())
        }
    };
    let begun = Memo::new({
        let answer = answer.clone();
        move |_| match answer() {
            Some(Ok(LogOutOutcome::Begun(job))) => Some(job),
            _ => None,
        }
    });
    let wrong = move || {
        answer().and_then(|answer| match answer {
            Ok(LogOutOutcome::Begun(_)) => None,
            Ok(outcome) => Some(view! { <Wrong outcome/> }.into_any()),
            Err(refused) => Some(view! { <Problem refused/> }.into_any()),
        })
    };
    let inner = StoredValue::new(children);
    let (ids, find) = (StoredValue::new(ids), StoredValue::new(find));
    let wrong = StoredValue::new(wrong);
    move || match begun.get() {
        Some(job) => view! {
            <JobProgress job/>
            <p class="actions">{inner.with_value(|inner| inner())}</p>
        }
        .into_any(),
        None => view! {
            <ActionForm action attr:class="log-out-form">
                <p>{question}</p>
                {wrong.get_value()}
                <input type="hidden" name="ids" value=ids.get_value()/>
                <input type="hidden" name="all" value=all/>
                <input type="hidden" name="find" value=find.get_value()/>
                <input type="hidden" name="only" value=only/>
                <input type="hidden" name="shown" value=move || count.get().to_string()/>
                <label for="reason">{t!(i18n, log_out.reason)}</label>
                <input
                    id="reason"
                    name="reason"
                    type="text"
                    maxlength="200"
                    autocomplete="off"
                    autofocus
                    placeholder=t!(i18n, log_out.reason_hint)
                />
                <When is=move || typed.get()>
                    <label for="count">
                        {move || t!(i18n, log_out.type_count, count = number())}
                    </label>
                    <input
                        id="count"
                        name="count"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        required
                    />
                </When>
                <p class="actions">
                    <button class="button danger" disabled=move || action.pending().get()>
                        {move || t!(i18n, log_out.submit, count = number())}
                    </button>
                    {inner.with_value(|inner| inner())}
                </p>
            </ActionForm>
        }
        .into_any(),
    }
}

#[component]
fn Wrong(outcome: LogOutOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let text = match outcome {
        LogOutOutcome::CountWrong { count } => {
            t!(i18n, log_out.count_wrong, count = grouped(count))
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

/// The form as a page: where there is no JavaScript, or for a link.
#[component]
pub fn LogOutPage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let scope = move || {
        map.with(|map| match map.get_all("id") {
            Some(ids) if map.get("all").is_none() && !ids.is_empty() => LogOutScope::Selected(ids),
            _ if map.get("all").is_some() => {
                LogOutScope::Matching(read_query(|name| map.get(name)).filter)
            }
            _ => LogOutScope::Selected(Vec::new()),
        })
    };
    let wanted = Resource::new(scope, |scope| async move {
        let count = count_open(scope.clone()).await?;
        let problem = take_log_out_problem().await?;
        Ok((scope, count, problem))
    });
    let title = t!(i18n, log_out.title);
    view! {
        <Chrome title>
            {loaded(
                wanted,
                move |(scope, count, problem)| {
                    if count == 0 {
                        return view! { <NothingToEnd/> }.into_any();
                    }
                    view! {
                        <section class="card log-out">
                            <LogOutForm wanted=Wanted { scope, count } problem>
                                <a class="button" href="/">
                                    {t!(i18n, log_out.back)}
                                </a>
                            </LogOutForm>
                        </section>
                    }
                        .into_any()
                },
            )}
        </Chrome>
    }
}

#[component]
fn NothingToEnd() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card message">
            <p>{t!(i18n, log_out.nothing_selected)}</p>
            <p>
                <a href="/">{t!(i18n, log_out.back)}</a>
            </p>
        </section>
    }
}
