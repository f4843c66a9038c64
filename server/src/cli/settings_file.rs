//! `sojourn.toml`: settings of `sojourn serve` in a file, and all settings printed as one.

use std::{ffi::OsString, fs, io, path::PathBuf};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, parser::ValueSource};
use toml::{Table, Value};

use super::{CliError, settings::Settings};

/// The file's name in the data folder.
const NAME: &str = "sojourn.toml";

/// How `sojourn serve` is called.
#[derive(Args)]
pub(super) struct ServeArguments {
    /// The settings file; without one, sojourn.toml in the data folder, if it is there
    #[arg(long, env = "SOJOURN_CONFIG")]
    config: Option<PathBuf>,
    /// Print all settings with where each comes from, and do nothing else
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    given: Settings,
}

/// What `sojourn serve` has to do.
pub(super) enum Asked {
    /// It serves with these settings.
    Serve(Box<Settings>),
    /// These settings are printed.
    Print(String),
}

impl ServeArguments {
    /// Reads the settings file beneath what flags and variables say. `given` is what clap found.
    ///
    /// # Errors
    /// When the file does not read, or a setting in it does not do.
    pub(super) fn read(&self, given: &ArgMatches) -> Result<Asked, CliError> {
        let (file, table) = self.table()?;
        let command = || Settings::augment_args(Command::new("serve").no_binary_name(true));
        let table = table.unwrap_or_default();
        let known: Vec<Arg> = command().get_arguments().cloned().collect();
        for key in table.keys() {
            if !known.iter().any(|arg| arg.get_id() == key) {
                return Err(format!("{}: there is no setting {key}", file.display()));
            }
        }
        let mut arguments: Vec<OsString> = Vec::new();
        let mut rows = Vec::new();
        for arg in &known {
            let id = arg.get_id().as_str();
            let flag = format!("--{}", arg.get_long().unwrap_or(id));
            let (value, source) = match (given.value_source(id), table.get(id)) {
                (Some(ValueSource::CommandLine), _) => (raw(given, id), "flag"),
                (Some(ValueSource::EnvVariable), _) => (raw(given, id), "variable"),
                (_, Some(value)) => {
                    let text = text(value).ok_or_else(|| {
                        format!("{}: {id} must be a text or a number", file.display())
                    })?;
                    (Some(text.into()), "file")
                }
                (found, None) => (raw(given, id).filter(|_| found.is_some()), "default"),
            };
            if let Some(value) = &value {
                arguments.extend([flag.into(), value.clone()]);
            }
            rows.push(row(arg, value.as_ref(), source));
        }
        // Values of flags and variables have passed already, so whatever fails now is the file's.
        let matches = command().try_get_matches_from(arguments).map_err(|error| {
            let problem = error.to_string();
            let first = problem.lines().map(str::trim).take_while(|line| !line.is_empty());
            let line = first.collect::<Vec<_>>().join(" ");
            format!("{}: {}", file.display(), line.trim_start_matches("error: "))
        })?;
        if self.print_config {
            return Ok(Asked::Print(rows.join("\n")));
        }
        let settings = Settings::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        Ok(Asked::Serve(Box::new(settings)))
    }

    /// The settings file with its path. One that is named must be there.
    fn table(&self) -> Result<(PathBuf, Option<Table>), CliError> {
        let named = self.config.clone();
        let in_folder = || self.given.data_dir.as_ref().map(|folder| folder.join(NAME));
        let Some(path) = named.clone().or_else(in_folder) else { return Ok((NAME.into(), None)) };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                return Ok((path, None));
            }
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        match text.parse::<Table>() {
            Ok(table) => Ok((path, Some(table))),
            Err(error) => Err(format!("{}: {}", path.display(), error.message())),
        }
    }
}

fn raw(given: &ArgMatches, id: &str) -> Option<OsString> {
    given.get_raw(id).and_then(|mut values| values.next().map(ToOwned::to_owned))
}

/// A value of the file, as a flag would have it; a list is separated by commas.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(text).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// The lines of a setting in the printed file.
fn row(arg: &Arg, value: Option<&OsString>, source: &str) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let variable = arg.get_env().map(|name| name.to_string_lossy()).unwrap_or_default();
    let (id, flag) = (arg.get_id().as_str(), arg.get_long().unwrap_or_default());
    let line = match value.map(|value| value.to_string_lossy()) {
        None => format!("# {id} ="),
        Some(value) => match value.parse::<i64>() {
            Ok(number) => format!("{id} = {number}  # {source}"),
            Err(_) => format!("{id} = {}  # {source}", Value::String(value.into_owned())),
        },
    };
    format!("# {help}\n# --{flag}, {variable}\n{line}\n")
}
