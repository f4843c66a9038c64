//! The EM API: XML in the form field `xml`, answers always with HTTP 200.

mod asker;
mod authenticate;
mod journal;
mod logins;
mod origin;
mod queries;
mod refusals;
mod remembered;
mod shared;
mod threads;
mod throttle;
mod trusted_names;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use engine::{
    Actor, Configuration,
    ports::{ConfigurationStore, Lookups, StoreError},
};
use prometheus_client::metrics::gauge::Gauge;
use terms::{ErrorCode, NotUnderstood};
use tokio_util::task::TaskTracker;
use wire::{
    answer,
    request::{EmRequest, Operation},
    trace::Shape,
};

use crate::{
    cluster::Cluster,
    edge::Client,
    form::form,
    http::{listener::Listener, routes::Routes},
};
use asker::{Asker, May};
use authenticate::Authenticator;
use journal::Journal;
use origin::{Addresses, Origin};
use refusals::{Refusals, Subject};
use threads::Threads;
use throttle::Throttle;

/// How often a request is authenticated anew because the configuration moved under it.
const ATTEMPTS: usize = 8;

struct EmService {
    cluster: Arc<Cluster>,
    authenticator: Authenticator,
    addresses: Addresses,
    throttle: Throttle,
    refusals: Refusals,
    threads: Arc<Threads>,
}

/// The routes of the EM API, open to everybody on plain HTTP too. Some clients ask with GET.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Routes {
    let service = Arc::new(EmService {
        authenticator: Authenticator::new(),
        addresses: Addresses::new(),
        throttle: Throttle::default(),
        refusals: Refusals::default(),
        threads: Arc::default(),
        cluster,
    });
    // A router answers HEAD with what GET does: nobody is to be logged in by that.
    let refused = async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]);
    let methods = post(handle).get(handle).head(refused).fallback(refused).with_state(service);
    Routes::default().open("/emservice/EMServiceServlet", methods)
}

async fn handle(State(service): State<Arc<EmService>>, request: Request) -> Response {
    let xml = service.answer(request).await;
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], xml).into_response()
}

/// What a request led to.
enum Step {
    /// This answer.
    Answer(String),
    /// A refusal by the rules, which stood on what the database held then.
    Refused(ErrorCode),
    /// A refusal by what is remembered of the configuration, which may be old.
    Doubtful(ErrorCode),
    /// The configuration moved while it was worked on: begin anew with who asks.
    Moved,
}

/// A request that is worked on, counted as long as it is.
struct InProgress(Gauge);

impl InProgress {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl EmService {
    async fn answer(self: Arc<Self>, request: Request) -> String {
        let counters = &self.cluster.counters;
        let number = counters.handled.inc() + 1;
        let in_progress = InProgress::of(&counters.in_progress);
        let listener = request.extensions().get::<Listener>().copied().unwrap_or_default();
        let thread = Threads::enter(&self.threads);
        let cluster = Arc::clone(&self.cluster);
        let mut journal = Journal::new(cluster, number, listener.port(), thread);
        let client = request.extensions().get::<Client>().copied();
        let origin = Origin::of(client.map(|client| client.address), request.headers());
        let via = origin.via.as_deref().unwrap_or("null").to_owned();
        journal.say_unnumbered(Shape::RequestNumber, &[&number]);
        journal.say(Shape::ViaHeader, &[&via]);
        let parsed = form(request).and_then(|form| {
            let xml = form.field("xml").ok_or(NotUnderstood::NoField)?;
            wire::request::parse(&xml)
        });
        match parsed {
            Err(why) => {
                tracing::debug!(number, %why, "an EM API request was not understood");
                journal.say(Shape::Parsing, &[]);
                let answer = logins::not_understood(&mut journal, &why);
                // Without the field it asks for nothing: load balancers look whether somebody is here.
                if why != NotUnderstood::NoField {
                    let by = Actor::application_user("", origin.address());
                    self.refusals.note(
                        &self.cluster,
                        Subject::NotUnderstood(why),
                        by,
                        ErrorCode::Parsing,
                    );
                }
                answer
            }
            // What has begun goes on to its end, counted and told, if the client goes away.
            Ok(request) => {
                let cluster = Arc::clone(&self.cluster);
                to_its_end(&cluster.tasks, async move {
                    let _in_progress = in_progress;
                    self.work(&request, &origin, &mut journal).await
                })
                .await
            }
        }
    }

    /// Finds out who asks, and does what they ask.
    async fn work(&self, request: &EmRequest, origin: &Origin, journal: &mut Journal) -> String {
        let Cluster { clock, counters, .. } = &*self.cluster;
        let begun = clock.now();
        let mut by = Actor::application_user(&request.app_id, origin.address());
        let failed = |code| match code {
            ErrorCode::InvalidAppUser => answer::authentication_failure(&request.app_id),
            code => answer::failure(code),
        };
        if !logins::is_login_or_logout(&request.operation) {
            queries::begin(journal, request);
            let answer = match self.authenticated(request, origin, journal, &mut by).await {
                Ok(answer) => answer,
                Err(code) => {
                    self.refusals.note(
                        &self.cluster,
                        Subject::Operation(&request.operation),
                        by,
                        code,
                    );
                    queries::answered(journal, true, failed(code))
                }
            };
            journal.say(Shape::QueryTime, &[&clock.now().millis_since(begun)]);
            return answer;
        }
        logins::begin(journal, request, origin);
        counters.attempted.inc();
        match self.authenticated(request, origin, journal, &mut by).await {
            Ok(answer) => answer,
            Err(code) => {
                self.refusals.note(&self.cluster, Subject::Operation(&request.operation), by, code);
                logins::failed(journal, logins::device(&request.operation), code, failed(code))
            }
        }
    }

