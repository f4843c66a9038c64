//! `sojourn lab`

use std::{net::SocketAddr, path::Path, sync::Arc};

use tracing::Instrument;

use super::{
    CliError, say,
    serve::{Reach, Running},
};
use crate::{
    cluster::{ClusterLimits, PhoneSettings},
    edge::{Addresses, TrustedProxies},
    lab::{self, ADMINISTRATOR, PASSWORD},
};

pub(super) async fn run(
    data_dir: &Path,
    http: SocketAddr,
    https: SocketAddr,
) -> Result<(), CliError> {
    for address in [http, https] {
        if !address.ip().is_loopback() {
            return Err(format!(
                "{address}: the laboratory's passwords are known to everybody, so it listens on loopback alone"
            ));
        }
    }
    let folder = data_dir.join("seoul");
    let reach = Reach {
        addresses: Addresses { http, https, phone_config: None },
        certificate: None,
        proxies: TrustedProxies::default(),
        public_url: None,
    };
    let phones = PhoneSettings { simulates: true, ..PhoneSettings::default() };
    let limits = ClusterLimits { phones, ..ClusterLimits::default() };
    let running = Running::start(Some("seoul".to_owned()), &folder, reach, limits).await?;
    lab::fill(&running.cluster).await?;
    let drive = lab::drive(Arc::clone(&running.cluster), running.http());
    let driver = tokio::spawn(drive.instrument(running.cluster.span("driver")));
    say(&format!(
        "Sojourn's laboratory is running.\n\
         \n  Console   {url}   sign in as {ADMINISTRATOR}, password {PASSWORD}\
         \n  EM API    {url}emservice/EMServiceServlet   application user emproxy, password emproxy\
         \n  Data      {folder}\n\
         \nCtrl-C ends it.",
        url = running.url(),
        folder = folder.display(),
    ));
    let ended = running.until_stopped().await;
    let _ = driver.await;
    ended
}
