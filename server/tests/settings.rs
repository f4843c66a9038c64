//! Settings of `sojourn serve`: flags, variables and the settings file.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{fs, process::Command};

use support::{refusal, sojourn};

/// The effective settings of `sojourn serve`, as a table and as text.
fn settings(command: &mut Command) -> (toml::Table, String) {
    let output = command.args(["serve", "--print-config"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (text.parse().unwrap(), text)
}

#[test]
fn a_flag_overrides_a_variable_and_a_variable_the_file() {
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
fn the_printed_settings_are_a_file_of_the_same_settings() {
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

/// Each setting has the same value after the output of `--print-config` was read as a settings file.
#[test]
fn texts_that_look_like_numbers_survive_print_config() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.toml");
    for (name, value) in [
        ("cluster_id", "007"),
        ("cluster_id", "7"),
        ("cluster_id", "-1"),
        ("data_dir", "0123"),
        ("data_dir", "+1"),
        ("data_dir", "-x"),
        ("data_dir", " a 'b' \"c\" # d "),
        ("data_dir", r"C:\new\u0041\"),
        ("data_dir", "a\nb\r\nc\rd\te\u{7f}\n"),
        ("data_dir", "\n'''\"\"\""),
        ("data_dir", "true"),
        ("data_dir", "데이터"),
        ("trusted_proxies", ""),
        ("trace_files", "7"),
        ("max_database_mib", "512"),
    ] {
        let variable = format!("SOJOURN_{}", name.to_uppercase());
        let (first, text) = settings(sojourn().env(variable, value));
        let is_number = ["trace_files", "max_database_mib"].contains(&name);
        let printed = match &first[name] {
            toml::Value::Integer(number) if is_number => number.to_string(),
            toml::Value::String(text) if !is_number => text.clone(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(printed, value, "{text}");
        fs::write(&file, &text).unwrap();
        let (second, _) = settings(sojourn().env("SOJOURN_CONFIG", &file));
        assert_eq!(first, second, "{text}");
    }
}

#[test]
fn certificate_and_key_may_come_from_different_sources() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.toml");
    let run = |text: &str, variable: Option<&str>, flags: &[&str]| {
        fs::write(&file, text).unwrap();
        let mut command = sojourn();
        command.env("SOJOURN_DATA_DIR", folder.path());
        command.envs(variable.map(|value| ("SOJOURN_TLS_CERT", value)));
        command.args(["serve", "--print-config"]).args(flags).output().unwrap()
    };
    for both in [
        run("tls_key = 'k.pem'", None, &["--tls-cert", "c.pem"]),
        run("tls_key = 'k.pem'", Some("c.pem"), &[]),
        run("", Some("c.pem"), &["--tls-key", "k.pem"]),
        run("tls_key = 'k.pem'\ntls_cert = 'c.pem'", None, &[]),
    ] {
        let text = String::from_utf8(both.stdout).unwrap();
        let error = String::from_utf8_lossy(&both.stderr);
        for line in ["\ntls_cert = \"c.pem\"  # ", "\ntls_key = \"k.pem\"  # "] {
            assert!(text.contains(line), "no {line:?}: {text} {error}");
        }
    }
    for (lone, given, wanted) in [
        (run("", None, &["--tls-cert", "c.pem"]), "--tls-cert", "tls_key"),
        (run("", None, &["--tls-key", "k.pem"]), "--tls-key", "tls_cert"),
        (run("", Some("c.pem"), &[]), "SOJOURN_TLS_CERT", "tls_key"),
        (run("tls_key = 'k.pem'", None, &[]), "sojourn.toml: tls_key", "tls_cert"),
    ] {
        let error = refusal(&lone);
        assert!(error.contains(&format!("{given} needs {wanted}")), "{error}");
    }
}

#[test]
fn an_invalid_log_filter_is_refused() {
    for bad in ["nonsense=:::", "wran", "warn,server"] {
        log_filter_is_refused(bad);
    }
}

fn log_filter_is_refused(bad: &str) {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = sojourn();
        command.args(arguments).arg("--data-dir").arg(folder.path());
        command.envs(variable.map(|value| ("SOJOURN_LOG", value))).output().unwrap()
    };
    // 192.0.2.1 is no address of this machine: a server that accepts the filter fails at the listener.
    let serve = ["serve", "--http", "192.0.2.1:1", "--log", bad];
    for output in [run(&serve, None), run(&serve[..3], Some(bad))] {
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(bad) && error.contains("must be like warn"), "{error}");
    }
    let error = refusal(&run(&["admin", "list"], Some(bad)));
    assert!(error.contains(bad) && error.contains("SOJOURN_LOG"), "{error}");
}

#[test]
fn an_invalid_settings_file_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.toml");
    for (text, named) in [
        ("trace_level = 'LOUD'", "LOUD"),
        ("trusted_proxies = ['10.0.0.0/8', 'proxy.example']", "proxy.example"),
        ("public_url = 'http://em.example.org'", "https://HOST"),
        ("tls_cert = 'c.pem'", "tls_key"),
        ("log = 'nonsense=:::'", "nonsense=:::"),
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
