//! The line of a trace as the original writes it.
//!
//! Layout: `yyyy-MM-dd HH:mm:ss,SSS`, level (5 wide), thread (20 wide, in brackets), logger
//! (25 wide), `- `, message. A message may go on over several lines.

use std::fmt;

use terms::{Parameter, ServiceParameters};

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever follows the code.
    Debug,
    /// For whoever follows a request.
    Info,
    /// A request failed.
    Error,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Error => "ERROR",
        }
    }
}

/// One entry of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How grave it is.
    pub level: Level,
    /// The thread it stands under.
    pub thread: String,
    /// The logger.
    pub logger: &'static str,
    /// The message; may have several lines.
    pub message: String,
}

/// An entry with its time, `yyyy-MM-dd HH:mm:ss,SSS`, in the layout.
pub struct Timed<'a>(pub &'a str, pub &'a Entry);

impl fmt::Display for Timed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time, Entry { level, thread, logger, message }) = self;
        write!(f, "{time} {:<5} [{thread:<20}] {logger:<25} - {message}", level.name())
    }
}

/// The thread under which the original writes the service parameters.
const PARAMETERS_THREAD: &str = "Thread-68";

/// The block of ten values that stands in the trace at start and after each change of the service
/// parameters.
#[must_use]
pub fn service_parameters(parameters: &ServiceParameters) -> Vec<Entry> {
    let text = |parameter: Parameter| parameters.value(parameter).to_owned();
    let flag = |parameter: Parameter| parameters.is_true(parameter).to_string();
    let behavior = parameters.multiple_login_behavior().trace_name().to_owned();
    let values = [
        ("Max Duration Enabled", flag(Parameter::EnforceIntraMaximum)),
        ("Intra-Cluster Max Login Duration String", text(Parameter::IntraMaximum)),
        ("Inter-cluster Max Login Duration String", text(Parameter::InterMaximum)),
        ("Multi Login Policy", behavior),
        ("Max Concurrent Sessions", text(Parameter::MaximumConcurrentRequests)),
        ("Is IP Check Enabled", flag(Parameter::ValidateIpAddress)),
        ("Trusted IP List", text(Parameter::TrustedIps)),
        ("EM Device Cache Size", text(Parameter::CacheSize)),
        ("Allow Proxy", flag(Parameter::AllowProxy)),
        ("EMCC Allow Proxy", flag(Parameter::EmccAllowProxy)),
    ];
    let first = "----- Begin Service Parameters -----".to_owned();
    let last = "----- End Service Parameters -----".to_owned();
    std::iter::once(first)
        .chain(values.map(|(name, value)| format!("{name} = {value}")))
        .chain(std::iter::once(last))
        .map(|message| Entry {
            level: Level::Info,
            thread: PARAMETERS_THREAD.to_owned(),
            logger: "ServiceParameters",
            message,
        })
        .collect()
}

/// The two entries of a login that Multiple Login Behavior refused: the error, and the answer.
#[must_use]
pub fn policy_violation(thread: &str, request: u64, device: &str, answer: &str) -> Vec<Entry> {
    let code = terms::ErrorCode::LoggedInElsewhere;
    let entry = |level, message| Entry {
        level,
        thread: thread.to_owned(),
        logger: "EMServiceServlet",
        message,
    };
    let device = one_line(device);
    vec![
        entry(
            Level::Error,
            format!(
                "{request}: LoginService: Dev: {device}- Error# {}-com.cisco.emservice.MyException: {}",
                code.number(),
                code.text()
            ),
        ),
        entry(Level::Info, format!("{request}:Request succeeded returning{answer}")),
    ]
}

/// A name from a request, which must not begin a line of its own.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The founding document's lines with the padding that its printed form has lost.
    fn collapsed(text: &str) -> String {
        let lines = text.lines().map(|line| {
            let words: Vec<_> = line.split(' ').filter(|word| !word.is_empty()).collect();
            words.join(" ").replace(" ]", "]")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn block(golden: &str) -> String {
        let lines = golden.lines().filter(|line| line.contains("ServiceParameters"));
        // The founding document's block spans a millisecond; its times are not compared.
        lines.map(|line| &line[24..]).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_block_of_service_parameters_is_the_originals() {
        let cases = [
            ("Multiple Logins Allowed", include_str!("../golden/em-multiple-logins-allowed.log")),
            (
                "Multiple Logins Not Allowed",
                include_str!("../golden/em-multiple-logins-not-allowed.log"),
            ),
            ("Auto Logout", include_str!("../golden/em-auto-logout.log")),
        ];
        for (behavior, golden) in cases {
            let mut parameters = ServiceParameters::default();
            parameters.set("Multiple Login Behavior", behavior).unwrap();
            let written: Vec<String> = service_parameters(&parameters)
                .iter()
                .map(|entry| Timed("", entry).to_string()[1..].to_owned())
                .collect();
            assert_eq!(collapsed(&written.join("\n")), collapsed(&block(golden)));
        }
    }

    #[test]
    fn error_25_is_the_originals() {
        let golden = include_str!("../golden/em-multiple-logins-not-allowed.log");
        let (_, error) = golden.split_once("----- End Service Parameters -----\n").unwrap();
        let answer = crate::answer::failure(terms::ErrorCode::LoggedInElsewhere);
        let written: Vec<String> = policy_violation("http-bio-8443-exec-19", 110, "test2", &answer)
            .iter()
            .map(|entry| Timed("2019-01-26 10:54:45,661", entry).to_string())
            .collect();
        assert_eq!(collapsed(&written.join("\n")), collapsed(error.trim_end()));
    }

    #[test]
    fn columns_are_padded() {
        let entry = Entry {
            level: Level::Info,
            thread: "Thread-68".into(),
            logger: "Counters",
            message: "x".into(),
        };
        assert_eq!(
            Timed("2019-01-26 10:54:45,661", &entry).to_string(),
            "2019-01-26 10:54:45,661 INFO  [Thread-68           ] Counters                  - x"
        );
    }
}
