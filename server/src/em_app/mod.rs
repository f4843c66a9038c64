//! The EM application: the screens of phones at which users log in and out.
//!
//! A phone asks for its screen. If no user is logged in, the phone gets a form for user and PIN,
//! otherwise the question whether to log out. The phone sends back the typed text, or the answer. An
//! error is a screen too, with HTTP 200: a client that gets a 5xx repeats the request, and would log in
//! twice.

mod browser;
mod change_pin;
mod fields;
mod lines;
mod log_in;
mod log_out;
mod reply;
mod screens;
mod service;
mod texts;
mod ticket;
mod visit;

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::Response,
    routing::post,
};
use terms::{AppError, ErrorCode, PhoneAct};
use wire::{Form, phone::Screen};

use crate::{
    edge::{Client, Via},
    em::{Em, Journal, Origin, Tickets},
    form::form,
    http::{listener::Listener, origin, routes::Routes, span},
    to_its_end::to_its_end,
};
use fields::{Fields, ScreenRequest};
use reply::Phone;
use screens::Screens;
use ticket::Ticket;

/// The path of the application, as phones know it.
pub(crate) const PATH: &str = "/emapp/EMAppServlet";

/// The path at which users change their PIN, as phones know it.
pub(crate) const CHANGE_PIN_PATH: &str = "/changecredential/ChangeCredentialServlet";

/// The EM application of a cluster.
pub(crate) struct EmApp {
    em: Arc<Em>,
    tickets: Tickets<Ticket>,
}

impl EmApp {
    /// The application in front of an EM service.
    pub(crate) fn new(em: Arc<Em>) -> Self {
        Self { em, tickets: Tickets::default() }
    }
}

/// The routes of the application, open to everybody on plain HTTP too.
/// Old phones speak only plain HTTP, and a redirection would show a PIN in its address.
pub(crate) fn routes(app: Arc<EmApp>) -> Routes {
    let refused = async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]);
    let methods = post(handle).get(handle).head(refused).fallback(refused).with_state(app);
    Routes::default().open(PATH, methods.clone()).open(CHANGE_PIN_PATH, methods)
}

/// A request of a phone, with the data that its answer needs.
struct Call<'a> {
    app: &'a EmApp,
    fields: Fields,
    phone: Phone,
    origin: Origin,
    /// The phone's address, if no proxy stands between.
    seen_at: Option<IpAddr>,
    journal: &'a mut Journal,
}

/// An error of a request.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// An error of the application itself.
    App(AppError),
    /// An error of the EM service.
    Service(ErrorCode),
}

/// The action of a request, as the relay of phones in the browser notes it.
pub(crate) struct Wish {
    /// The phone that the request names; empty if it names none.
    pub(crate) device: String,
    /// The change that the request asks for, if any: `log out`, `log in john`.
    pub(crate) change: Option<String>,
}

/// Reads a request as the application does, before the request is sent.
pub(crate) fn wish(path: &str, body: Option<&str>) -> Wish {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let body = body.unwrap_or_default().as_bytes().to_vec();
    let fields = Fields::read(path, &Form::new(query.as_bytes().to_vec(), body, None));
    let change = match fields.asked() {
        ScreenRequest::Screen | ScreenRequest::ChangePinForm => None,
        ScreenRequest::ChangePin { user, .. } => Some(format!("change the PIN of {user}")),
        ScreenRequest::LogOut => Some("log out".to_owned()),
        ScreenRequest::LogIn { user, .. } => Some(format!("log in {user}")),
        ScreenRequest::Choice { .. } => Some("log in".to_owned()),
    };
    Wish { device: fields.device, change }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Service(code)
    }
}

async fn handle(State(app): State<Arc<EmApp>>, request: Request) -> Response {
    let listener = request.extensions().get::<Listener>().copied().unwrap_or_default();
    let client = request.extensions().get::<Client>().copied();
    let origin = origin::read(client.map(|client| client.address), request.headers());
    let phone = Phone::read(&request, listener, client);
    let seen_at = client.filter(|client| client.via == Via::Nothing).map(|client| client.address);
    let is_from_page = browser::is_from_page(request.headers());
    let mut journal = app.em.begin_at_application(listener.port());
    span::set_number(journal.number());
    let query = request.uri().query().unwrap_or_default().as_bytes().to_vec();
    let path = request.uri().path().to_owned();
    let fields = match form(request) {
        Ok(form) => Fields::read(&path, &form),
        Err(why) => {
            tracing::debug!(%why, "a request of a phone was not understood");
            // The body is lost; the query names the phone.
            let fields = Fields::read(&path, &Form::new(query, Vec::new(), None));
            lines::received(&mut journal, &fields, &phone, &origin);
            let screens = Screens::new(&phone, &fields);
            return phone.answer(&screens.failed(ErrorCode::Parsing.into(), PhoneAct::LogIn));
        }
    };
    lines::received(&mut journal, &fields, &phone, &origin);
    let screens = Screens::new(&phone, &fields);
    if is_from_page && fields.changes() {
        tracing::debug!("a page of another site asks to log in or out");
        return phone.refuse(&screens.phones_alone());
    }
    let (tasks, act) = (app.em.cluster.tasks.clone(), fields.act());
    let (after, fault) = (phone.clone(), screens.failed(ErrorCode::Unknown.into(), act));
    // A started operation runs to completion, counted and traced, even if the phone disconnects.
    let work = async move {
        let mut call = Call { app: &app, fields, phone, origin, seen_at, journal: &mut journal };
        let screen = call
            .screen()
            .await
            .unwrap_or_else(|failure| Screens::new(&call.phone, &call.fields).failed(failure, act));
        lines::charset(call.journal, &call.phone);
        screen
    };
    after.answer(&to_its_end(&tasks, work).await.unwrap_or(fault))
}

impl Call<'_> {
    /// The screen that the phone gets.
    async fn screen(&mut self) -> Result<Screen, Failure> {
        if self.fields.device.is_empty() {
            return Err(AppError::NoDevice.into());
        }
        match self.fields.asked() {
            ScreenRequest::Screen => {
                self.fields.id_kind()?;
                self.first_screen().await
            }
            ScreenRequest::ChangePinForm => Ok(self.change_pin_form(None).await),
            ScreenRequest::ChangePin { user, pin, new_pin } => {
                self.change_pin(&user, &pin, &new_pin).await
            }
            ScreenRequest::LogOut => self.log_out().await,
            ScreenRequest::LogIn { user, pin } => self.log_in(&user, &pin).await,
            ScreenRequest::Choice { ticket, choice } => self.log_in_with(&ticket, &choice).await,
        }
    }

    /// The form to log in, or the question whether to log out.
    async fn first_screen(&mut self) -> Result<Screen, Failure> {
        let status = self.status().await?;
        let screens = Screens::new(&self.phone, &self.fields);
        if let Some(user) = &status.user {
            return Ok(screens.log_out_question(&user.id));
        }
        let configuration = self.app.em.cluster.configuration.borrow().clone();
        lines::no_alternate_script(self.journal, &self.fields.device, Some(&status.model));
        lines::login_page(self.journal, &self.fields.device);
        Ok(screens.log_in_form(&configuration.parameters, &status))
    }
}
