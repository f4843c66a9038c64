//! Settings of `sojourn serve`: flags, variables and the settings file.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{fs, process::Command};

use support::{refusal, sojourn};

/// The settings that `sojourn serve` would have, as a table.
fn settings(command: &mut Command) -> (toml::Table, String) {
    let output = command.args(["serve", "--print-config"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (text.parse().unwrap(), text)
}

#[test]
fn a_flag_counts_before_a_variable_and_a_variable_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.toml");
    fs::write(&file, "trace_files = 1\ntrace_file_mib = 2\ncluster_id = 'busan'\n").unwrap();
    let mut command = sojourn();
    command.env("SOJOURN_TRACE_FILES", "3").env("SOJOURN_TRACE_FILE_MIB", "4");
    command.env("SOJOURN_DATA_DIR", folder.path());
    let output =
        command.args(["serve", "--print-config", "--trace-file-mib", "5"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "trace_file_mib = 5  # flag",
        "trace_files = 3  # variable",
        "cluster_id = \"busan\"  # file",
        "http = \"127.0.0.1:8080\"  # default",
        "# public_url =",
    ] {
        assert!(text.lines().any(|found| found == line), "no {line:?} in {text}");
    }
}

#[test]
fn what_is_printed_is_a_settings_file_that_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.toml");
    let (first, text) = settings(
        sojourn()
            .env("SOJOURN_DATA_DIR", folder.path())
            .env("SOJOURN_TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1")
            .env("SOJOURN_PUBLIC_URL", "https://em.example.org"),
    );
    fs::write(&file, text).unwrap();
    let (second, _) = settings(sojourn().env("SOJOURN_CONFIG", &file));
    assert_eq!(first, second);
    assert_eq!(second["trusted_proxies"].as_str(), Some("10.0.0.0/8,192.0.2.1"));
}

#[test]
fn a_settings_file_that_does_not_do_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.toml");
    for (text, named) in [
        ("trace_level = 'LOUD'", "LOUD"),
        ("trusted_proxies = ['10.0.0.0/8', 'proxy.example']", "proxy.example"),
        ("public_url = 'http://em.example.org'", "https://HOST"),
        ("tls_cert = 'c.pem'", "tls"),
        ("httpx = '127.0.0.1:1'", "httpx"),
        ("http = { port = 1 }", "http"),
        ("http =", "sojourn.toml"),
    ] {
        fs::write(&file, text).unwrap();
        let output = sojourn().args(["serve", "--data-dir"]).arg(folder.path()).output().unwrap();
        let error = refusal(&output);
        assert!(error.contains(named) && error.contains("sojourn.toml"), "{text}: {error}");
    }
    let missing = folder.path().join("missing.toml");
    let output = sojourn().args(["serve", "--config"]).arg(&missing).output().unwrap();
    assert!(refusal(&output).contains("missing.toml"));
    let output = sojourn().arg("serve").output().unwrap();
    assert!(refusal(&output).contains("--data-dir"));
}
