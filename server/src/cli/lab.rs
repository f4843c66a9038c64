//! `sojourn lab`

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use tracing::Instrument;

use super::{
    CliError, say,
    serve::{Reach, Running},
};
use crate::{
    cluster::{ClusterLimits, PhoneSettings},
    edge::{ListenAddresses, TrustedProxies},
    lab::{self, ADMINISTRATOR, PASSWORD, Place},
};

/// The distance between the ports of the two clusters.
const PORTS_APART: u16 = 1_000;
/// Listeners of both clusters.
const LISTENERS: u64 = 4;

pub(super) async fn run(
    data_dir: &Path,
    http: SocketAddr,
    https: SocketAddr,
) -> Result<ExitCode, CliError> {
    for address in [http, https] {
        if !address.ip().is_loopback() {
            return Err(format!(
                "{address}: the laboratory's passwords are known to everybody, so it listens on loopback alone"
            ));
        }
    }
    let seoul = start(Place::Seoul, data_dir, http, https).await?;
    let busan = start(Place::Busan, data_dir, above(http)?, above(https)?).await?;
    // Link both clusters at once, so that neither asks a cluster that does not know it.
    let links = tokio::join!(
        lab::link(&seoul.cluster, busan.https(), &busan.cluster),
        lab::link(&busan.cluster, seoul.https(), &seoul.cluster),
    );
    links.0.and(links.1)?;
    tokio::join!(
        lab::answers(&seoul.cluster, &busan.cluster),
        lab::answers(&busan.cluster, &seoul.cluster),
    );
    let drivers = [(Place::Seoul, &seoul), (Place::Busan, &busan)].map(|(place, running)| {
        let drive = lab::drive(place, Arc::clone(&running.cluster), running.http());
        tokio::spawn(drive.instrument(running.cluster.span("driver")))
    });
    say(&format!(
        "Sojourn's laboratory is running: two clusters that know each other.\n\
         \n  seoul     {seoul}   sign in as {ADMINISTRATOR}, password {PASSWORD}\
         \n  busan     {busan}   the same\
         \n  EM API    {seoul}emservice/EMServiceServlet   application user emproxy, password emproxy\
         \n  Data      {folder}\n\
         \nCtrl-C ends it.",
        seoul = seoul.url(),
        busan = busan.url(),
        folder = data_dir.display(),
    ));
    // When one of them stops, so does the other.
    let (first, second) = (Arc::clone(&seoul.cluster), Arc::clone(&busan.cluster));
    let ended = tokio::join!(
        async {
            let ended = seoul.until_stopped().await;
            second.begin_stop();
            ended
        },
        async {
            let ended = busan.until_stopped().await;
            first.begin_stop();
            ended
        },
    );
    for driver in drivers {
        let _ = driver.await;
    }
    Ok(if ended.0 == ExitCode::SUCCESS { ended.1 } else { ended.0 })
}

async fn start(
    place: Place,
    data_dir: &Path,
    http: SocketAddr,
    https: SocketAddr,
) -> Result<Running, CliError> {
    let reach = Reach {
        addresses: ListenAddresses { http, https, phone_config: None },
        certificate: None,
        proxies: TrustedProxies::default(),
        public_url: None,
        listeners: LISTENERS,
    };
    let phones = PhoneSettings { simulates: true, ..PhoneSettings::default() };
    let limits = ClusterLimits { phones, ..ClusterLimits::default() };
    let folder = data_dir.join(place.id());
    let running = Running::start(Some(place.id().to_owned()), &folder, reach, limits).await?;
    lab::fill(place, &running.cluster).await?;
    Ok(running)
}

/// The address of the second cluster. With port 0 the system chooses a port for each cluster.
fn above(mut address: SocketAddr) -> Result<SocketAddr, CliError> {
    if address.port() > 0 {
        let port = address.port().checked_add(PORTS_APART);
        let port =
            port.ok_or_else(|| format!("{address}: there is no port {PORTS_APART} higher"))?;
        address.set_port(port);
    }
    Ok(address)
}
