//! The command line. An error is one line. A command whose cause of failure the user can correct exits with 2. A
//! server that stops by itself exits with 1.

mod admin;
mod apply;
mod certificate;
mod lab;
mod open;
mod serve;
mod settings;
mod settings_file;
mod subscribers;
mod trace;

use std::{
    env::VarError,
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use terms::{Named, Role};
use tracing_subscriber::EnvFilter;

use open::{open, open_existing, open_to_read, open_unchanged};
pub(crate) use settings::LOG;
use settings::{LOG_VARIABLE, Settings};
use settings_file::{ServeArguments, ServeRequest};

#[derive(Parser)]
#[command(name = "sojourn", version, about = "Extension Mobility with a live admin console")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a cluster: EM API and console
    Serve(Box<ServeArguments>),
    /// Serve two clusters with demo data, on loopback
    Lab {
        /// The data folder of both clusters; made if it does not exist
        #[arg(long, default_value = "sojourn-lab")]
        data_dir: PathBuf,
        /// Address of HTTP
        #[arg(long, default_value = "127.0.0.1:8080")]
        http: SocketAddr,
        /// Address of HTTPS; the second cluster is a thousand ports higher
        #[arg(long, default_value = "127.0.0.1:8443")]
        https: SocketAddr,
    },
    /// Add and change the entries that a configuration file names; remove nothing
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
    /// Print the SIP accounts of all phones and device profiles, as Kamailio's table of subscribers
    ///
    /// The output has the passwords of all accounts: write it to a file that nobody else can read.
    Subscribers {
        /// The realm of the accounts at the call server
        #[arg(long, value_parser = subscribers::realm)]
        realm: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// The certificate by which other clusters recognize this cluster
    Certificate {
        #[command(subcommand)]
        command: CertificateCommand,
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

#[derive(Subcommand)]
enum CertificateCommand {
    /// Print the certificate (PEM), and its fingerprint on standard error
    Show {
        #[command(flatten)]
        folder: Folder,
    },
    /// Make a new certificate and announce it to the remote clusters; the present one stays in use
    Announce {
        #[command(flatten)]
        folder: Folder,
    },
    /// Use the announced certificate from now on
    Use {
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Subcommand)]
enum TraceCommand {
    /// Count the records of each file that are understood, and print those that are not
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
        /// The role: viewer, operator or administrator
        #[arg(long, default_value = "administrator", value_parser = role)]
        role: Role,
        #[command(flatten)]
        folder: Folder,
    },
    /// Set the password of an administrator, asked for or read from standard input; ends the sessions
    SetPassword {
        /// The administrator's name
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// Disable an administrator; ends the sessions
    Disable {
        /// The administrator's name
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
    /// Enable an administrator
    Enable {
        /// The administrator's name
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

/// An error for the user: one line.
pub(crate) type CliError = String;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let parsed = Arguments::command().try_get_matches().and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        Ok((arguments.command, matches))
    });
    let (command, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let settings = match settings_of(&command, &matches) {
        Ok(Some(ServeRequest::Print(text))) => {
            say(&text);
            return ExitCode::SUCCESS;
        }
        Ok(Some(ServeRequest::Serve(settings, shown))) => Some((settings, shown)),
        Ok(None) => None,
        Err(error) => return fail(&error),
    };
    let filter = match log_filter(settings.as_ref().map(|(settings, _)| &**settings)) {
        Ok(filter) => filter,
        Err(error) => return fail(&error),
    };
    // Only a terminal gets colors: a file or a journal gets plain text.
    let has_colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(has_colours);
    log.with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime can't start: {error}")),
    };
    let result = runtime.block_on(async {
        let done = match (command, settings) {
            (Command::Serve(_), Some((settings, shown))) => {
                return serve::run(*settings, shown).await;
            }
            (Command::Serve(_), None) => Ok(()),
            (Command::Lab { data_dir, http, https }, _) => {
                let given = matches.subcommand_matches(lab::NAME);
                return lab::run(&data_dir, http, https, given).await;
            }
            (Command::Apply { file, data_dir, dry_run }, _) => {
                apply::run(&file, &data_dir, dry_run).await
            }
            (Command::Trace { command: TraceCommand::Check { files } }, _) => {
                return trace::check(&files);
            }
            (Command::Subscribers { realm, folder }, _) => {
                subscribers::print(&realm, &folder.data_dir).await
            }
            (Command::Certificate { command }, _) => {
                let (act, folder) = match command {
                    CertificateCommand::Show { folder } => (certificate::Act::Show, folder),
                    CertificateCommand::Announce { folder } => (certificate::Act::Announce, folder),
                    CertificateCommand::Use { folder } => (certificate::Act::Use, folder),
                };
                certificate::run(act, &folder.data_dir).await
            }
            (Command::Admin { command }, _) => administer(command).await,
        };
        done.map(|()| ExitCode::SUCCESS)
    });
    // A blocking thread whose caller is gone may still run: wait for it for a second at most.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    result.unwrap_or_else(|error| fail(&error))
}

/// The settings of `sojourn serve`, when that is the command.
fn settings_of(command: &Command, matches: &ArgMatches) -> Result<Option<ServeRequest>, CliError> {
    match (command, matches.subcommand()) {
        (Command::Serve(arguments), Some((_, given))) => arguments.read(given).map(Some),
        _ => Ok(None),
    }
}

/// The filter of the log: from the settings, or from the variable for a command without settings.
fn log_filter(settings: Option<&Settings>) -> Result<EnvFilter, CliError> {
    let text = match (settings, std::env::var(LOG_VARIABLE)) {
        (Some(settings), _) => settings.log.clone(),
        (None, Ok(text)) => text,
        (None, Err(VarError::NotPresent)) => LOG.to_owned(),
        (None, Err(error)) => return Err(format!("{LOG_VARIABLE}: {error}")),
    };
    settings::log_filter(&text).map_err(|error| format!("{LOG_VARIABLE}: {text:?}: {error}"))
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
    warn(error);
    ExitCode::from(2)
}

/// Prints an error for the user.
fn warn(error: &str) {
    let _ = writeln!(std::io::stderr(), "sojourn: {error}");
}

/// Prints a line for the user. An error is ignored: the reader has closed the output.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
