//! The settings of `sojourn serve`: one table of names, defaults, help and checks.
//!
//! Each setting is a flag (`--trace-level`), a variable (`SOJOURN_TRACE_LEVEL`) and a line of the
//! settings file (`trace_level`). The first given value in this order counts.

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgAction, Args};
use store::Limits;
use terms::Named;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use wire::trace::Level;

use crate::{
    cluster::{ClusterLimits, PhoneSettings, TraceLimits},
    edge::{ForwardedHeader, TrustedProxies},
    http::PublicUrl,
};

/// The default filter of the log.
pub(crate) const LOG: &str = "warn";
/// The first part of every filter, which a given filter may override. A cookie without a session is no reason
/// for a warning: strangers can send any number of them.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error";
/// The variable with the filter of the log, for commands without the flag too.
pub(super) const LOG_VARIABLE: &str = "SOJOURN_LOG";
/// Pages of the database in a MiB.
const PAGES_PER_MIB: u32 = 256;

#[derive(Args)]
pub(super) struct Settings {
    /// The data folder of the cluster; made if it does not exist
    #[arg(long, env = "SOJOURN_DATA_DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// The cluster id, which the database keeps from the first start on; the default is sojourn
    #[arg(long, env = "SOJOURN_CLUSTER_ID", value_parser = cluster_id)]
    pub(super) cluster_id: Option<String>,
    /// Address of HTTP
    #[arg(long, env = "SOJOURN_HTTP", default_value = "127.0.0.1:8080")]
    pub(super) http: SocketAddr,
    /// Address of HTTPS
    #[arg(long, env = "SOJOURN_HTTPS", default_value = "127.0.0.1:8443")]
    pub(super) https: SocketAddr,
    /// Certificate (PEM) for HTTPS; the default is a self-signed certificate, renewed by itself
    #[arg(long, env = "SOJOURN_TLS_CERT")]
    pub(super) tls_cert: Option<PathBuf>,
    /// Key (PEM) of the certificate
    #[arg(long, env = "SOJOURN_TLS_KEY")]
    pub(super) tls_key: Option<PathBuf>,
    /// The public address of the console behind a proxy: `https://HOST[:PORT]`
    #[arg(long, env = "SOJOURN_PUBLIC_URL")]
    pub(super) public_url: Option<PublicUrl>,
    /// Proxies whose header names the client: addresses and networks, separated by commas
    #[arg(long, env = "SOJOURN_TRUSTED_PROXIES", default_value = "")]
    pub(super) trusted_proxies: TrustedProxies,
    /// The header by which proxies name the client: X-Forwarded-For or Forwarded
    #[arg(long, env = "SOJOURN_FORWARDED_HEADER", default_value = "X-Forwarded-For")]
    pub(super) forwarded_header: ForwardedHeader,
    /// A further address for the configuration files of phones, for instance 0.0.0.0:6970
    #[arg(long, env = "SOJOURN_PHONE_CONFIG")]
    pub(super) phone_config: Option<SocketAddr>,
    /// The port on which phones take pushes
    #[arg(long, env = "SOJOURN_PHONE_PUSH_PORT", default_value_t = PhoneSettings::default().push_port,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) phone_push_port: u16,
    /// Show phones in the browser: operators can log in at any phone with a user's PIN
    #[arg(long, env = "SOJOURN_PHONE_SIMULATOR", action = ArgAction::Set, default_value_t = false,
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) phone_simulator: bool,
    /// The least grave level of the traces: DEBUG, INFO, WARN, ERROR or OFF
    #[arg(long, env = "SOJOURN_TRACE_LEVEL", default_value = "DEBUG", value_parser = trace_level)]
    pub(super) trace_level: TraceThreshold,
    /// The size at which a file of the trace is rotated, in MiB
    #[arg(long, env = "SOJOURN_TRACE_FILE_MIB", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(super) trace_file_mib: u32,
    /// The number of rotated files of the trace
    #[arg(long, env = "SOJOURN_TRACE_FILES", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(super) trace_files: u32,
    /// The largest size of the database, in MiB; beyond it logins get error 6. No limit by default
    #[arg(long, env = "SOJOURN_MAX_DATABASE_MIB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_database_mib: Option<u32>,
    /// A syslog server that gets alarms (RFC 5424 over UDP), for instance 192.0.2.9:514
    #[arg(long, env = "SOJOURN_SYSLOG", value_parser = syslog)]
    pub(super) syslog: Option<SocketAddr>,
    /// The levels of the program's own log, by module: error, warn, info or debug
    #[arg(long, env = LOG_VARIABLE, default_value = LOG, value_parser = log)]
    pub(super) log: String,
}

impl Settings {
    /// The bounds of the cluster.
    pub(super) fn limits(&self) -> ClusterLimits {
        ClusterLimits {
            store: Limits {
                max_pages: self.max_database_mib.map(|mib| mib.saturating_mul(PAGES_PER_MIB)),
            },
            trace: TraceLimits {
                level: self.trace_level.0,
                file_bytes: self.trace_file_mib as usize * 1024 * 1024,
                files: self.trace_files as usize,
            },
            phones: PhoneSettings {
                push_port: self.phone_push_port,
                simulates: self.phone_simulator,
            },
            syslog: self.syslog,
            ..ClusterLimits::default()
        }
    }
}

/// A level of the trace, or none.
#[derive(Clone, Copy)]
pub(super) struct TraceThreshold(Option<Level>);

fn trace_level(text: &str) -> Result<TraceThreshold, String> {
    let name = text.to_uppercase();
    match Level::from_name(&name) {
        None if name != "OFF" => Err("must be DEBUG, INFO, WARN, ERROR or OFF".to_owned()),
        level => Ok(TraceThreshold(level)),
    }
}

/// The filter of a text.
pub(super) fn log_filter(text: &str) -> Result<EnvFilter, String> {
    let wanted = "must be like warn or warn,server=debug";
    // The library takes a misspelt level for the name of a module, and logs nothing else.
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let bare = |word: &&str| !word.is_empty() && !word.contains(['=', '[']) && !is_level(word);
    if let Some(word) = text.split(',').map(str::trim).find(bare) {
        return Err(format!("{wanted}: {word:?} is no level"));
    }
    EnvFilter::try_new(format!("{QUIET},{text}")).map_err(|error| format!("{wanted}: {error}"))
}

fn log(text: &str) -> Result<String, String> {
    log_filter(text).map(|_| text.to_owned())
}

fn syslog(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse().ok().filter(|address: &SocketAddr| address.port() > 0);
    address.ok_or_else(|| "must be IP:PORT, for instance 192.0.2.9:514".to_owned())
}

fn cluster_id(text: &str) -> Result<String, String> {
    let good = (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if good {
        Ok(text.to_owned())
    } else {
        Err("a cluster id has 1 to 63 letters, digits, - and _".to_owned())
    }
}
