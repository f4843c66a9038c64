//! The jobs that end logins now, of all administrators and pages.

use std::time::Duration;

use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use terms::EndCause;

use crate::{
    api::{CancelJob, Change, Happened, JobView, Refused, cancel_job, read_running_jobs},
    components::{Problem, ShownToField, When, cause_name, grouped},
    part::{later, part},
    text::{t, use_i18n},
};

/// The interval between requests for the progress of running jobs.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Keeps the list of running jobs up to date, and stops jobs.
/// The watch belongs to the page, because the list outlives its reactive owner when the page is read anew.
#[derive(Clone, Copy)]
pub(super) struct JobsWatch {
    jobs: RwSignal<Vec<JobView>>,
    refused: RwSignal<Option<Refused>>,
    asked: StoredValue<bool>,
}

impl JobsWatch {
    /// Requests the jobs periodically while there are jobs.
    pub(super) fn new(jobs: RwSignal<Vec<JobView>>) -> Self {
        let watch = Self { jobs, refused: RwSignal::new(None), asked: StoredValue::new(false) };
        Effect::new(move |_| {
            if jobs.with(|jobs| !jobs.is_empty()) {
                watch.ask();
            }
        });
        watch
    }

    /// Requests the jobs when a login ends for a cause that a job can have.
    pub(super) fn heard(self, changes: &[Happened]) {
        let of_a_job = |one: &Happened| {
            use EndCause::{Forced, LogoutAll, Policy};
            matches!(one.change, Change::Ended { cause: Forced | LogoutAll | Policy, .. })
        };
        if changes.iter().any(of_a_job) {
            self.ask();
        }
    }

    /// Stops a job.
    fn stop(self, id: String) {
        spawn_local(async move {
            // The reader may have left the page.
            match cancel_job(id).await {
                Ok(stopped) => {
                    let _ = self.refused.try_set(None);
                    let _ = self.jobs.try_update(|jobs| jobs.retain(|job| job.id != stopped.id));
                }
                Err(error) => {
                    let _ = self.refused.try_set(Some(error));
                }
            }
        });
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
                    // The reader may have left the page.
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
/// The list is a separate part, because most visits have no jobs.
#[component]
pub(super) fn RunningJobs(watch: JobsWatch, may_end: bool) -> impl IntoView {
    let JobsWatch { jobs, refused, .. } = watch;
    let is_quiet = Memo::new(move |_| jobs.with(Vec::is_empty) && refused.with(Option::is_none));
    move || {
        if is_quiet.get() { ().into_any() } else { later(list(watch, may_end)) }
    }
}

/// Loads the list's part if the server has rendered the list: a part that is loaded later can't hydrate it.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_running_jobs_in_sight() {
    use crate::part::shown;

    if matches!(document().query_selector(".running"), Ok(Some(_))) {
        shown(async { Ok(load_list().await.map(IntoAny::into_any)?) }).await;
    }
}

part! {
    fn list(watch: JobsWatch, may_end: bool), load_list {
        running(watch, may_end)
    }
}

fn running(watch: JobsWatch, may_end: bool) -> AnyView {
    let i18n = use_i18n();
    let JobsWatch { jobs, refused, .. } = watch;
    view! {
        {move || refused.get().map(|refused| view! { <Problem refused/> })}
        <When is=move || jobs.with(|jobs| !jobs.is_empty())>
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
        </When>
    }
    .into_any()
}

#[component]
fn Running(job: JobView, watch: JobsWatch, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    let jobs = watch.jobs;
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
            t!(i18n, log_out.going_on, ended = ended, total = total)
        }
    };
    let why = {
        let reason = if reason.is_empty() { String::new() } else { format!(" · “{reason}”") };
        let by = if by.name.is_empty() { String::new() } else { format!(" · {}", by.name) };
        format!("{}{by}{reason}", cause_name(cause))
    };
    let stop = {
        let id = id.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            watch.stop(id.clone());
        }
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
                        <form method="post" action=CancelJob::url() on:submit=stop>
                            <ShownToField/>
                            <input type="hidden" name="id" value=id/>
                            <button class="button">{t!(i18n, log_out.stop)}</button>
                        </form>
                    }.into_any()
                })}
        </li>
    }
}
