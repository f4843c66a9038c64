use super::*;
use proptest::prelude::*;

const INFO: &str = "<appInfo><appID>emproxy</appID><appCertificate>s3</appCertificate></appInfo>";

fn operation(rest: &str) -> Result<RequestedOperation, NotUnderstood> {
    let root = if rest.contains("Query") { "query" } else { "request" };
    parse(&format!("<{root}>{INFO}{rest}</{root}>")).map(|request| request.operation)
}

#[test]
fn reads_a_login_with_all_and_with_least() {
    let all = "<login><deviceName>SEP1 </deviceName><userID>em%40example.com</userID>
        <deviceProfile>desk</deviceProfile><exclusiveDuration><time>60</time>
        </exclusiveDuration></login>";
    let expected = RequestedOperation::Login {
        device: "SEP1".into(),
        user: "em@example.com".into(),
        profile: Some("desk".into()),
        duration: Duration::Minutes(60),
    };
    assert_eq!(operation(all), Ok(expected));
    let least = "<login><deviceName>SEP1</deviceName><userID>john</userID></login>";
    let expected = RequestedOperation::Login {
        device: "SEP1".into(),
        user: "john".into(),
        profile: None,
        duration: Duration::Unset,
    };
    assert_eq!(operation(least), Ok(expected));
}

#[test]
fn reads_indefinite_in_both_forms() {
    for indefinite in ["<indefinite/>", "<indefinite></indefinite>"] {
        let login = operation(&format!(
            "<login><deviceName>S</deviceName><userID>j</userID>
             <exclusiveDuration>{indefinite}</exclusiveDuration></login>"
        ));
        assert!(matches!(
            login,
            Ok(RequestedOperation::Login { duration: Duration::Indefinite, .. })
        ));
    }
}

#[test]
fn reads_queries_and_a_logout_with_a_stray_user() {
    assert_eq!(
        operation(
            "<deviceUserQuery><deviceName>A</deviceName><deviceName>B</deviceName></deviceUserQuery>"
        ),
        Ok(RequestedOperation::DeviceUsers(vec!["A".into(), "B".into()]))
    );
    assert_eq!(
        operation("<userDevicesQuery><userID>a%40b</userID></userDevicesQuery>"),
        Ok(RequestedOperation::UserDevices(vec!["a@b".into()]))
    );
    assert_eq!(
        operation("<logout><deviceName>A</deviceName><userID>j</userID></logout>"),
        Ok(RequestedOperation::Logout { device: "A".into() })
    );
}

#[test]
fn reads_all_other_operations() {
    let users = "<userID>a</userID><userID>b%40c</userID>";
    let ids = vec!["a".to_owned(), "b@c".to_owned()];
    for name in ["deviceProfileQuery", "userDeviceProfileQuery"] {
        let read = operation(&format!("<{name}>{users}</{name}>"));
        assert_eq!(read, Ok(RequestedOperation::DeviceProfiles(ids.clone())));
    }
    let query = format!("<query>{INFO}<checkUser>{users}</checkUser></query>");
    assert_eq!(parse(&query).unwrap().operation, RequestedOperation::CheckUsers(ids));
    assert_eq!(operation("<logoutAll/>"), Ok(RequestedOperation::LogoutAll));
    assert_eq!(operation("<logoutAll></logoutAll>"), Ok(RequestedOperation::LogoutAll));
    assert_eq!(operation("<dance/>"), Ok(RequestedOperation::Unknown("request/dance".to_owned())));
}

#[test]
fn reads_where_a_request_says_it_comes_from() {
    let origin = |rest: &str| {
        let logout = format!("<logout><deviceName>A</deviceName>{rest}</logout>");
        parse(&format!("<request>{INFO}{logout}</request>")).unwrap().origin
    };
    assert_eq!(origin(""), StatedOrigin::default());
    let stated =
        origin("<remoteIPAddr> 192.0.2.1 </remoteIPAddr><isViaHeaderSet>true</isViaHeaderSet>");
    assert_eq!(stated.remote_address.as_deref(), Some("192.0.2.1"));
    assert!(stated.via);
    assert!(!origin("<isViaHeaderSet>false</isViaHeaderSet>").via);
}

