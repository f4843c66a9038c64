//! A job that ends logins: its progress, and its page.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use terms::Role;

use crate::{
    api::{CancelJob, JobView, Refused, own_role, read_job},
    components::{
        Chrome, Moment, Place, Problem, ShownToField, When, Who, answered, cause_name,
        focus_if_lost, grouped, loaded,
    },
    text::{t, use_i18n},
};

/// The interval between requests for a job's progress.
const ASK_AGAIN: Duration = Duration::from_millis(400);

/// The progress of a job, updated while the job runs.
#[component]
pub(crate) fn JobProgress(
    job: JobView,
    /// Whether the viewer may stop the job.
    #[prop(default = true)]
    may_stop: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(job.id.clone());
    let job = RwSignal::new(job);
    let cancel = ServerAction::<CancelJob>::new();
    let refused = RwSignal::new(None::<Refused>);
    Effect::new(move |_| match cancel.value().get() {
        Some(Ok(stopped)) => {
            job.set(stopped);
            // The button that stops the job is gone.
            focus_if_lost("job-state");
        }
        Some(Err(error)) => refused.set(Some(error)),
        None => {}
    });
    // Requests the progress again `ASK_AGAIN` after each answer, while the job runs.
    Effect::new(move |_| {
        if job.with(|job| job.running) {
            set_timeout(
                move || {
                    let Some(id) = id.try_get_value() else { return };
                    spawn_local(async move {
                        match read_job(id).await {
                            Ok(now) => {
                                let _ = job.try_set(now);
                                let _ = refused.try_set(None);
                            }
                            Err(error) => {
                                let _ = refused.try_set(Some(error));
                                job.try_update(|_| ());
                            }
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
            t!(i18n, log_out.going_on, ended = ended, total = total)
        } else if cancelled {
            t!(i18n, log_out.cancelled, ended = ended, total = total)
        } else {
            t!(i18n, log_out.done, ended = ended, total = total)
        }
    };
    view! {
        <div class="job">
            {move || refused.get().map(|refused| view! { <Problem refused/> })}
            // A screen reader reads out the end, but not each step.
            <p
                role="status"
                aria-live=move || if job.with(|job| job.running) { "off" } else { "polite" }
                id="job-state"
                tabindex="-1"
            >
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
            <When is=move || may_stop && job.with(|job| job.running)>
                <ActionForm action=cancel>
                    <ShownToField/>
                    <input type="hidden" name="id" value=id.get_value()/>
                    <button class="button">{t!(i18n, log_out.stop)}</button>
                </ActionForm>
            </When>
        </div>
    }
}

/// Says that the progress does not update without JavaScript.
#[component]
fn AsOfLoad() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="soft without-script">
            {t!(i18n, live.still)} " · " <a href="">{t!(i18n, states.reload)}</a>
        </p>
    }
}

/// A job's page.
#[component]
pub fn JobPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_params_map();
    let id = move || id.with(|map| map.get("id").unwrap_or_default());
    let job = answered(id, |id| async move {
        let job = read_job(id).await?;
        Ok((job, own_role().await? >= Role::Operator))
    });
    let title = t!(i18n, log_out.title);
    view! {
        <Chrome title related=&[Place::Logins, Place::History, Place::Audit]>
            {loaded(
                job,
                move |((job, may_stop), _)| {
                    view! {
                        <section class="card log-out">
                            <JobProgress job=job.clone() may_stop/>
                            {job.running.then(|| view! { <AsOfLoad/> })}
                            <dl class="facts">
                                <dt>{t!(i18n, log_out.why)}</dt>
                                <dd>
                                    {cause_name(job.cause)} " "
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
