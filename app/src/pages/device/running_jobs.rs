//! Jobs that end logins now: whoever began them, and wherever, they are seen here.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use terms::EndCause;

use crate::{
    api::{CancelJob, Change, Happened, JobView, read_running_jobs},
    components::{Problem, cause_name, grouped},
    text::{t, t_string, use_i18n},
};

/// How often running jobs are asked how far they are.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// What keeps the list of running jobs as it is at the server, and stops them. It belongs to the page:
/// what is on the screen outlives what it was made in when the page is read anew.
#[derive(Clone, Copy)]
pub(super) struct JobsWatch {
    jobs: RwSignal<Vec<JobView>>,
    cancel: ServerAction<CancelJob>,
    asked: StoredValue<bool>,
}

impl JobsWatch {
    /// Asks again and again while there are jobs.
    pub(super) fn new(jobs: RwSignal<Vec<JobView>>) -> Self {
        let cancel = ServerAction::<CancelJob>::new();
        let watch = Self { jobs, cancel, asked: StoredValue::new(false) };
        Effect::new(move |_| {
            if jobs.with(|jobs| !jobs.is_empty()) {
                watch.ask();
            }
        });
        Effect::new(move |_| {
            if let Some(Ok(stopped)) = cancel.value().get() {
                jobs.update(|jobs| jobs.retain(|job| job.id != stopped.id));
            }
        });
        watch
    }

    /// Looks for new jobs when logins end that a job may have ended.
    pub(super) fn heard(self, changes: &[Happened]) {
        let of_a_job = |one: &Happened| {
            use EndCause::{Forced, LogoutAll, Policy};
            matches!(one.change, Change::Ended { cause: Forced | LogoutAll | Policy, .. })
        };
        if changes.iter().any(of_a_job) {
            self.ask();
        }
    }

    fn ask(self) {
        if self.asked.get_value() {
            return;
        }
        self.asked.set_value(true);
        set_timeout(
            move || {
                spawn_local(async move {
                    let read = read_running_jobs().await;
                    // The reader may be on another page by now.
                    if self.asked.try_update_value(|asked| *asked = false).is_none() {
                        return;
                    }
                    match read {
                        Ok(now) => self.jobs.set(now),
                        Err(_) => self.jobs.notify(),
                    }
                });
            },
            ASK_AGAIN,
        );
    }
}

/// The running jobs, if there are any.
#[component]
pub(super) fn RunningJobs(watch: JobsWatch, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let jobs = watch.jobs;
    let refused = move || watch.cancel.value().get().and_then(Result::err);
    view! {
        {move || refused().map(|refused| view! { <Problem refused/> })}
        <Show when=move || jobs.with(|jobs| !jobs.is_empty())>
            <section class="card running" aria-labelledby="running-title">
                <header>
                    <h2 id="running-title">{t!(i18n, jobs.title)}</h2>
                </header>
                <ul>
                    <For each=move || jobs.get() key=|job| job.id.clone() let:job>
                        <Running job watch may_end/>
                    </For>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn Running(job: JobView, watch: JobsWatch, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let JobsWatch { jobs, cancel, .. } = watch;
    let JobView { id, total, cause, reason, by, .. } = job.clone();
    let ended = {
        let id = id.clone();
        let last = job.ended;
        move || {
            let ended = |jobs: &Vec<JobView>| {
                jobs.iter().find(|one| one.id == id).map_or(last, |one| one.ended)
            };
            jobs.with(ended)
        }
    };
    let text = {
        let ended = ended.clone();
        move || {
            let (ended, total) = (grouped(ended()), grouped(total));
            t_string!(i18n, log_out.going_on, ended = ended, total = total)
        }
    };
    let why = move || {
        let reason = if reason.is_empty() { String::new() } else { format!(" · “{reason}”") };
        let by = if by.name.is_empty() { String::new() } else { format!(" · {}", by.name) };
        format!("{}{by}{reason}", cause_name(cause))
    };
    view! {
        <li>
            <a href=format!("/jobs/{id}")>{text.clone()}</a>
            <small>{why}</small>
            <progress
                max=total.max(1).to_string()
                value=move || ended().to_string()
                aria-label=text
            ></progress>
            {may_end
                .then(|| {
                    view! {
                        <ActionForm action=cancel>
                            <input type="hidden" name="id" value=id/>
                            <button class="button">{t!(i18n, log_out.stop)}</button>
                        </ActionForm>
                    }
                })}
        </li>
    }
    .into_any()
}
