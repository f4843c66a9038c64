//! Whether the catalogue's word on which parameters have an effect agrees with the code.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use terms::Parameter;

/// The code that obeys parameters: the rules, and what serves requests and phones.
const OBEYING: [&str; 6] = [
    "crates/engine/src/decide.rs",
    "crates/engine/src/duration.rs",
    "crates/engine/src/emcc",
    "src/em",
    "src/em_app",
    "src/cluster/phones",
];

/// The words by which code reads a parameter.
fn reading(parameter: Parameter) -> String {
    match parameter {
        Parameter::EnforceIntraMaximum | Parameter::IntraMaximum => ".intra_limit_minutes()".into(),
        Parameter::InterMaximum => ".inter_limit_minutes()".into(),
        Parameter::MultipleLoginBehavior => ".multiple_login_behavior()".into(),
        Parameter::MaximumConcurrentRequests => ".maximum_concurrent_requests()".into(),
        Parameter::CacheSize => ".cache_size()".into(),
        other => format!("Parameter::{other:?}"),
    }
}

/// The code of the files at or below a path, without tests.
fn code(path: &Path) -> String {
    if path.is_dir() {
        let files = fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
        let is_code = |file: &PathBuf| !file.to_string_lossy().contains("test");
        return files.filter(is_code).map(|file| code(&file)).collect();
    }
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned()
}

#[test]
fn a_parameter_counts_as_obeyed_if_a_rule_reads_it() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code: String = OBEYING.iter().map(|path| code(&server.join(path))).collect();
    for line in Parameter::ALL {
        let is_read = code.contains(&reading(line.parameter));
        assert_eq!(is_read, line.parameter.is_obeyed(), "{}", line.name);
    }
}