#[test]
fn what_is_not_of_the_grammar_is_refused() {
    let login = |rest: &str| {
        operation(&format!("<login><deviceName>S</deviceName><userID>j</userID>{rest}</login>"))
    };
    assert!(parse("<request>").is_err());
    assert!(parse("<request/>").is_err());
    assert!(parse(&format!("<request>{INFO}</request>")).is_err());
    assert!(login("<exclusiveDuration><time>-1</time></exclusiveDuration>").is_err());
    assert!(login(&format!("<deviceProfile>{}</deviceProfile>", "p".repeat(257))).is_err());
    assert!(login(&format!("<deviceProfile>{}</deviceProfile>", "p".repeat(256))).is_ok());
}

#[test]
fn what_is_absent_too_long_or_no_name_is_named_and_never_shown() {
    let why = |xml: &str| parse(xml).unwrap_err().to_string();
    let logout = |device: &str, rest: &str| {
        format!("<request>{INFO}<logout>{device}</logout>{rest}</request>")
    };
    assert_eq!(why("<request/>"), "request has no appInfo");
    assert_eq!(why("<s3cret/>"), "the root element has no appInfo");
    assert_eq!(why("<request><appInfo/></request>"), "appInfo has no appID");
    assert_eq!(
        why("<query><appInfo><appID>a</appID></appInfo></query>"),
        "appInfo has no appCertificate"
    );
    assert_eq!(why(&format!("<query>{INFO}</query>")), "query has no operation");
    assert_eq!(why(&logout("", "")), "logout has no deviceName");
    assert_eq!(
        operation("<checkUser/><x>Query</x>").unwrap_err().to_string(),
        "checkUser has no userID"
    );
    let long = format!("<deviceName>{}</deviceName>", "s3".repeat(129));
    assert_eq!(why(&logout(&long, "")), "deviceName is too long");
    // The bound counts the decoded characters, not those of the percent-encoding.
    let user = format!("<userID>{}</userID>", "%C3%B6".repeat(256));
    let query = operation(&format!("<userDevicesQuery>{user}</userDevicesQuery>"));
    assert_eq!(query, Ok(RequestedOperation::UserDevices(vec!["ö".repeat(256)])));
    assert!(!why("<request><s3").contains("s3"));
}

#[test]
fn a_name_with_a_control_character_is_none() {
    for user in ["a%00b", "a%0Ab", "a&#10;b", "a&#x85;b", "a%7Fb"] {
        let query =
            operation(&format!("<checkUser><userID>{user}</userID></checkUser><x>Query</x>"));
        let why = NotUnderstood::ControlCharacter { element: "userID".into() };
        assert_eq!(query, Err(why), "{user}");
    }
    for device in ["SEP&#9;1", "SEP\n1", "SEP\u{80}1"] {
        let device = format!("<deviceName>{device}</deviceName>");
        assert!(operation(&format!("<logout>{device}</logout>")).is_err());
        assert!(operation(&format!("<deviceUserQuery>{device}</deviceUserQuery>")).is_err());
        let login = format!("<login>{device}<userID>j</userID></login>");
        assert!(operation(&login).is_err());
    }
    let profile = "<login><deviceName>S</deviceName><userID>j</userID>\
                   <deviceProfile>a&#10;b</deviceProfile></login>";
    assert!(operation(profile).is_err());
    let info = INFO.replace("emproxy", "em%00proxy");
    assert!(parse(&format!("<request>{info}<logoutAll/></request>")).is_err());
}

#[test]
fn a_user_id_is_percent_decoded_in_utf_8_or_else_latin_1() {
    for (sent, read) in
        [("J%C3%B6rg", "Jörg"), ("J%F6rg", "Jörg"), ("50%", "50%"), ("%zz", "%zz"), ("é", "é")]
    {
        let query =
            operation(&format!("<userDevicesQuery><userID>{sent}</userID></userDevicesQuery>"));
        assert_eq!(query, Ok(RequestedOperation::UserDevices(vec![read.to_owned()])));
    }
}

