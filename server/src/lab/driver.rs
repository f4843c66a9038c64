//! The demo driver: a few log-ins and log-outs a minute, over HTTP as any client would.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::Rng;

use super::data::{DRIVEN_PHONES, DRIVEN_USERS, DRIVER, DRIVER_PASSWORD};
use crate::cluster::Cluster;

/// From one of its requests to the next.
const PACE: Duration = Duration::from_secs(12);
/// Logins with which it begins, so that the first look is not at an empty page.
const AT_START: usize = 4;

/// Drives the laboratory until the cluster stops.
#[expect(clippy::disallowed_methods, reason = "nobody needs a demonstration to repeat itself")]
pub(crate) async fn drive(cluster: Arc<Cluster>, http: SocketAddr) {
    let mut stopping = cluster.stopping();
    let work = async {
        let client = reqwest::Client::new();
        let url = format!("http://{http}/emservice/EMServiceServlet");
        let mut pace = tokio::time::interval(PACE);
        // The first comes at once.
        pace.tick().await;
        for index in 0..AT_START {
            post(&client, &url, &login(DRIVEN_USERS[index], DRIVEN_PHONES[index])).await;
        }
        loop {
            pace.tick().await;
            let (user, phone, logs_out) = {
                let mut random = rand::rng();
                (
                    DRIVEN_USERS[random.random_range(0..DRIVEN_USERS.len())],
                    DRIVEN_PHONES[random.random_range(0..DRIVEN_PHONES.len())],
                    random.random_bool(0.45),
                )
            };
            let request = if logs_out { logout(phone) } else { login(user, phone) };
            post(&client, &url, &request).await;
        }
    };
    tokio::select! {
        () = work => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
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
