//! The relay for phones in the browser: it asks this cluster's phone services as a phone would.
//! A browser can't send a phone's headers.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::ServiceExt;

use crate::{
    edge::{self, Client, Via},
    http::listener::Listener,
    phone_auth,
};

/// The most bytes of an answer that are read.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// The `User-Agent` of a phone of this kind, and the headers with what the phone accepts.
const AGENT: HeaderValue = HeaderValue::from_static("Allegro-Software-WebClient/4.34");
const ACCEPT: HeaderValue = HeaderValue::from_static("x-CiscoIPPhone/*, text/*,image/png,*/*");
const CHARSETS: HeaderValue = HeaderValue::from_static("utf-8,iso-8859-1;q=0.8");
const DISPLAY: HeaderValue = HeaderValue::from_static("800,480,24,C");
const SDK_VERSION: HeaderValue = HeaderValue::from_static("8.5.1");

/// Passes requests to the phone services.
#[derive(Clone)]
pub(crate) struct Relay(Router);

/// The part of a browser's request that the relay passes on. The part includes the client, so that the limits on
/// PIN guesses hold for phones in the browser as for all other phones.
#[derive(Clone)]
pub(super) struct Asked {
    client: Option<Client>,
    /// Host and port that the browser used.
    pub(super) host: String,
    /// The language of the console's pages.
    language: String,
}

impl Asked {
    /// The part of a console request that is passed on.
    pub(super) fn of(request: &Request) -> Self {
        let text = |name| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        Self {
            client: request.extensions().get::<Client>().copied(),
            host: text(header::HOST),
            language: language(request.headers()).unwrap_or_else(|| text(header::ACCEPT_LANGUAGE)),
        }
    }
}

/// The language that was chosen for pages.
fn language(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|value| value.split(';')).filter_map(|one| one.split_once('='));
    let (_, language) = pairs.find(|(name, _)| name.trim() == app::LANGUAGE_COOKIE)?;
    Some(language.trim().to_owned())
}

/// Fields as a phone sends them, in an address or a body.
pub(super) fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let escaped = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs =
        fields.into_iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl Relay {
    /// A relay to these routes.
    pub(crate) fn to(phones: Router) -> Self {
        Self(phones)
    }

    /// Whether the authentication URL accepts these credentials for a command to the phone.
    pub(super) async fn authorizes(
        &self,
        asked: &Asked,
        phone: &str,
        (user, password): (&str, &str),
    ) -> bool {
        // The credentials go into the body, because an address may be logged.
        let body = form([("UserID", user), ("Password", password), ("devicename", phone)]);
        let answer = self.ask(asked, "", phone_auth::PATH, Some(body)).await;
        answer.is_ok_and(|answer| answer == phone_auth::AUTHORIZED)
    }

    /// Sends a request as a phone of a model; `path` has the query.
    /// A body makes the request a POST.
    ///
    /// # Errors
    /// A text to show on the phone.
    pub(super) async fn ask(
        &self,
        asked: &Asked,
        model: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<String, String> {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder().method(method).uri(path);
        let value = |text: &str| HeaderValue::from_str(text).ok();
        let model = terms::model_number(model)
            .map_or_else(|| model.to_owned(), |number| format!("CP-{number}"));
        if let Some(headers) = request.headers_mut() {
            headers.insert(header::USER_AGENT, AGENT);
            headers.insert(header::ACCEPT, ACCEPT);
            headers.insert(header::ACCEPT_CHARSET, CHARSETS);
            headers.insert("x-CiscoIPPhoneDisplay", DISPLAY);
            headers.insert("x-CiscoIPPhoneSDKVersion", SDK_VERSION);
            let given = [
                (header::HOST, value(&asked.host)),
                (header::ACCEPT_LANGUAGE, value(&asked.language)),
                (header::HeaderName::from_static("x-ciscoipphonemodelname"), value(&model)),
            ];
            headers
                .extend(given.into_iter().filter_map(|(name, value)| Some((Some(name), value?))));
            if body.is_some() {
                let form = HeaderValue::from_static("application/x-www-form-urlencoded");
                headers.insert(header::CONTENT_TYPE, form);
            }
        }
        let mut request = request.body(Body::empty()).map_err(|error| error.to_string())?;
        request.extensions_mut().insert(Listener::Http);
        // The client's address is not the phone's address: with `Via::OtherProxy` no push goes there.
        if let Some(client) = asked.client {
            request.extensions_mut().insert(Client { via: Via::OtherProxy, ..client });
        }
        if let Some(body) = body {
            edge::give_body(&mut request, Bytes::from(body));
        }
        let Ok(answer) = self.0.clone().oneshot(request).await;
        if answer.status() != StatusCode::OK {
            return Err(format!("HTTP {}", answer.status().as_u16()));
        }
        let bytes = to_bytes(answer.into_body(), MAX_ANSWER_BYTES).await;
        let bytes = bytes.map_err(|error| error.to_string())?;
        String::from_utf8(bytes.into()).map_err(|_| "not UTF-8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::TestCluster;

    #[tokio::test]
    async fn a_phone_in_the_browser_asks_the_authentication_url_before_it_obeys() {
        let cluster = TestCluster::start("seoul").await;
        let relay = Relay::to(phone_auth::routes(Arc::clone(&cluster)).router);
        let asked = Asked::of(&Request::new(Body::empty()));
        let may = async |user, password| relay.authorizes(&asked, "SEP1", (user, password)).await;
        assert!(!may("", "").await, "nobody may push before that is set up");
        cluster.apply("[site]\npush_user = 'push'\npush_password = 'p&sh'\n").await;
        assert!(may("push", "p&sh").await);
        assert!(!may("push", "p").await);
    }
}
