//! The command line. Errors are one line; what the user can mend exits with 2.

mod admin;
mod apply;
mod lab;
mod serve;
mod trace;

use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use store::{Limits, SqliteStore};
use terms::Role;
use tracing_subscriber::EnvFilter;
use wire::trace::Level;

use crate::{
    cluster::{self, ClusterLimits, TraceLimits},
    edge::{ForwardedHeader, TrustedProxies},
    http::PublicUrl,
};

#[derive(Parser)]
#[command(name = "sojourn", version, about = "Extension Mobility with a live admin console")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a cluster: EM API and console
    Serve(ServeArguments),
    /// Serve a cluster with demo data, on loopback
    Lab {
        /// Where it keeps everything; made if it is not there
        #[arg(long, default_value = "sojourn-lab")]
        data_dir: PathBuf,
        /// Address of HTTP
        #[arg(long, default_value = "127.0.0.1:8080")]
        http: SocketAddr,
        /// Address of HTTPS
        #[arg(long, default_value = "127.0.0.1:8443")]
        https: SocketAddr,
    },
    /// Add and change what a configuration file names; removes nothing
    Apply {
        /// The configuration file (TOML)
        file: PathBuf,
        /// The data folder of the cluster; a server may be running on it
        #[arg(long)]
        data_dir: PathBuf,
        /// Print the difference and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Read traces: ours or the original's
    Trace {
        #[command(subcommand)]
        command: TraceCommand,
    },
    /// Administrators of the console
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
}

#[derive(Args)]
struct ServeArguments {
    /// Where the cluster keeps everything; made if it is not there
    #[arg(long)]
    data_dir: PathBuf,
    /// The cluster id
    #[arg(long, default_value = "sojourn", value_parser = cluster_id)]
    cluster_id: String,
    /// Address of HTTP
    #[arg(long, default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// Address of HTTPS
    #[arg(long, default_value = "127.0.0.1:8443")]
    https: SocketAddr,
    /// Certificate (PEM) for HTTPS; without one, a self-signed one is made at the first start
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Key (PEM) of the certificate
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Where people reach the console, if a proxy gives it another address: `https://HOST[:PORT]`
    #[arg(long)]
    public_url: Option<PublicUrl>,
    /// Proxies that say whom they serve: addresses and networks, separated by commas
    #[arg(long, default_value = "")]
    trusted_proxies: TrustedProxies,
    /// The header in which they say it: X-Forwarded-For or Forwarded
    #[arg(long, default_value = "X-Forwarded-For")]
    forwarded_header: ForwardedHeader,
    /// The least grave level of the trace: DEBUG, INFO, ERROR or OFF
    #[arg(long, default_value = "DEBUG", value_parser = trace_level)]
    trace_level: TraceLevel,
    /// The size at which a file of the trace is put aside, in MiB
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1024))]
    trace_file_mib: u32,
    /// Files of the trace put aside that are kept
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1000))]
    trace_files: u32,
    /// The largest size of the database, in MiB; past it logins get error 6. The disk's by default
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    max_database_mib: Option<u32>,
}

impl ServeArguments {
    fn limits(&self) -> ClusterLimits {
        ClusterLimits {
            store: Limits {
                max_pages: self.max_database_mib.map(|mib| mib.saturating_mul(PAGES_PER_MIB)),
            },
            trace: TraceLimits {
                level: self.trace_level.0,
                file_bytes: self.trace_file_mib as usize * 1024 * 1024,
                files: self.trace_files as usize,
            },
        }
    }
}

/// Pages of the database in a MiB.
const PAGES_PER_MIB: u32 = 256;

/// A level of the trace, or none.
#[derive(Clone, Copy)]
struct TraceLevel(Option<Level>);

fn trace_level(text: &str) -> Result<TraceLevel, String> {
    let name = text.to_uppercase();
    match Level::from_name(&name) {
        None if name != "OFF" => Err("must be DEBUG, INFO, ERROR or OFF".to_owned()),
        level => Ok(TraceLevel(level)),
    }
}

#[derive(Subcommand)]
enum TraceCommand {
    /// Say how many records of each file are understood, and which are not
    Check {
        /// Traces of the EM service
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Add an administrator; the password is asked for, or read from standard input
    Add {
        /// The name to sign in with
        name: String,
        /// What they may do: viewer, operator or administrator
        #[arg(long, default_value = "administrator", value_parser = role)]
        role: Role,
        #[command(flatten)]
        folder: Folder,
    },
    /// Set a password, which is asked for, or read from standard input; ends their sessions
    SetPassword {
        /// Whose
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// Let somebody sign in no more; ends their sessions
    Disable {
        /// Whom
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// Let somebody sign in again
    Enable {
        /// Whom
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// List all administrators
    List {
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Args)]
struct Folder {
    /// The data folder of the cluster; a server may be running on it
    #[arg(long)]
    data_dir: PathBuf,
}

/// What is logged unless `SOJOURN_LOG` says otherwise. That a session is not found any more is what
/// happens to every cookie in the end, and nothing to warn of.
const LOG: &str = "warn,tower_sessions_core=error";

/// An error for the user: one line.
pub(crate) type CliError = String;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let filter = EnvFilter::try_from_env("SOJOURN_LOG").unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime can't start: {error}")),
    };
    let result = runtime.block_on(async {
        match arguments.command {
            Command::Serve(arguments) => serve::run(arguments).await,
            Command::Lab { data_dir, http, https } => lab::run(&data_dir, http, https).await,
            Command::Apply { file, data_dir, dry_run } => {
                apply::run(&file, &data_dir, dry_run).await
            }
            Command::Trace { command: TraceCommand::Check { files } } => trace::check(&files),
            Command::Admin { command } => administer(command).await,
        }
    });
    // A thread that still works on something for nobody is not waited for.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

async fn administer(command: AdminCommand) -> Result<(), CliError> {
    match command {
        AdminCommand::Add { name, role, folder } => admin::add(&name, role, &folder.data_dir).await,
        AdminCommand::SetPassword { name, folder } => {
            admin::set_password(&name, &folder.data_dir).await
        }
        AdminCommand::Disable { name, folder } => {
            admin::enable(&name, false, &folder.data_dir).await
        }
        AdminCommand::Enable { name, folder } => admin::enable(&name, true, &folder.data_dir).await,
        AdminCommand::List { folder } => admin::list(&folder.data_dir).await,
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| "must be viewer, operator or administrator".to_owned())
}

fn fail(error: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "sojourn: {error}");
    ExitCode::from(2)
}

/// Prints a line for the user; whoever closed the output does not want it.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Opens the store of a data folder, and makes it if it is not there.
async fn open(data_dir: &Path) -> Result<SqliteStore, CliError> {
    cluster::create_folder(data_dir).map_err(|error| format!("{}: {error}", data_dir.display()))?;
    SqliteStore::open(&cluster::database(data_dir), Limits::default())
        .await
        .map_err(|error| error.to_string())
}

/// Opens the store of a data folder that is there: a mistyped one is not to become a cluster.
async fn open_existing(data_dir: &Path) -> Result<SqliteStore, CliError> {
    if !cluster::database(data_dir).is_file() {
        return Err(format!("{}: there is no cluster in this folder", data_dir.display()));
    }
    open(data_dir).await
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
