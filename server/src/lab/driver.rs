//! The demo driver: five log-ins or log-outs a minute, over HTTP as any client or phone would.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngExt;

use super::data::{DRIVER, DRIVER_PASSWORD, PIN, Place};
use crate::cluster::{Cluster, http_client};

/// The time between two requests of the driver.
const PACE: Duration = Duration::from_secs(12);
/// The logins that the driver makes at its start, so that the first page is not empty.
const AT_START: usize = 4;

/// The fraction of the driver's requests that are log-ins of visitors.
const VISITORS_PART: f64 = 0.25;

/// A request that the driver makes.
enum Wish {
    Api(String),
    Visit(&'static str, &'static str),
}

/// Drives a cluster of the laboratory until the cluster stops.
pub(crate) async fn drive(place: Place, cluster: Arc<Cluster>, http: SocketAddr) {
    let mut stopping = cluster.stopping();
    let work = async {
        let client = match http_client::client().build() {
            Ok(client) => client,
            Err(error) => return tracing::error!(%error, "nothing is driven"),
        };
        let mut ticks = tokio::time::interval(PACE);
        // The first tick comes at once.
        ticks.tick().await;
        let (users, phones) = (place.driven_users(), place.driven_phones());
        for (user, phone) in users.iter().zip(phones).take(AT_START.min(phones.len() / 2)) {
            send(&client, http, Wish::Api(login(user, phone))).await;
        }
        // The last visitor is free: the first users of the other cluster are at phones of their own cluster.
        if let (Some(visitor), Some(phone)) = (place.visitors().last(), phones.last()) {
            send(&client, http, Wish::Visit(visitor, phone)).await;
        }
        loop {
            ticks.tick().await;
            send(&client, http, next(place)).await;
        }
    };
    tokio::select! {
        () = work => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "nobody needs a demonstration to repeat itself")]
fn next(place: Place) -> Wish {
    let mut random = rand::rng();
    let mut one_of = |all: &[&'static str]| all[random.random_range(0..all.len())];
    let (user, phone) = (one_of(place.driven_users()), one_of(place.driven_phones()));
    let visitors = place.visitors();
    if !visitors.is_empty() {
        let visitor = one_of(visitors);
        if random.random_bool(VISITORS_PART) {
            return Wish::Visit(visitor, phone);
        }
    }
    Wish::Api(if random.random_bool(0.45) { logout(phone) } else { login(user, phone) })
}

async fn send(client: &reqwest::Client, http: SocketAddr, wish: Wish) {
    match wish {
        Wish::Api(operation) => {
            post(client, &format!("http://{http}/emservice/EMServiceServlet"), &operation).await;
        }
        Wish::Visit(user, phone) => {
            let url = format!(
                "http://{http}/emapp/EMAppServlet?device={phone}&EMCC=true&userid={user}&seq={PIN}"
            );
            if let Err(error) = client.get(url).send().await {
                let error = error.without_url();
                tracing::warn!(%error, "the demo driver could not reach the EM application");
            }
        }
    }
}

async fn post(client: &reqwest::Client, url: &str, operation: &str) {
    let xml = format!(
        "<request><appInfo><appID>{DRIVER}</appID><appCertificate>{DRIVER_PASSWORD}\
         </appCertificate></appInfo>{operation}</request>"
    );
    let body = format!("xml={}", utf8_percent_encode(&xml, NON_ALPHANUMERIC));
    let sent = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await;
    if let Err(error) = sent {
        tracing::warn!(%error, "the demo driver could not reach the EM API");
    }
}

fn login(user: &str, phone: &str) -> String {
    format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>")
}

fn logout(phone: &str) -> String {
    format!("<logout><deviceName>{phone}</deviceName></logout>")
}
