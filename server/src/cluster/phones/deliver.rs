//! Sending a push to a phone, and trying again.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use engine::ports::StoreError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, header};
use wire::phone::{Executed, execute, executed};

use super::{
    commands::{Commands, merged},
    queue::Message,
    unanswered::{Channel, NotTold},
};
use crate::cluster::{Cluster, bounded::body, http_client};

/// The time in which a phone has to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// The pauses before a push is sent again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024;

/// A push to a phone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Push {
    /// The phone's name.
    pub(super) phone: String,
    /// Its commands.
    pub(super) commands: Commands,
}

impl Message for Push {
    fn phone(&self) -> &str {
        &self.phone
    }

    fn merge(&mut self, later: Self) {
        merged(&mut self.commands, &later.commands);
    }
}

/// A client that sends pushes to the given address only, without redirects and proxies.
pub(super) fn client() -> reqwest::Result<Client> {
    http_client::client().timeout(ANSWER_TIMEOUT).pool_max_idle_per_host(0).http1_only().build()
}

/// Sends a push until the phone answers, at most three times, and notes the outcome. A phone without
/// an address gets no push.
pub(super) async fn deliver(cluster: &Cluster, client: &Client, push: &Push) {
    let mut pauses = PAUSES.into_iter();
    let failed = loop {
        // Read for each try: an administrator may have removed the address meanwhile.
        let address = match address(cluster, &push.phone).await {
            Ok(Some(address)) => address,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a phone could not be told");
                break Some(NotTold::Error);
            }
        };
        let Err(why) = send(cluster, client, address, push).await else { break None };
        // Wrong credentials stay wrong: no further try.
        let pause = pauses.next().filter(|_| why != NotTold::NotAuthorized);
        let Some(pause) = pause else {
            tracing::info!(phone = push.phone, %address, ?why, "a phone did not take its push");
            break Some(why);
        };
        // A phone does not announce that it is ready again: the pause is a back-off.
        tokio::time::sleep(pause).await;
    };
    if failed.is_some() {
        cluster.counters.pushes_failed.inc();
    }
    cluster.phones.unanswered.note(&push.phone, Channel::Push, cluster.clock.now(), failed);
}

/// The address for pushes to a phone, if the phone has an address now and the site has credentials.
async fn address(cluster: &Cluster, phone: &String) -> Result<Option<IpAddr>, StoreError> {
    if cluster.configuration.borrow().site.push_user.is_empty() {
        return Ok(None);
    }
    let (_, phones) = cluster.store.phones(std::slice::from_ref(phone)).await?;
    let found = phones.into_iter().flatten().next();
    Ok(found.and_then(|phone| cluster.push_address(&phone.name, phone.address.as_deref())))
}

async fn send(
    cluster: &Cluster,
    client: &Client,
    address: IpAddr,
    push: &Push,
) -> Result<(), NotTold> {
    let site = cluster.configuration.borrow().site.clone();
    let to = SocketAddr::new(address, cluster.phones.push_port);
    let xml = execute(&push.commands);
    let form = format!("XML={}", utf8_percent_encode(&xml, NON_ALPHANUMERIC));
    let sent = client
        .post(format!("http://{to}/CGI/Execute"))
        .basic_auth(site.push_user, Some(site.push_password))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await;
    let mut answer = sent.map_err(|_| NotTold::NoAnswer)?;
    if matches!(answer.status().as_u16(), 401 | 403) {
        return Err(NotTold::NotAuthorized);
    }
    let is_good = answer.status().is_success();
    let read = body(&mut answer, MAX_ANSWER_BYTES).await.map_err(|_| NotTold::NoAnswer)?;
    let bytes = read.ok_or(NotTold::Error)?;
    match executed(&String::from_utf8_lossy(&bytes)) {
        Executed::Done if is_good => Ok(()),
        Executed::NotAuthorized => Err(NotTold::NotAuthorized),
        Executed::Done | Executed::Failed => Err(NotTold::Error),
    }
}
