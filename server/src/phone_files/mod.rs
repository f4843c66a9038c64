//! The configuration files of phones, `SEP….cnf.xml`: a phone's current configuration, in the phone's
//! format.

mod contents;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use terms::PhoneAddress;

use contents::IdleAfter;

use crate::{
    cluster::Cluster,
    edge::{Client, Via, sampled_error},
    phone_idle,
};

/// The ending of a file's name.
const ENDING: &str = ".cnf.xml";
/// The longest name of a phone in a path, in bytes.
const MAX_NAME_BYTES: usize = 128;

/// The configuration files of a cluster's phones.
#[derive(Clone)]
pub(crate) struct PhoneFiles {
    cluster: Arc<Cluster>,
    /// The port of HTTP, for addresses that the site does not set.
    http_port: u16,
}

impl PhoneFiles {
    /// The files of a cluster that serves HTTP on this port.
    pub(crate) const fn of(cluster: Arc<Cluster>, http_port: u16) -> Self {
        Self { cluster, http_port }
    }

    /// The file of a phone.
    async fn answer(&self, phone: &str, asks: Asks) -> Response {
        let Asks { client, host, takes_it } = asks;
        let found = match self.cluster.store.phone_detail(phone).await {
            Ok(Some(found)) => found,
            Ok(None) => return StatusCode::NOT_FOUND.into_response(),
            Err(error) => {
                sampled_error!(%error, "the configuration of a phone could not be read");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        };
        // The address is the phone's only if no proxy stands between.
        let from = client.filter(|client| client.via == Via::Nothing).map(|client| client.address);
        // Only the phone itself gets the accounts; its address identifies the phone.
        let set = found.phone.address.as_deref().and_then(PhoneAddress::parse);
        let is_there = from.is_some_and(|from| set.is_some_and(|set| set.has(from)));
        if let Some(from) = from {
            self.cluster.phone_is_at(&found.phone.name, found.phone.address.as_deref(), from);
        }
        if is_there && takes_it {
            let number = found.effective.lines.first().map(|line| line.dn.clone());
            self.cluster.phones.files.note(&found.phone.name, found.as_of, number);
        }
        let configuration = Arc::clone(&self.cluster.configuration.borrow());
        let (site, rules) = (&configuration.site, &configuration.log_out_rules);
        let minutes = found.phone.idle_minutes(rules);
        let secret = self.cluster.phone_secrets.secret(&found.phone.name, minutes);
        let path = phone_idle::path_of(&found.phone.name, minutes, &secret);
        let idle = IdleAfter { path: &path, seconds: minutes * 60 };
        let idle = Some(idle).filter(|idle| is_there && idle.seconds > 0);
        let own_url = host.map(|host| format!("http://{host}:{}", self.http_port));
        let file = contents::of(&found.effective, site, own_url.as_deref(), is_there, idle);
        let headers =
            [(header::CONTENT_TYPE, "text/xml;charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        (headers, file.xml()).into_response()
    }
}

/// The client's part of a request for a file.
struct Asks {
    client: Option<Client>,
    /// The name by which the client knows this server.
    host: Option<String>,
    /// Whether the client wants the file, and not its length alone.
    takes_it: bool,
}

impl Asks {
    fn of(request: &Request) -> Self {
        Self {
            client: request.extensions().get::<Client>().copied(),
            host: host(request.headers()).map(ToOwned::to_owned),
            takes_it: request.method() == Method::GET,
        }
    }
}

/// The router of a listener that serves nothing else.
pub(crate) fn router(files: PhoneFiles) -> Router {
    Router::new().fallback(alone).with_state(files)
}

async fn alone(State(files): State<PhoneFiles>, request: Request) -> Response {
    match asked(&request) {
        Some(Ok(phone)) => files.answer(&phone, Asks::of(&request)).await,
        Some(Err(status)) => status.into_response(),
        // Phones ask for files that only the original has, and continue without those files.
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Answers a request for a file, before the router does anything else.
pub(crate) async fn first(
    State(files): State<PhoneFiles>,
    request: Request,
    next: Next,
) -> Response {
    match asked(&request) {
        None => next.run(request).await,
        Some(Err(status)) => status.into_response(),
        Some(Ok(phone)) => files.answer(&phone, Asks::of(&request)).await,
    }
}

/// The phone whose file is asked for; `None` for another path.
fn asked(request: &Request) -> Option<Result<String, StatusCode>> {
    let name = request.uri().path().strip_prefix('/')?;
    let at = name.len().checked_sub(ENDING.len())?;
    let (phone, ending) = name.split_at_checked(at)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_file = ending.eq_ignore_ascii_case(ENDING)
        && (1..=MAX_NAME_BYTES).contains(&phone.len())
        && phone.bytes().all(is_name);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_file
        .then(|| if is_read { Ok(phone.to_owned()) } else { Err(StatusCode::METHOD_NOT_ALLOWED) })
}

/// The name in the Host header, without the port.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_good)).then_some(name)
}
