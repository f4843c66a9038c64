//! `sojourn.toml`: settings of `sojourn serve` in a file, and all settings printed as one.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgMatches, Args, Command, FromArgMatches, builder::ValueParser, parser::ValueSource,
    value_parser,
};
use toml::{Table, Value};

use super::{CliError, settings::Settings};
use crate::admin::{ProgramSetting, ProgramSource};

/// The file's name in the data folder.
const NAME: &str = "sojourn.toml";

/// The arguments of `sojourn serve`.
#[derive(Args)]
pub(super) struct ServeArguments {
    /// The settings file; the default is sojourn.toml in the data folder, if that file exists
    #[arg(long, env = "SOJOURN_CONFIG")]
    config: Option<PathBuf>,
    /// Print all settings with the source of each, and exit
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    given: Settings,
}

/// The operation that the arguments ask for.
pub(super) enum ServeRequest {
    /// To serve with these settings; the list is for the console.
    Serve(Box<Settings>, Vec<ProgramSetting>),
    /// To print these settings.
    Print(String),
}

impl ServeArguments {
    /// Reads the settings file, whose values flags and variables override. `given` has the values that clap found.
    ///
    /// # Errors
    /// When the file can't be read, or a setting in it is invalid.
    pub(super) fn read(&self, given: &ArgMatches) -> Result<ServeRequest, CliError> {
        let (file, table) = self.table()?;
        let table = table.unwrap_or_default();
        let known: Vec<Arg> = command().get_arguments().cloned().collect();
        for key in table.keys() {
            if !known.iter().any(|arg| arg.get_id() == key) {
                return Err(format!("{}: there is no setting {key}", file.display()));
            }
        }
        let found = known.iter().map(|arg| Setting::found(arg, given, &table, &file));
        let found: Vec<Setting<'_>> = found.collect::<Result<_, _>>()?;
        let settings = parsed(&found, &file)?;
        check_pair(&found, &file)?;
        if self.print_config {
            let rows: Vec<String> = found.iter().map(Setting::row).collect::<Result<_, _>>()?;
            return Ok(ServeRequest::Print(rows.join("\n")));
        }
        let shown = found.iter().map(|setting| setting.shown(&file)).collect();
        Ok(ServeRequest::Serve(Box::new(settings), shown))
    }