    /// Finds out who asks, says it in `by`, and does what they ask; anew while the configuration
    /// moves.
    async fn authenticated(
        &self,
        request: &EmRequest,
        origin: &Origin,
        journal: &mut Journal,
        by: &mut Actor,
    ) -> Result<String, ErrorCode> {
        let EmRequest { app_id, app_certificate, .. } = request;
        if app_id.is_empty() || app_certificate.as_deref() == Some("") {
            return Err(ErrorCode::NotAuthorized);
        }
        let begun = journal.mark();
        for _ in 0..ATTEMPTS {
            journal.back_to(begun);
            let asker = match app_certificate {
                Some(certificate) => {
                    let (who, address) =
                        ((app_id.as_str(), certificate.as_str()), origin.address());
                    let phone = logins::device(&request.operation);
                    let from = authenticate::From { address: &address, phone };
                    self.authenticator.authenticate(&self.cluster, who, from, journal).await?
                }
                None => None,
            };
            let Some(asker) = asker else {
                return Err(ErrorCode::InvalidAppUser);
            };
            *by = asker.actor(&origin.address());
            journal.say(Shape::Authenticated, &[]);
            match self.perform(&asker, origin, request, journal).await? {
                Step::Answer(answer) => return Ok(answer),
                Step::Refused(code) => return Err(code),
                Step::Doubtful(code) if self.is_current(&asker).await? => return Err(code),
                Step::Doubtful(_) | Step::Moved => {}
            }
            self.authenticator.recheck(app_id);
        }
        Err(ErrorCode::Busy)
    }

    async fn is_current(&self, asker: &Asker) -> Result<bool, ErrorCode> {
        Ok(self.cluster.store.version().await.map_err(store_code)? == asker.version)
    }

    /// Does what is asked, under the configuration under which the asker was authenticated.
    ///
    /// # Errors
    /// When the store can't; what became of it is not known then.
    async fn perform(
        &self,
        asker: &Asker,
        origin: &Origin,
        request: &EmRequest,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        if asker.may == May::Nobody {
            return Ok(Step::Doubtful(ErrorCode::NoProxyRights));
        }
        match &request.operation {
            Operation::Unknown(what) => {
                tracing::debug!(number = journal.number(), what, "no operation of the EM API");
                Ok(Step::Refused(ErrorCode::QueryUndetermined))
            }
            operation if logins::is_login_or_logout(operation) => {
                let Some(configuration) = self.configuration(asker).await? else {
                    return Ok(Step::Moved);
                };
                let configuration = &*configuration;
                let wanted = logins::Asked { asker, origin, request, configuration };
                self.log_in_or_out(&wanted, journal).await
            }
            _ => self.query(asker, &request.operation, journal).await,
        }
    }

    /// The configuration under which the asker was authenticated; `None` if it has moved on.
    async fn configuration(&self, asker: &Asker) -> Result<Option<Arc<Configuration>>, ErrorCode> {
        let known = Arc::clone(&self.cluster.configuration.borrow());
        if known.version == asker.version {
            return Ok(Some(known));
        }
        let read = self.cluster.store.configuration().await.map_err(store_code)?;
        Ok((read.version == asker.version).then(|| Arc::new(read)))
    }
}

/// Does work to its end, whether or not somebody waits for it, and before the store is closed; a
/// fault of the program in it is the answer 0.
async fn to_its_end(
    tasks: &TaskTracker,
    work: impl Future<Output = String> + Send + 'static,
) -> String {
    tasks.spawn(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request to the EM API met a fault of the program");
        answer::failure(ErrorCode::Unknown)
    })
}

/// The code of an error of the store; what it was stands in the log.
fn store_code(error: StoreError) -> ErrorCode {
    match error {
        StoreError::Busy => ErrorCode::Busy,
        error => {
            tracing::error!(%error, "an EM API request failed");
            match error {
                // What the rules stand on does not read.
                StoreError::BadRow(_) => ErrorCode::PolicyValidation,
                _ => ErrorCode::Database,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fault_of_the_program_is_answered_with_code_0() {
        let answer = to_its_end(&TaskTracker::new(), async { panic!("on purpose") }).await;
        assert_eq!(answer, answer::failure(ErrorCode::Unknown));
        assert!(answer.contains("code=\"0\""));
    }

    #[tokio::test]
    async fn what_has_begun_goes_on_when_nobody_waits_for_it() {
        let (go_on, goes_on) = tokio::sync::oneshot::channel::<()>();
        let (done, is_done) = tokio::sync::oneshot::channel();
        let tasks = TaskTracker::new();
        let mut work = Box::pin(to_its_end(&tasks, async move {
            let _ = goes_on.await;
            let _ = done.send(());
            String::new()
        }));
        assert!(futures::FutureExt::now_or_never(work.as_mut()).is_none());
        drop(work);
        go_on.send(()).unwrap();
        assert_eq!(is_done.await, Ok(()));
    }
}
