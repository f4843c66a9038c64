//! The EM API: XML in the form field `xml`, answers always with HTTP 200.

mod authenticate;
mod body;
mod throttle;

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
    routing::post,
};
use engine::{
    Actor, LoginRequest, LogoutRequest, RequestedDuration, Version,
    ports::{Lookups, Outcome, StoreError},
};
use terms::ErrorCode;
use wire::{
    answer,
    request::{Duration, EmRequest, Operation},
};

use crate::{cluster::Cluster, http::peer_address};
use authenticate::{Authenticated, Authenticator};
use throttle::Throttle;

/// How often a request is authenticated anew because the configuration moved under it.
const ATTEMPTS: usize = 8;

struct EmService {
    cluster: Arc<Cluster>,
    authenticator: Authenticator,
    throttle: Throttle,
}

/// The routes of the EM API. Some clients write the path with two slashes.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Router {
    let service = Arc::new(EmService {
        authenticator: Authenticator::new(cluster.passwords.clone()),
        throttle: Throttle::default(),
        cluster,
    });
    Router::new()
        .route("/emservice/EMServiceServlet", post(handle))
        .route("//emservice/EMServiceServlet", post(handle))
        .with_state(service)
}

async fn handle(State(service): State<Arc<EmService>>, request: Request) -> Response {
    let number = service.cluster.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let xml = match service.answer(number, request).await {
        Ok(xml) => xml,
        Err(code) => answer::failure(code),
    };
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], xml).into_response()
}

impl EmService {
    async fn answer(&self, number: u64, request: Request) -> Result<String, ErrorCode> {
        let peer = peer_address(&request);
        let body = body::read(request.into_body()).await?;
        let refuse = |error: &dyn std::fmt::Display| {
            tracing::debug!(number, %error, "an EM API request was not understood");
            ErrorCode::Parsing
        };
        let xml = wire::xml_of_form(&body).map_err(|error| refuse(&error))?;
        let request = wire::request::parse(&xml).map_err(|error| {
            refuse(&error);
            error.code()
        })?;
        for _ in 0..ATTEMPTS {
            let EmRequest { app_id, app_certificate, .. } = &request;
            let store = &self.cluster.store;
            let Some(asker) =
                self.authenticator.authenticate(store, app_id, app_certificate).await?
            else {
                return Ok(answer::authentication_failure(app_id));
            };
            if !asker.proxy {
                return Err(ErrorCode::NoProxyRights);
            }
            if let Some(answer) = self.perform(number, &asker, &peer, &request).await? {
                return Ok(answer);
            }
            self.authenticator.recheck(app_id);
        }
        Err(ErrorCode::Busy)
    }

    /// Does what is asked; `None` when the asker has to be authenticated again.
    async fn perform(
        &self,
        number: u64,
        asker: &Authenticated,
        peer: &str,
        request: &EmRequest,
    ) -> Result<Option<String>, ErrorCode> {
        match &request.operation {
            Operation::Login { device, user, profile, duration } => {
                let limit = self.maximum_concurrent_requests();
                let place = self.throttle.enter(limit).ok_or(ErrorCode::Busy)?;
                let request = LoginRequest {
                    phone: device.clone(),
                    user: user.clone(),
                    profile: profile.clone(),
                    duration: requested(*duration),
                    actor: Actor::application_user(&asker.id, peer),
                    authenticated_at: Some(asker.version),
                };
                match self.cluster.engine.log_in(request).await.map_err(store_code)? {
                    Outcome::Done(_) => Ok(Some(answer::DONE.to_owned())),
                    Outcome::ConfigurationMoved => Ok(None),
                    Outcome::Refused(code) => {
                        let answer = answer::failure(code);
                        if code == ErrorCode::LoggedInElsewhere {
                            self.trace_violation(place.thread(), number, device, &answer);
                        }
                        Ok(Some(answer))
                    }
                }
            }
            Operation::Logout { device } => {
                let limit = self.maximum_concurrent_requests();
                let _place = self.throttle.enter(limit).ok_or(ErrorCode::Busy)?;
                let request = LogoutRequest {
                    phone: device.clone(),
                    actor: Actor::application_user(&asker.id, peer),
                    authenticated_at: Some(asker.version),
                };
                match self.cluster.engine.log_out(request).await.map_err(store_code)? {
                    Outcome::Done(_) => Ok(Some(answer::DONE.to_owned())),
                    Outcome::ConfigurationMoved => Ok(None),
                    Outcome::Refused(code) => Err(code),
                }
            }
            Operation::DeviceUsers(names) => self.device_users(asker.version, names).await,
            Operation::UserDevices(ids) => self.user_devices(asker.version, ids).await,
        }
    }

    async fn device_users(
        &self,
        authenticated: Version,
        names: &[String],
    ) -> Result<Option<String>, ErrorCode> {
        let (version, phones) = self.cluster.store.phones(names).await.map_err(store_code)?;
        let devices: Vec<_> = names
            .iter()
            .zip(&phones)
            .map(|(name, phone)| {
                let status = phone.as_ref().map(|phone| answer::DeviceUser {
                    user: phone.user.as_deref(),
                    last_user: phone.last_user.as_deref(),
                    emcc: false,
                });
                (name.as_str(), status)
            })
            .collect();
        Ok((version == authenticated).then(|| answer::device_users(&devices)))
    }

    async fn user_devices(
        &self,
        authenticated: Version,
        ids: &[String],
    ) -> Result<Option<String>, ErrorCode> {
        let (version, users) = self.cluster.store.users(ids).await.map_err(store_code)?;
        let users: Vec<_> = ids
            .iter()
            .zip(&users)
            .map(|(asked, user)| match user {
                Some(user) => (user.id.as_str(), Some(user.phones.as_slice())),
                None => (asked.as_str(), None),
            })
            .collect();
        Ok((version == authenticated).then(|| answer::user_devices(&users)))
    }

    fn maximum_concurrent_requests(&self) -> usize {
        self.cluster.configuration.borrow().parameters.maximum_concurrent_requests()
    }

    fn trace_violation(&self, thread: usize, number: u64, device: &str, answer: &str) {
        let thread = format!("http-bio-8443-exec-{thread}");
        let entries = wire::trace::policy_violation(&thread, number, device, answer);
        self.cluster.trace.write(self.cluster.clock.now(), entries);
    }
}

fn requested(duration: Duration) -> RequestedDuration {
    match duration {
        Duration::Unset => RequestedDuration::Unset,
        Duration::Indefinite => RequestedDuration::Indefinite,
        Duration::Minutes(minutes) => RequestedDuration::Minutes(minutes),
    }
}

/// The code of an error of the store; what it was stands in the log.
fn store_code(error: StoreError) -> ErrorCode {
    match error {
        StoreError::Busy => ErrorCode::Busy,
        error => {
            tracing::error!(%error, "an EM API request failed");
            ErrorCode::Database
        }
    }
}
