//! Ending logins: the form, the dialog around it, and how far it is.

use leptos::{html::Dialog as DialogElement, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_params_map, use_query_map};
use terms::LoginFilter;

use super::query::read_query;
use crate::{
    api::{
        CancelJob, JobView, LogOutLogins, LogOutOutcome, LogOutScope, TYPED_COUNT_FROM, count_open,
        read_job, take_log_out_problem,
    },
    components::{Chrome, Moment, Place, Problem, Who, cause_name, grouped, loaded},
    text::{t, t_string, use_i18n},
};

/// How often a job is asked how far it is.
const ASK_AGAIN: std::time::Duration = std::time::Duration::from_millis(400);

/// What is to be ended, and how many that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) scope: LogOutScope,
    pub(super) count: u64,
}

/// Asks before it ends logins; open while `wanted` is something.
#[component]
pub(super) fn LogOutDialog(wanted: RwSignal<Option<Wanted>>) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        if wanted.with(Option::is_some)
            && let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Once the form stands in it: opening is what moves the focus to the reason.
            request_animation_frame(move || {
                let _ = dialog.show_modal();
            });
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="log-out"
            aria-labelledby="log-out-title"
            on:close=move |_| wanted.set(None)
        >
            <h2 id="log-out-title">{t!(i18n, log_out.title)}</h2>
            {move || {
                wanted
                    .get()
                    .map(|wanted| {
                        view! {
                            <LogOutForm wanted problem=None>
                                <button class="button" type="button" on:click=move |_| close()>
                                    {t!(i18n, log_out.close)}
                                </button>
                            </LogOutForm>
                        }
                    })
            }}
        </dialog>
    }
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
    let (ids, find, only) = match scope {
        LogOutScope::Selected(ids) => (ids.join(","), String::new(), String::new()),
        LogOutScope::Matching(LoginFilter { find, login_type }) => {
            let only = login_type.map_or("", terms::LoginType::name);
            (String::new(), find, only.to_owned())
        }
    };
    let typed = count >= TYPED_COUNT_FROM;
    let number = grouped(count);
    let question = {
        let number = number.clone();
        move || {
            if count == 1 {
                t_string!(i18n, log_out.question_one).to_owned()
            } else {
                t_string!(i18n, log_out.question, count = number.clone())
            }
        }
    };
    let answer = move || match action.value().get() {
        None => problem.clone().map(Ok),
        now => now,
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
    let (ids, find, only) = (StoredValue::new(ids), StoredValue::new(find), StoredValue::new(only));
    let (question, wrong) = (StoredValue::new(question), StoredValue::new(wrong));
    let number = StoredValue::new(number);
    move || match begun.get() {
        Some(job) => view! {
            <JobProgress job/>
            <p class="actions">{inner.with_value(|inner| inner())}</p>
        }
        .into_any(),
        None => view! {
            <ActionForm action attr:class="log-out-form">
                <p>{question.get_value()}</p>
                {wrong.get_value()}
                <input type="hidden" name="ids" value=ids.get_value()/>
                <input type="hidden" name="find" value=find.get_value()/>
                <input type="hidden" name="only" value=only.get_value()/>
                <label for="reason">{t!(i18n, log_out.reason)}</label>
                <input
                    id="reason"
                    name="reason"
                    type="text"
                    maxlength="200"
                    autocomplete="off"
                    autofocus
                    placeholder=move || t_string!(i18n, log_out.reason_hint)
                />
                {typed
                    .then(|| {
                        view! {
                            <label for="count">
                                {move || {
                                    t_string!(i18n, log_out.type_count, count = number.get_value())
                                }}
                            </label>
                            <input
                                id="count"
                                name="count"
                                type="text"
                                inputmode="numeric"
                                autocomplete="off"
                                required
                            />
                        }
                    })}
                <p class="actions">
                    <button class="button danger" disabled=move || action.pending().get()>
                        {move || {
                            t_string!(i18n, log_out.submit, count = number.get_value())
                        }}
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
    let text = move || match &outcome {
        LogOutOutcome::CountWrong { count } => {
            t_string!(i18n, log_out.count_wrong, count = grouped(*count))
        }
        LogOutOutcome::ReasonWrong => t_string!(i18n, log_out.reason_wrong).to_owned(),
        LogOutOutcome::NothingOpen => t_string!(i18n, log_out.nothing_open).to_owned(),
        LogOutOutcome::Begun(_) => String::new(),
    };
    view! {
        <p class="status bad" role="alert">
            {text}
        </p>
    }
}

/// How far a job is, followed while it goes on.
#[component]
pub(crate) fn JobProgress(job: JobView) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(job.id.clone());
    let job = RwSignal::new(job);
    let cancel = ServerAction::<CancelJob>::new();
    Effect::new(move |_| {
        if let Some(Ok(stopped)) = cancel.value().get() {
            job.set(stopped);
        }
    });
    // Asks anew some time after each answer, as long as it goes on.
    Effect::new(move |_| {
        if job.with(|job| job.running) {
            set_timeout(
                move || {
                    let Some(id) = id.try_get_value() else { return };
                    spawn_local(async move {
                        if let Ok(now) = read_job(id).await {
                            let _ = job.try_set(now);
                        } else {
                            job.try_update(|_| ());
                        }
                    });
                },
                ASK_AGAIN,
            );
        }
    });
    let text = move || {
        let JobView { total, ended, running, cancelled, .. } = job.get();
        let (total, ended) = (grouped(total), grouped(ended));
        if running {
            t_string!(i18n, log_out.going_on, ended = ended, total = total)
        } else if cancelled {
            t_string!(i18n, log_out.cancelled, ended = ended, total = total)
        } else {
            t_string!(i18n, log_out.done, ended = ended, total = total)
        }
    };
    view! {
        <div class="job">
            <p role="status" id="job-state">
                {text}
            </p>
            <progress
                max=move || job.with(|job| job.total.max(1)).to_string()
                value=move || {
                    job.with(|job| if job.running || job.cancelled { job.ended } else { job.total.max(1) })
                        .to_string()
                }
                aria-label=text
            ></progress>
            <Show when=move || job.with(|job| job.running)>
                <ActionForm action=cancel>
                    <input type="hidden" name="id" value=id.get_value()/>
                    <button class="button">{t!(i18n, log_out.stop)}</button>
                </ActionForm>
            </Show>
        </div>
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
    let title = Signal::derive(move || t_string!(i18n, log_out.title).to_owned());
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

/// A job's page.
#[component]
pub fn JobPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_params_map();
    let job = Resource::new(move || id.with(|map| map.get("id").unwrap_or_default()), read_job);
    let title = Signal::derive(move || t_string!(i18n, log_out.title).to_owned());
    view! {
        <Chrome title related=&[Place::Logins, Place::History, Place::Audit]>
            {loaded(
                job,
                move |job| {
                    view! {
                        <section class="card log-out">
                            <JobProgress job=job.clone()/>
                            <dl class="facts">
                                <dt>{t!(i18n, log_out.why)}</dt>
                                <dd>
                                    {move || cause_name(job.cause)} " "
                                    {(!job.reason.is_empty()).then(|| format!("“{}”", job.reason))}
                                </dd>
                                <dt>{t!(i18n, log_out.by)}</dt>
                                <dd>
                                    <Who by=job.by/>
                                </dd>
                                <dt>{t!(i18n, log_out.begun)}</dt>
                                <dd>
                                    <Moment ms=job.made_ms/>
                                </dd>
                            </dl>
                            <p>
                                <a href="/">{t!(i18n, log_out.back)}</a>
                            </p>
                        </section>
                    }
                        .into_any()
                },
            )}
        </Chrome>
    }
}
