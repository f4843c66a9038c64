//! Requests to Kamailio by JSON-RPC.

use std::time::Duration;

use engine::Site;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wire::phone::{SERVICE_CONTROL_EVENT, SERVICE_CONTROL_TYPE, restart};

use super::Registration;
use crate::cluster::{bounded::body, http_client};

/// The time in which the call server has to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// Idle connections to the call server that are kept open.
const MOST_IDLE_CONNECTIONS: usize = 4;
/// The table of registrations.
const TABLE: &str = "location";
/// Kamailio chooses: the next hop, or the socket to send from.
const ITS_CHOICE: &str = ".";
/// The characters that are percent-encoded in the user part of a SIP address (RFC 3261).
const USER: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'+').remove(b'*');

/// A client of the call server.
#[derive(Clone)]
pub(in crate::cluster) struct CallServerClient(Client);

/// Why a request to the call server failed.
#[derive(Debug, thiserror::Error)]
pub(in crate::cluster) enum CallServerError {
    /// No answer, or not in time.
    #[error("the call server does not answer")]
    NoAnswer(#[from] reqwest::Error),
    /// The answer is not valid JSON-RPC.
    #[error("the call server's answer is not understood")]
    NotUnderstood,
    /// The call server answers with an error.
    #[error("the call server refuses: {0}")]
    Refused(String),
}

/// A JSON-RPC answer. Kamailio sends an error with HTTP status 500.
#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    error: Option<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
}

/// The result of `ul.lookup`.
#[derive(Deserialize)]
struct Found {
    #[serde(rename = "Contacts")]
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Contact {
    #[serde(rename = "Contact")]
    contact: Registration,
}

impl CallServerClient {
    /// A client without redirects and proxies: requests go only to the given address.
    ///
    /// # Errors
    /// When the HTTP client can't be built.
    pub(in crate::cluster) fn new() -> reqwest::Result<Self> {
        let client = http_client::client().timeout(ANSWER_TIMEOUT);
        Ok(Self(client.pool_max_idle_per_host(MOST_IDLE_CONNECTIONS).build()?))
    }

    /// The registrations under a number.
    pub(in crate::cluster) async fn registrations(
        &self,
        site: &Site,
        number: &str,
    ) -> Result<Vec<Registration>, CallServerError> {
        let found = self.ask::<Found>(site, "ul.lookup", json!([TABLE, number])).await;
        match found {
            Ok(found) => Ok(found.contacts.into_iter().map(|one| one.contact).collect()),
            // The number has no registration, or only registrations that have just expired.
            Err(CallServerError::Refused(message)) if message.starts_with("AOR ") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Tells a phone that is registered under a number to read its configuration anew. The call does not
    /// wait for the phone's answer.
    pub(in crate::cluster) async fn restart(
        &self,
        site: &Site,
        number: &str,
        registration: &Registration,
    ) -> Result<(), CallServerError> {
        let Registration { contact, call_id, .. } = registration;
        let (host, user) = (host(site), utf8_percent_encode(number, &USER));
        let headers = format!(
            "From: <sip:{host}>\r\nTo: <sip:{user}@{host}>\r\nContact: <sip:{host};transport=tcp>\r\n\
             Event: {SERVICE_CONTROL_EVENT}\r\nSubscription-State: active\r\n\
             Content-Type: {SERVICE_CONTROL_TYPE}\r\n"
        );
        let by = registration.reached_by();
        let next_hop = if by == contact { ITS_CHOICE } else { by };
        let body = restart(call_id);
        let message = json!(["NOTIFY", contact, next_hop, ITS_CHOICE, headers, body]);
        self.ask::<Value>(site, "tm.t_uac_start", message).await.map(drop)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        site: &Site,
        method: &str,
        params: Value,
    ) -> Result<T, CallServerError> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let sent =
            self.0.post(&site.call_server_rpc).header(header::CONTENT_TYPE, "application/json");
        let mut answer = sent.body(request.to_string()).send().await?;
        let read = body(&mut answer, MAX_ANSWER_BYTES).await?;
        let read = read.and_then(|bytes| serde_json::from_slice::<Answer<T>>(&bytes).ok());
        match read.ok_or(CallServerError::NotUnderstood)? {
            Answer { error: Some(fault), .. } => Err(CallServerError::Refused(fault.message)),
            Answer { result, .. } => result.ok_or(CallServerError::NotUnderstood),
        }
    }
}

/// The call server's host and port in SIP addresses.
fn host(site: &Site) -> &str {
    let rpc = site.call_server_rpc.trim_start_matches("http://");
    let rpc = rpc.split('/').next().unwrap_or_default();
    if site.call_server.is_empty() { rpc } else { &site.call_server }
}
