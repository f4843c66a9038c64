//! The EM API: XML in the form field `xml`, answers always with HTTP 200.

mod authenticate;
mod body;
mod journal;
mod logins;
mod origin;
mod queries;
mod threads;
mod throttle;

use std::{net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use engine::{
    Configuration,
    ports::{ConfigurationStore, Lookups, StoreError},
};
use futures::FutureExt;
use terms::ErrorCode;
use wire::{
    answer,
    request::{EmRequest, Operation},
    trace::Shape,
};

use crate::{cluster::Cluster, http::Listener};
use authenticate::{Asker, Authenticator, May};
use journal::Journal;
use origin::{Addresses, Origin};
use threads::Threads;
use throttle::Throttle;

/// How often a request is authenticated anew because the configuration moved under it.
const ATTEMPTS: usize = 8;

struct EmService {
    cluster: Arc<Cluster>,
    authenticator: Authenticator,
    addresses: Addresses,
    throttle: Throttle,
    threads: Threads,
}

/// The routes of the EM API. Some clients write the path with two slashes, some ask with GET.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Router {
    let service = Arc::new(EmService {
        authenticator: Authenticator::new(),
        addresses: Addresses::default(),
        throttle: Throttle::default(),
        threads: Threads::default(),
        cluster,
    });
    Router::new()
        .route("/emservice/EMServiceServlet", post(handle).get(handle))
        .route("//emservice/EMServiceServlet", post(handle).get(handle))
        .with_state(service)
}

async fn handle(State(service): State<Arc<EmService>>, request: Request) -> Response {
    // A router answers HEAD with what GET does: nobody is to be logged in by that.
    if request.method() == Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let xml = service.answer(request).await;
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], xml).into_response()
}

/// What a request led to.
enum Step {
    /// This answer.
    Answer(String),
    /// The configuration moved while it was worked on: begin anew with who asks.
    Moved,
}

impl EmService {
    async fn answer(&self, request: Request) -> String {
        let counters = &self.cluster.counters;
        let number = counters.handled.inc() + 1;
        counters.in_progress.inc();
        let listener = request.extensions().get::<Listener>().copied().unwrap_or_default();
        let mut journal =
            Journal::new(&self.cluster, number, listener.port(), self.threads.enter());
        let worked = AssertUnwindSafe(self.read(request, &mut journal)).catch_unwind().await;
        let answer = worked.unwrap_or_else(|_| {
            tracing::error!(number, "a request to the EM API met a fault of the program");
            answer::failure(ErrorCode::Unknown)
        });
        counters.in_progress.dec();
        answer
    }

    /// Reads a request, finds out who asks, and does it.
    async fn read(&self, request: Request, journal: &mut Journal<'_>) -> String {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
        let origin = Origin::of(peer, request.headers());
        let via = origin.via.as_deref().unwrap_or("null").to_owned();
        let number = journal.number();
        journal.say_unnumbered(Shape::RequestNumber, &[&number]);
        journal.say(Shape::ViaHeader, &[&via]);
        let parsed = match body::form(request).await {
            Ok(form) => wire::xml_of_form(&form)
                .map_err(|error| error.to_string())
                .and_then(|xml| wire::request::parse(&xml).map_err(|error| error.to_string())),
            Err(error) => Err(error.to_string()),
        };
        let request = match parsed {
            Ok(request) => request,
            Err(error) => {
                tracing::debug!(number, %error, "an EM API request was not understood");
                journal.say(Shape::Parsing, &[]);
                return logins::failed(journal, "", ErrorCode::Parsing);
            }
        };
        let is_query = !matches!(
            request.operation,
            Operation::Login { .. } | Operation::Logout { .. } | Operation::LogoutAll
        );
        if is_query {
            queries::begin(journal, &request);
        } else {
            logins::begin(journal, &request, &origin);
        }
        let begun = self.cluster.clock.now();
        let answer = match self.authenticated(&request, &origin, journal).await {
            Ok(answer) => answer,
            Err(code) if is_query => queries::failed(journal, code),
            Err(code) => logins::failed(journal, logins::device(&request.operation), code),
        };
        if is_query {
            let millis = self.cluster.clock.now().millis_since(begun);
            journal.say(Shape::QueryTime, &[&millis]);
        }
        answer
    }

    /// Finds out who asks, and does what they ask; anew while the configuration moves.
    async fn authenticated(
        &self,
        request: &EmRequest,
        origin: &Origin,
        journal: &mut Journal<'_>,
    ) -> Result<String, ErrorCode> {
        let EmRequest { app_id, app_certificate, .. } = request;
        if app_id.is_empty() || app_certificate.as_deref() == Some("") {
            return Err(ErrorCode::NotAuthorized);
        }
        for _ in 0..ATTEMPTS {
            let asker = match app_certificate {
                Some(certificate) => {
                    let (who, from) = ((app_id.as_str(), certificate.as_str()), origin.address());
                    self.authenticator.authenticate(&self.cluster, who, &from, journal).await?
                }
                None => None,
            };
            let Some(asker) = asker else {
                return Ok(not_authenticated(request, journal));
            };
            journal.say(Shape::Authenticated, &[]);
            match self.perform(&asker, origin, request, journal).await {
                Ok(Step::Answer(answer)) => return Ok(answer),
                // What is remembered may be old: nobody is refused by it.
                Err(code) if self.is_current(&asker).await? => return Err(code),
                Ok(Step::Moved) | Err(_) => {}
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
    /// The code of a refusal.
    async fn perform(
        &self,
        asker: &Asker,
        origin: &Origin,
        request: &EmRequest,
        journal: &mut Journal<'_>,
    ) -> Result<Step, ErrorCode> {
        if asker.may == May::Nobody {
            return Err(ErrorCode::NoProxyRights);
        }
        match &request.operation {
            Operation::Unknown(what) => {
                tracing::debug!(number = journal.number(), what, "no operation of the EM API");
                Err(ErrorCode::QueryUndetermined)
            }
            Operation::Login { .. } | Operation::Logout { .. } | Operation::LogoutAll => {
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

fn not_authenticated(request: &EmRequest, journal: &mut Journal<'_>) -> String {
    let code = ErrorCode::InvalidAppUser;
    let answer = answer::authentication_failure(&request.app_id);
    match request.operation {
        Operation::Login { .. } | Operation::Logout { .. } | Operation::LogoutAll => {
            logins::answered(journal, logins::device(&request.operation), code, &answer);
        }
        _ => queries::answered(journal, true, &answer),
    }
    answer
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
