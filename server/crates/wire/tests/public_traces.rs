//! Traces of the original in public documents, EM service and `EMApp`, releases 11.5 and 12.0: every record is
//! understood, and has the original's level.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

use std::{fmt::Display, fs, path::PathBuf};

use wire::trace::{Entry, Level, Meaning, Record, RecordFilter, Search, Shape, records};

fn golden() -> Vec<(String, String)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/public-traces"));
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn trace(name: &str) -> String {
    golden().into_iter().find(|(file, _)| file == name).unwrap().1
}

/// The meanings of all records of a trace.
fn meanings<'a>(file: &str, text: &'a str) -> Vec<Meaning<'a>> {
    let meaning = |record: Record<'a>| {
        assert!(record.meaning.is_some(), "{file}:{}: {}", record.line, record.text);
        record.meaning.unwrap()
    };
    records(text).map(meaning).collect()
}

#[test]
fn all_records_of_public_documents_are_understood() {
    let traces = golden();
    let counts: Vec<_> =
        traces.iter().map(|(file, text)| (file.as_str(), meanings(file, text).len())).collect();
    let wanted = [
        ("login-types.emapp.log", 16),
        ("login.emapp.log", 17),
        ("login.emservice.log", 36),
        ("shapes.log", 39),
        ("spaced.emapp.log", 46),
        ("spaced.emservice.log", 51),
    ];
    assert_eq!(counts, wanted);
}

#[test]
fn levels_are_the_originals_in_public_documents() {
    for (file, text) in golden() {
        for meaning in meanings(&file, &text) {
            assert_eq!(meaning.level, meaning.shape.level(), "{file}: {}", meaning.message);
        }
    }
}

/// The shapes that the trace of an EMCC login in release 11.5 has beyond the other traces.
#[test]
fn levels_are_the_originals_in_release_11_5() {
    for shape in [
        Shape::AppContext,
        Shape::AppEmUri,
        Shape::ChangeNotice,
        Shape::CountQuery,
        Shape::SendHomeLogin,
        Shape::UserExists,
        Shape::UserInfo,
        Shape::UserInfoWhole,
    ] {
        assert_eq!(shape.level(), Level::Info, "{shape:?}");
    }
    for shape in [Shape::NoLocalUser, Shape::UnknownUser, Shape::AuthenticatorException] {
        assert_eq!(shape.level(), Level::Error, "{shape:?}");
    }
    assert_eq!(Shape::QueryFailed.level(), Level::Warn);
}

/// A copied trace may have other white space and line ends than the server's file.
#[test]
fn a_trace_is_understood_with_any_blanks_and_line_ends() {
    let changed = |text: &str| {
        [
            text.replace('\n', "\r\n"),
            format!("\r\n{}\r\n", text.replace('\n', "\n \t\r\n")),
            text.replace("  ", "\t"),
            format!("\u{feff}{text}").replace("\n20", "\n    20"),
            text.replace('\n', "  \n"),
        ]
    };
    for (file, text) in golden() {
        let shapes = |text: &str| meanings(&file, text).iter().map(|one| one.shape).collect();
        let wanted: Vec<Shape> = shapes(&text);
        for other in changed(&text) {
            let found: Vec<Shape> = shapes(&other);
            assert_eq!(found, wanted, "{file}: {:?}", &other[..200]);
        }
    }
}

#[test]
fn a_request_of_the_application_gives_user_phone_and_login_type() {
    let text = trace("login-types.emapp.log");
    let found = meanings("", &text);
    let parameters: Vec<_> = found.iter().filter(|one| one.shape == Shape::AppParameters).collect();
    let of =
        |name: &str| -> Vec<_> { parameters.iter().map(|one| one.value(name).unwrap()).collect() };
    assert_eq!(of("type"), ["DN", "SP", "UID"]);
    assert_eq!(of("device"), ["SEP001122334466", "SEP001122334466", "SEP001122334477"]);
    assert_eq!(of("charset"), ["utf-8,;q=0.8", "utf-8,;q=0.8", "utf-8,utf-8;q=0.8"]);
    assert_eq!(of("emcc"), ["true", "true", "null"]);
    assert_eq!(of("address"), ["192.0.2.10"; 3]);
}