#[test]
fn a_time_is_as_long_as_a_login_time_can_be() {
    let asked = |duration: &str| {
        let login = operation(&format!(
            "<login><deviceName>S</deviceName><userID>j</userID>{duration}</login>"
        ));
        login.map(|login| match login {
            RequestedOperation::Login { duration, .. } => duration,
            other => panic!("{other:?}"),
        })
    };
    let time =
        |time: &str| asked(&format!("<exclusiveDuration><time>{time}</time></exclusiveDuration>"));
    assert_eq!(time("0"), Ok(Duration::Minutes(0)));
    assert_eq!(time(" 010080 "), Ok(Duration::Minutes(10_080)));
    for long in ["10081", "4294967295", "4294967296", &"9".repeat(400)] {
        assert_eq!(time(long), Err(NotUnderstood::TooManyMinutes), "{long}");
    }
    for none in ["-1", "+1", "1.5", "8:00", "soon", "１"] {
        assert_eq!(time(none), Err(NotUnderstood::NotMinutes), "{none}");
    }
    for empty in ["", "<exclusiveDuration/>", "<exclusiveDuration> </exclusiveDuration>"] {
        assert_eq!(asked(empty), Ok(Duration::Unset), "{empty}");
    }
    assert_eq!(time(""), Ok(Duration::Unset));
    assert!(asked("<exclusiveDuration>60</exclusiveDuration>").is_err());
    assert!(asked("<exclusiveDuration><hours>1</hours></exclusiveDuration>").is_err());
}

/// The names fill a body of 64 KiB.
#[test]
fn the_number_of_names_has_no_bound_of_its_own() {
    let users = "<userID>u</userID>".repeat(64 * 1024 / 18 - 20);
    let read = operation(&format!("<userDevicesQuery>{users}</userDevicesQuery>"));
    assert!(matches!(read, Ok(RequestedOperation::UserDevices(users)) if users.len() > 3_600));
}

#[test]
fn an_encrypted_certificate_is_one_that_cannot_be_checked() {
    let info = "<appInfo><appID>CCMSysUser</appID><appEncryptedCertificate>s3</appEncryptedCertificate></appInfo>";
    let logout = "<logout><deviceName>A</deviceName></logout>";
    let request = parse(&format!("<request>{info}{logout}</request>")).unwrap();
    assert_eq!(request.app_certificate, None);
    assert!(!request.shown.contains("s3"));
}

#[test]
fn no_secret_is_in_what_is_shown() {
    let logout = "<logout><deviceName>A&amp;B</deviceName><pin>s3</pin></logout>";
    let request = parse(&format!("<request>\n{INFO}{logout}</request>")).unwrap();
    assert_eq!(
        request.shown,
        "<request><appInfo><appID>emproxy</appID><appCertificate>***</appCertificate>\
         </appInfo><logout><deviceName>A&amp;B</deviceName><pin>***</pin></logout></request>"
    );
    assert!(!format!("{request:?}").contains("s3"));
}

#[test]
fn a_password_that_looks_like_xml_is_not_shown() {
    let ask = |password: &str| {
        let info = "<appInfo><appID>emproxy</appID><appCertificate>";
        let logout = "<logout><deviceName>A</deviceName></logout>";
        parse(&format!("<request>{info}{password}</appCertificate></appInfo>{logout}</request>"))
    };
    let request = ask("a<s3/>b").unwrap();
    assert!(!request.shown.contains("s3"), "{}", request.shown);
    for password in ["a<s3", "a<s3>", "</s3>", "a&s3;", "a&#s3;", "<s3 s3=s3>", "<!s3"] {
        let error = ask(password).unwrap_err().to_string();
        assert!(!error.contains("s3"), "{error}");
    }
}

proptest! {
    #[test]
    fn any_names_come_through(device in "[A-Z0-9]{1,15}", user in "[a-z0-9.@ -]{1,20}") {
        let escaped = percent_encoding::utf8_percent_encode(&user, percent_encoding::NON_ALPHANUMERIC);
        let read = operation(&format!(
            "<login><deviceName>{device}</deviceName><userID>{escaped}</userID></login>"
        ));
        let expected = RequestedOperation::Login { device, user, profile: None, duration: Duration::Unset };
        prop_assert_eq!(read, Ok(expected));
    }
}
