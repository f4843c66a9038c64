//! The EM API: XML in the form field `xml`, answers always with HTTP 200.

mod lines;
mod queries;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use engine::RequestedDuration;
use terms::{ErrorCode, NotUnderstood};
use wire::{
    answer,
    request::{Duration, EmRequest, RequestedOperation},
    trace::Shape,
};

use crate::{
    edge::Client,
    em::{self, Answer, AskerCredentials, Em, Journal, Origin},
    emcc,
    form::form,
    http::{listener::Listener, origin, routes::Routes, span},
    to_its_end::to_its_end,
};

/// The routes of the EM API, open to everybody on plain HTTP too. Some clients ask with GET.
pub(crate) fn routes(em: Arc<Em>) -> Routes {
    // A router answers HEAD with the handler of GET: a HEAD request must not log a user in.
    let refused = async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]);
    let methods = post(handle).get(handle).head(refused).fallback(refused).with_state(em);
    Routes::default().open("/emservice/EMServiceServlet", methods)
}

async fn handle(State(em): State<Arc<Em>>, request: Request) -> Response {
    let xml = answer_to(em, request).await;
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], xml).into_response()
}

async fn answer_to(em: Arc<Em>, request: Request) -> String {
    let listener = request.extensions().get::<Listener>().copied().unwrap_or_default();
    let client = request.extensions().get::<Client>().copied();
    let origin = origin::read(client.map(|client| client.address), request.headers());
    let mut journal = em.begin(listener.port());
    span::set_number(journal.number());
    lines::received(&mut journal, &origin);
    let xml = form(request).and_then(|form| form.field("xml").ok_or(NotUnderstood::NoField));
    if xml.as_ref().is_ok_and(|xml| wire::emcc::is_emcc(xml)) {
        // Messages of other clusters come on connections that are authenticated by the cluster's
        // certificate.
        tracing::debug!("a message of another cluster came without its certificate");
        return emcc::failure(ErrorCode::EmccNotAllowed);
    }
    let parsed = xml.and_then(|xml| wire::request::parse(&xml));
    match parsed {
        Err(why) => {
            tracing::debug!(number = journal.number(), %why, "an EM API request was not understood");
            let answer = answer::failure(ErrorCode::Parsing);
            lines::not_understood(&mut journal, &why, &answer);
            // A request without the field asks for nothing: load balancers check the server's health
            // this way.
            if why != NotUnderstood::NoField {
                em.not_understood(why, origin.address());
            }
            answer
        }
        // A started request runs to completion, counted and traced, even if the client disconnects.
        Ok(request) => {
            let tasks = em.cluster.tasks.clone();
            let work = async move {
                let (id, secret) = (request.app_id.clone(), request.app_certificate.clone());
                let credentials = AskerCredentials::Secret(id, secret);
                answered(&em, &request, credentials, origin, &mut journal).await.1
            };
            let failed = || answer::failure(ErrorCode::Unknown);
            to_its_end(&tasks, work).await.unwrap_or_else(failed)
        }
    }
}

/// Asks the EM service on behalf of the EM application, which authenticates users at phones itself.
/// The original posts the message to its own address; here no message is sent, and the trace has the
/// same lines.
pub(crate) async fn ask(
    em: &Em,
    message: &EmRequest,
    credentials: AskerCredentials,
    origin: Origin,
) -> Result<Answer, ErrorCode> {
    let mut journal = em.begin(Listener::Https.port());
    lines::received(&mut journal, &Origin { via: None, ..origin.clone() });
    answered(em, message, credentials, origin, &mut journal).await.0
}

/// Asks the EM service, and writes its answer.
async fn answered(
    em: &Em,
    request: &EmRequest,
    credentials: AskerCredentials,
    origin: Origin,
    journal: &mut Journal,
) -> (Result<Answer, ErrorCode>, String) {
    let clock = &em.cluster.clock;
    let begun = clock.now();
    let asked = read(request, credentials, origin);
    let is_query = !asked.operation.is_login_or_logout();
    if is_query {
        lines::query(journal, request);
    } else {
        lines::login_or_logout(journal, request, &asked.origin);
    }
    let answered = em.ask(&asked, journal).await;
    let answer = match &answered {
        Ok(Answer::Done) => {
            lines::done(journal);
            answer::DONE.to_owned()
        }
        Ok(Answer::Phones(phones)) => match &request.operation {
            RequestedOperation::DeviceUsers(names) => queries::device_users(journal, names, phones),
            _ => answer::failure(ErrorCode::QueryUndetermined),
        },
        Ok(Answer::Users(users)) => queries::users(journal, &request.operation, users),
        Err(code) => {
            let code = *code;
            let answer = match code {
                ErrorCode::InvalidAppUser => answer::authentication_failure(&request.app_id),
                code => answer::failure(code),
            };
            if !is_query {
                lines::failed(journal, asked.operation.phone(), code, &answer);
            }
            answer
        }
    };
    if is_query {
        lines::queried(journal, answered.is_err(), &answer);
        journal.say(Shape::QueryTime, &[&clock.now().millis_since(begun)]);
    }
    (answered, answer)
}

/// Converts a message of the EM API to a request.
fn read(request: &EmRequest, credentials: AskerCredentials, origin: Origin) -> em::Request {
    let EmRequest { origin: stated, operation, .. } = request;
    let operation = match operation.clone() {
        RequestedOperation::Login { device: phone, user, profile, duration } => {
            let duration = match duration {
                Duration::Unset => RequestedDuration::Unset,
                Duration::Indefinite => RequestedDuration::Indefinite,
                Duration::Minutes(minutes) => RequestedDuration::Minutes(minutes),
            };
            em::EmOperation::LogIn { phone, user, profile, duration }
        }
        RequestedOperation::Logout { device: phone } => em::EmOperation::LogOut { phone },
        RequestedOperation::LogoutAll => em::EmOperation::LogOutAll,
        RequestedOperation::DeviceUsers(names) => em::EmOperation::Phones(names),
        RequestedOperation::UserDevices(ids)
        | RequestedOperation::CheckUsers(ids)
        | RequestedOperation::DeviceProfiles(ids) => em::EmOperation::Users(ids),
        RequestedOperation::Unknown(what) => {
            tracing::debug!(what, "no operation of the EM API");
            em::EmOperation::Unknown
        }
    };
    // A request of the EM application has the phone's own address as its origin.
    let origin = match credentials {
        AskerCredentials::Secret(..) => {
            let (stated_address, stated_via) = (stated.remote_address.clone(), stated.via);
            Origin { stated_address, stated_via, ..origin }
        }
        AskerCredentials::Proof(_) | AskerCredentials::Phone(_) => origin,
    };
    em::Request { credentials, origin, operation }
}