#[test]
fn parameters_of_the_application_have_the_originals_lines() {
    let values: Vec<&dyn Display> = vec![
        &"null",
        &"SEP1",
        &"ann",
        &"",
        &"null",
        &"192.0.2.1",
        &false,
        &"null",
        &"en_US",
        &"utf-8",
        &"true",
        &"UID",
    ];
    let entry = Entry::new(Shape::AppParameters, &values);
    assert_eq!(
        entry.message,
        "EMApp Request parameters: Logout=null Device Name=SEP1 User Id=ann Device Profile= \
         Refresh=null Remote Host IP Address = 192.0.2.1 Via Header Set = false \
         getClusterInfo = null Lang = en_US Charset=utf-8 Emcc = true LoginType = UID"
    );
    let (shape, read) = Shape::of("EMAppServlet", &entry.message).unwrap();
    assert_eq!(shape, Shape::AppParameters);
    let read: Vec<_> = read.iter().map(|(_, value)| (*value).to_owned()).collect();
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    assert_eq!(read, values);
    // Release 11.5 has no login type.
    let older = entry.message.strip_suffix(" LoginType = UID").unwrap();
    assert_eq!(Shape::of("EMAppServlet", older).unwrap().0, Shape::OtherAppParameters);
}

/// The messages that the original would print for other phones, users and models.
#[test]
fn other_values_are_of_the_same_shape() {
    for (logger, message, shape) in [
        (
            "CMDatabase",
            "EMCC7 with model null and locale  does not support alternate script",
            Shape::NoAlternateScript,
        ),
        ("CMDatabase", "CMDatabase:isLocalUser: no user exists with id:", Shape::NoLocalUser),
        ("CMDatabase", "CMDatabase:isLocalUser: java.sql.SQLException: closed", Shape::UnknownUser),
        (
            "CMDatabase",
            "[CMDatabase] process() - table=extensionmobilitydynamic",
            Shape::ChangeNotice,
        ),
        (
            "DBRequestor",
            "3: LoginService.executeLogout: Dev: SEP1- Getting device object",
            Shape::GettingDeviceFor,
        ),
        (
            "EMServiceServlet",
            "1: LoginService: Dev: - Error# -1-java.lang.Error: null",
            Shape::OtherLoginError,
        ),
        ("EMServiceServlet", "9 :12: b : EmccCheckUser\r\n<emccResponse/>", Shape::CheckUserAnswer),
        ("DBRequestor", "7: LoginInfo.profile is lobby", Shape::ProfileOfLogin),
        (
            "DBRequestor",
            "UserInfo:  UserID: ann Password:  Locale: 0 Authentication proxy rights: trueDevice Profiles:  a, b",
            Shape::UserInfoWhole,
        ),
        ("DBRequestor", "UserInfo:  UserID: ann", Shape::UserInfo),
        ("EMAppServlet", "findPreferredCharSet on null", Shape::FindCharset),
        ("EMAppServlet", "  token2 =", Shape::SecondToken),
        ("EMAppServlet", " charset with q value is 0.8 iso-8859-1", Shape::CharsetQuality),
        ("EMAppServlet", " charset with q value is 0.8 ", Shape::CharsetQuality),
        ("EMAppServlet", "Alternate Script for device SEP1 =2", Shape::AlternateScript),
        ("EMAppServlet", "EMURI =http%3A%2F%2F192.0.2.1", Shape::AppEmUri),
        ("EMServiceCommunicator", "postMsg: EMService URL is :https://localhost", Shape::PostUrl),
        ("EmccData", "137: getRemoteClusterInfo: Pkid for cluster b is null", Shape::ClusterPkid),
        (
            "LogoutScheduler",
            "2:LogoutScheduler.setLogout(): Dev: SEP1- Set logout for 60 seconds",
            Shape::SetLogout,
        ),
    ] {
        let found = Shape::of(logger, message).map(|(shape, _)| shape);
        assert_eq!(found, Some(shape), "{message}");
    }
}

#[test]
fn finding_a_request_or_a_name_shows_the_whole_request() {
    let text = trace("spaced.emapp.log");
    let picked = |wanted: RecordFilter| -> Vec<_> {
        let mut search = Search::new(wanted);
        records(&text).for_each(|record| search.look(&record));
        search.begin();
        records(&text).filter(|record| search.wants(record)).map(|one| one.text).collect()
    };
    let thread: Vec<_> = records(&text)
        .map(|record| record.text)
        .filter(|text| text.contains("[http-bio-8080-exec-23]"))
        .collect();
    assert!(thread.len() > 15 && thread[0].ends_with("EMApp Request# ----->6"), "{thread:?}");
    assert_eq!(picked(RecordFilter { request: Some(6), ..RecordFilter::default() }), thread);
    assert_eq!(
        picked(RecordFilter { find: "profile1".to_owned(), ..RecordFilter::default() }),
        thread
    );
}

#[test]
fn a_warning_is_a_level_between_information_and_error() {
    let text = trace("shapes.log");
    let found = meanings("", &text);
    let failed = found.iter().find(|one| one.shape == Shape::QueryFailed).unwrap();
    assert_eq!((failed.level, failed.value("request")), (Level::Warn, Some("2")));
    assert!(Level::Info < Level::Warn && Level::Warn < Level::Error);
}