    /// The settings file with its path. A named file must exist.
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

/// A value of the file in the form of a flag: the items of a list are separated by commas.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(is_on) => Some(is_on.to_string()),
        Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(text).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// The settings with their values. The values of flags and variables are parsed already, so an error
/// concerns the file.
fn parsed(found: &[Setting<'_>], file: &Path) -> Result<Settings, CliError> {
    let arguments = found.iter().filter_map(Setting::argument);
    let matches = command().try_get_matches_from(arguments).map_err(|error| {
        let problem = error.to_string();
        let first = problem.lines().map(str::trim).take_while(|line| !line.is_empty());
        let line = first.collect::<Vec<_>>().join(" ");
        format!("{}: {}", file.display(), line.trim_start_matches("error: "))
    })?;
    Settings::from_arg_matches(&matches).map_err(|error| error.to_string())
}

pub(super) fn command() -> Command {
    Settings::augment_args(Command::new("serve").no_binary_name(true))
}

/// What an argument does.
pub(super) fn help(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}

/// Settings that need each other.
const PAIR: [&str; 2] = ["tls_cert", "tls_key"];

/// Refuses one of [`PAIR`] without the other, from whichever sources.
fn check_pair(found: &[Setting<'_>], file: &Path) -> Result<(), CliError> {
    let pair = found.iter().filter(|setting| PAIR.contains(&setting.id()));
    let (set, unset): (Vec<_>, Vec<_>) = pair.partition(|setting| setting.value.is_some());
    let (Some(set), Some(unset)) = (set.first(), unset.first()) else { return Ok(()) };
    let name = match set.source {
        SettingSource::Flag => set.flag(),
        SettingSource::Variable => set.variable(),
        SettingSource::File | SettingSource::Default => format!("{}: {}", file.display(), set.id()),
    };
    let (id, flag, variable) = (unset.id(), unset.flag(), unset.variable());
    Err(format!("{name} needs {id}, too ({flag}, {variable}): a certificate goes with its key"))
}

/// The source of a setting's value.
#[derive(Clone, Copy)]
enum SettingSource {
    Flag,
    Variable,
    File,
    Default,
}

impl SettingSource {
    fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Variable => "variable",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// A setting with its value.
struct Setting<'a> {
    arg: &'a Arg,
    value: Option<OsString>,
    source: SettingSource,
}

impl<'a> Setting<'a> {
    /// Takes the value that clap found, or the value in the file.
    fn found(
        arg: &'a Arg,
        given: &ArgMatches,
        table: &Table,
        file: &Path,
    ) -> Result<Self, CliError> {
        let id = arg.get_id().as_str();
        let (value, source) = match (given.value_source(id), table.get(id)) {
            (Some(ValueSource::CommandLine), _) => (raw(given, id), SettingSource::Flag),
            (Some(ValueSource::EnvVariable), _) => (raw(given, id), SettingSource::Variable),
            (_, Some(value)) => {
                let text = text(value).ok_or_else(|| {
                    format!("{}: {id} must be a text, a number, true or false", file.display())
                })?;
                (Some(text.into()), SettingSource::File)
            }
            (found, None) => (raw(given, id).filter(|_| found.is_some()), SettingSource::Default),
        };
        Ok(Self { arg, value, source })
    }

    fn id(&self) -> &'a str {
        self.arg.get_id().as_str()
    }

    fn flag(&self) -> String {
        format!("--{}", self.arg.get_long().unwrap_or_else(|| self.id()))
    }

    fn variable(&self) -> String {
        self.arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The flag with the value, in one argument: a value may begin with a hyphen.
    fn argument(&self) -> Option<OsString> {
        let mut argument = OsString::from(self.flag() + "=");
        argument.push(self.value.as_ref()?);
        Some(argument)
    }

    /// The setting as the console shows it; `file` is the settings file.
    fn shown(&self, file: &Path) -> ProgramSetting {
        let source = match self.source {
            SettingSource::Flag => ProgramSource::Flag(self.flag()),
            SettingSource::Variable => ProgramSource::Variable(self.variable()),
            SettingSource::File => ProgramSource::File(file.display().to_string()),
            SettingSource::Default => ProgramSource::Default,
        };
        let value = self.value.as_ref().map(|value| value.to_string_lossy());
        ProgramSetting::new(self.id(), help(self.arg), value.as_deref(), source)
    }

    /// The lines of the setting in the printed file.
    fn row(&self) -> Result<String, CliError> {
        let help = help(self.arg);
        let (id, flag, variable) = (self.id(), self.flag(), self.variable());
        let line = match &self.value {
            None => format!("# {id} ="),
            Some(value) => {
                let text = value.to_str().ok_or_else(|| {
                    format!("{flag}: a settings file has Unicode alone, not {}", value.display())
                })?;
                format!("{id} = {}  # {}", self.written(text), self.source.name())
            }
        };
        Ok(format!("# {help}\n# {flag}, {variable}\n{line}\n"))
    }

    /// A value in the form of the file: a number, true or false, or a text, as the setting requires.
    fn written(&self, text: &str) -> Value {
        let kind = self.arg.get_value_parser().type_id();
        let is = |parser: ValueParser| parser.type_id() == kind;
        let is_number = is(value_parser!(u32).into()) || is(value_parser!(u16).into());
        match (text.parse::<i64>(), text.parse::<bool>()) {
            (Ok(value), _) if is_number => Value::Integer(value),
            (_, Ok(value)) if is(value_parser!(bool)) => Value::Boolean(value),
            _ => Value::String(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_gets_each_setting_with_its_source() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(NAME);
        fs::write(&file, "trace_files = 3\nhttp = \"127.0.0.1:1\"\n").unwrap();
        let command = ServeArguments::augment_args(Command::new("serve"));
        let flags = ["serve", "--https=127.0.0.1:2", "--http=127.0.0.1:3", "--data-dir"]
            .map(OsString::from);
        let given = command.get_matches_from(flags.into_iter().chain([folder.path().into()]));
        let arguments = ServeArguments::from_arg_matches(&given).unwrap();
        let Ok(ServeRequest::Serve(_, shown)) = arguments.read(&given) else {
            panic!("the arguments are valid");
        };
        assert_eq!(shown.len(), super::command().get_arguments().count());
        let of = |name: &str| {
            let setting = shown.iter().find(|setting| setting.name() == name).unwrap();
            (setting.value(), setting.source().clone())
        };
        let flag = |flag: &str| ProgramSource::Flag(flag.to_owned());
        assert_eq!(of("http"), (Some("127.0.0.1:3"), flag("--http")));
        assert_eq!(of("trace_files"), (Some("3"), ProgramSource::File(file.display().to_string())));
        assert_eq!(of("trace_level"), (Some("DEBUG"), ProgramSource::Default));
        assert_eq!(of("public_url"), (None, ProgramSource::Default));
        assert!(shown.iter().all(|setting| !setting.help().is_empty()));
    }
}
