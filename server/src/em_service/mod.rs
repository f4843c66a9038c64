//! The EM API: XML in the form field `xml`, answers always with HTTP 200.

mod lines;
mod origin;
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
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use wire::{
    answer,
    request::{Duration, EmRequest, Operation},
    trace::Shape,
};

use crate::{
    edge::Client,
    em::{self, Answer, Em, Journal, Origin},
    form::form,
    http::{listener::Listener, routes::Routes, span},
};

/// The routes of the EM API, open to everybody on plain HTTP too. Some clients ask with GET.
pub(crate) fn routes(em: Arc<Em>) -> Routes {
    // A router answers HEAD with what GET does: nobody is to be logged in by that.
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
    let parsed = form(request).and_then(|form| {
        let xml = form.field("xml").ok_or(NotUnderstood::NoField)?;
        wire::request::parse(&xml)
    });
    match parsed {
        Err(why) => {
            tracing::debug!(number = journal.number(), %why, "an EM API request was not understood");
            let answer = answer::failure(ErrorCode::Parsing);
            lines::not_understood(&mut journal, &why, &answer);
            // Without the field it asks for nothing: load balancers look whether somebody is here.
            if why != NotUnderstood::NoField {
                em.not_understood(why, origin.address());
            }
            answer
        }
        // A request that has begun goes on to its end, counted and traced, if the client goes away.
        Ok(request) => {
            let tasks = em.cluster.tasks.clone();
            to_its_end(&tasks, async move { work(&em, request, origin, &mut journal).await }).await
        }
    }
}

/// Asks the EM service, and writes its answer.
async fn work(em: &Em, request: EmRequest, origin: Origin, journal: &mut Journal) -> String {
    let clock = &em.cluster.clock;
    let begun = clock.now();
    let asked = read(&request, origin);
    let is_query = !asked.operation.is_login_or_logout();
    if is_query {
        lines::query(journal, &request);
    } else {
        lines::login_or_logout(journal, &request, &asked.origin);
    }
    let answered = em.ask(&asked, journal).await;
    let is_refused = answered.is_err();
    let answer = match answered {
        Ok(Answer::Done) => {
            lines::done(journal);
            answer::DONE.to_owned()
        }
        Ok(Answer::Phones(phones)) => match &request.operation {
            Operation::DeviceUsers(names) => queries::device_users(journal, names, &phones),
            _ => answer::failure(ErrorCode::QueryUndetermined),
        },
        Ok(Answer::Users(users)) => queries::users(journal, &request.operation, &users),
        Err(code) => {
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
        lines::queried(journal, is_refused, &answer);
        journal.say(Shape::QueryTime, &[&clock.now().millis_since(begun)]);
    }
    answer
}

/// Makes a request of a message of the EM API.
fn read(request: &EmRequest, origin: Origin) -> em::Request {
    let EmRequest { app_id, app_certificate, origin: stated, operation, .. } = request;
    let operation = match operation.clone() {
        Operation::Login { device: phone, user, profile, duration } => {
            let duration = match duration {
                Duration::Unset => RequestedDuration::Unset,
                Duration::Indefinite => RequestedDuration::Indefinite,
                Duration::Minutes(minutes) => RequestedDuration::Minutes(minutes),
            };
            em::Operation::LogIn { phone, user, profile, duration }
        }
        Operation::Logout { device: phone } => em::Operation::LogOut { phone },
        Operation::LogoutAll => em::Operation::LogOutAll,
        Operation::DeviceUsers(names) => em::Operation::Phones(names),
        Operation::UserDevices(ids)
        | Operation::CheckUsers(ids)
        | Operation::DeviceProfiles(ids) => em::Operation::Users(ids),
        Operation::Unknown(what) => {
            tracing::debug!(what, "no operation of the EM API");
            em::Operation::Unknown
        }
    };
    let (stated_address, stated_via) = (stated.remote_address.clone(), stated.via);
    let origin = Origin { stated_address, stated_via, ..origin };
    em::Request { id: app_id.clone(), secret: app_certificate.clone(), origin, operation }
}

/// Does work to its end, whether or not somebody waits for it, and before the store is closed; a
/// fault of the program in it is the answer 0.
async fn to_its_end(
    tasks: &TaskTracker,
    work: impl Future<Output = String> + Send + 'static,
) -> String {
    tasks.spawn(work.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request to the EM API met a fault of the program");
        answer::failure(ErrorCode::Unknown)
    })
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
