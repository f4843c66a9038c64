//! `sojourn lab`

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use clap::{ArgMatches, Command, CommandFactory, parser::ValueSource};
use tracing::Instrument;

use super::{
    Arguments, CliError, say,
    serve::{Reach, Running},
    settings_file,
};
use crate::{
    admin::{ProgramSetting, ProgramSource},
    cluster::{ClusterLimits, PhoneSettings},
    edge::{ListenAddresses, TrustedProxies},
    lab::{self, ADMINISTRATOR, PASSWORD, Place},
};

/// The name of the command.
pub(super) const NAME: &str = "lab";
/// The distance between the ports of the two clusters.
const PORTS_APART: u16 = 1_000;
/// Listeners of both clusters.
const LISTENERS: u64 = 4;

/// Serves both clusters; `given` are the flags as clap found them.
pub(super) async fn run(
    data_dir: &Path,
    http: SocketAddr,
    https: SocketAddr,
    given: Option<&ArgMatches>,
) -> Result<ExitCode, CliError> {
    for address in [http, https] {
        if !address.ip().is_loopback() {
            return Err(format!(
                "{address}: the laboratory's passwords are known to everybody, so it listens on loopback alone"
            ));
        }
    }
    let seoul = start(Place::Seoul, data_dir, http, https, given).await?;
    let busan = start(Place::Busan, data_dir, above(http)?, above(https)?, given).await?;
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
    given: Option<&ArgMatches>,
) -> Result<Running, CliError> {
    let folder = data_dir.join(place.id());
    let reach = Reach {
        addresses: ListenAddresses { http, https, phone_config: None },
        certificate: None,
        proxies: TrustedProxies::default(),
        public_url: None,
        listeners: LISTENERS,
        shown: shown(place, &folder, [http, https], given),
    };
    let phones = PhoneSettings { simulates: true, ..PhoneSettings::default() };
    let limits = ClusterLimits { phones, ..ClusterLimits::default() };
    let running = Running::start(Some(place.id().to_owned()), &folder, reach, limits).await?;
    lab::fill(place, &running.cluster).await?;
    Ok(running)
}

/// The settings of a cluster of the laboratory, for the console: those of the command with the values of this cluster,
/// and those of `sojourn serve` that the laboratory fixes.
fn shown(
    place: Place,
    folder: &Path,
    [http, https]: [SocketAddr; 2],
    given: Option<&ArgMatches>,
) -> Vec<ProgramSetting> {
    let (program, serve) = (Arguments::command(), settings_file::command());
    let setting = |command: Option<&Command>, id: &str, value: &str, source| {
        let arg =
            command.and_then(|command| command.get_arguments().find(|arg| arg.get_id() == id));
        let help = arg.map(settings_file::help).unwrap_or_default();
        ProgramSetting::new(id, help, Some(value), source)
    };
    let flag = |id: &str, value: String| {
        let is_given = given.and_then(|given| given.value_source(id));
        let source = match is_given {
            Some(ValueSource::CommandLine) => {
                ProgramSource::Flag(format!("--{}", id.replace('_', "-")))
            }
            _ => ProgramSource::Default,
        };
        setting(program.find_subcommand(NAME), id, &value, source)
    };
    let fixed = |id: &str, value: &str| {
        setting(Some(&serve), id, value, ProgramSource::Command("sojourn lab"))
    };
    vec![
        flag("data_dir", folder.display().to_string()),
        fixed("cluster_id", place.id()),
        flag("http", http.to_string()),
        flag("https", https.to_string()),
        fixed("phone_simulator", "true"),
    ]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_shows_the_addresses_of_its_own_cluster() {
        let given = Arguments::command().get_matches_from(["sojourn", NAME, "--http=127.0.0.1:1"]);
        let addresses = ["127.0.0.1:1001", "127.0.0.1:9443"].map(|text| text.parse().unwrap());
        let folder = Path::new("lab/busan");
        let shown = shown(Place::Busan, folder, addresses, given.subcommand_matches(NAME));
        let rows = shown.iter().map(|setting| {
            assert!(!setting.help().is_empty(), "{}", setting.name());
            (setting.name(), setting.value().unwrap(), setting.source().clone())
        });
        let (fixed, default) = (ProgramSource::Command("sojourn lab"), ProgramSource::Default);
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                ("data_dir", "lab/busan", default.clone()),
                ("cluster_id", "busan", fixed.clone()),
                ("http", "127.0.0.1:1001", ProgramSource::Flag("--http".to_owned())),
                ("https", "127.0.0.1:9443", default),
                ("phone_simulator", "true", fixed),
            ]
        );
    }
}
