mod golden;
mod limits;
mod round_trip;
mod secrets;

use engine::{
    HomeLogin, LoginId, NamedUser, PeerAnswer, PeerMessage, PeerRequest, PinCheck, StayEnd,
    StayRole, Stays, UserNumber, UserSecret,
};
use terms::{EndCause, ErrorCode, NotUnderstood};
use uuid::Uuid;

use super::*;

fn login_id(last: u128) -> LoginId {
    LoginId(Uuid::from_u128(0x0190_a5b4_7d6e_7c3a_9f10_2b3c_4d5e_6f70 + last))
}

fn id(user: &str) -> PeerRequest {
    PeerRequest::CheckUser(NamedUser::Id(user.to_owned()))
}

fn extension(number: &str) -> PeerRequest {
    let number = UserNumber::PrimaryExtension(number.to_owned());
    PeerRequest::CheckUser(NamedUser::Number(number))
}

fn home_login(secret: UserSecret, profile: Option<&str>) -> PeerRequest {
    PeerRequest::HomeLogin(HomeLogin {
        login: login_id(0),
        phone: "SEPF8A5C59E1126".to_owned(),
        model: "Cisco 8861".to_owned(),
        description: "Lobby <2F> & stairs".to_owned(),
        phone_address: "192.0.2.10".to_owned(),
        user: "em@example.com".to_owned(),
        secret,
        profile: profile.map(ToOwned::to_owned),
        log_out_url: "http://10.106.125.174:8080/emapp/EMAppServlet\
                      ?device=SEPF8A5C59E1126&doLogout=true"
            .to_owned(),
    })
}

fn with_pin() -> PeerRequest {
    home_login(UserSecret::Pin("12345".to_owned()), None)
}

fn pin_check() -> PeerRequest {
    PeerRequest::CheckPin(PinCheck {
        phone: "SEPF8A5C59E1126".to_owned(),
        phone_address: "192.0.2.10".to_owned(),
        user: "em@example.com".to_owned(),
        pin: "12345".to_owned(),
    })
}

fn stay_end(login: Option<LoginId>, cause: Option<EndCause>) -> StayEnd {
    StayEnd { login, phone: "SEPF8A5C59E1126".to_owned(), cause }
}

fn stays(logins: Vec<LoginId>) -> PeerRequest {
    PeerRequest::Stays(Stays { sender_is: StayRole::Home, logins })
}

fn request(xml: &str) -> Result<PeerRequest, NotUnderstood> {
    parse(xml).map(|message| message.request)
}

/// A request in XML with `rest` after the required `clusterId`.
fn asking(name: &str, rest: &str) -> Result<PeerRequest, NotUnderstood> {
    request(&format!("<emcc><{name}><clusterId>seoul</clusterId>{rest}</{name}></emcc>"))
}

/// The answer to a login in XML.
fn logged_in(rest: &str) -> Result<PeerAnswer, NotUnderstood> {
    let answer = format!("<homeLogin><success/><userID>rak</userID>{rest}</homeLogin>");
    read_answer(&with_pin(), &format!("<emccResponse>{answer}</emccResponse>"))
}

fn why(element: &'static str, parent: &'static str) -> NotUnderstood {
    NotUnderstood::Missing { element: element.into(), parent: parent.into() }
}

#[test]
fn the_root_element_tells_a_message_between_clusters() {
    assert!(is_emcc("<?xml version='1.0'?>\n<emcc><dance/></emcc>"));
    for other in ["<request/>", "<emccResponse/>", "<a><emcc/></a>", "<emcc>", "", "emcc"] {
        assert!(!is_emcc(other), "{other}");
    }
}

#[test]
fn what_the_original_answers_to_check_user_is_read() {
    let answer = "<emccResponse><checkUser><user id=\"adgjm\"><numProfiles>1</numProfiles>\
                  <exists/><homeCluster>true</homeCluster></user></checkUser></emccResponse>";
    let read = read_answer(&extension("2001"), answer);
    assert_eq!(read, Ok(PeerAnswer::User(Some("adgjm".to_owned()))));
}

#[test]
fn a_user_without_an_id_is_the_one_that_was_asked_for() {
    let answer = "<emccResponse><checkUser><user><exists/></user></checkUser></emccResponse>";
    assert_eq!(read_answer(&id("Rak"), answer), Ok(PeerAnswer::User(Some("Rak".to_owned()))));
    assert_eq!(read_answer(&extension("2001"), answer), Err(why("id", "user")));
}

#[test]
fn elements_that_are_not_known_are_passed_over() {
    let end = "<emcc more='1'><later><requestNum>1</requestNum></later><visitingLogout>text\
               <clusterId>mjunnur</clusterId><why>because</why><deviceName> SEP1\n</deviceName>\
               <requestNum> 117 </requestNum></visitingLogout><visitingLogout/></emcc>";
    let visiting =
        PeerRequest::VisitingLogout(StayEnd { phone: "SEP1".to_owned(), ..stay_end(None, None) });
    let (number, sender) = (117, "mjunnur".to_owned());
    assert_eq!(parse(end), Ok(PeerMessage { number, sender, request: visiting }));
    let answer = "<emccResponse><later/><homeLogout><more/><success/></homeLogout></emccResponse>";
    let home = PeerRequest::HomeLogout(stay_end(None, None));
    assert_eq!(read_answer(&home, answer), Ok(PeerAnswer::Done));
}

#[test]
fn a_number_that_does_not_read_is_none() {
    for number in ["", "<requestNum/>", "<requestNum>-1</requestNum>", "<requestNum>x</requestNum>"]
    {
        let xml = format!(
            "<emcc><checkUser>{number}<clusterId>a</clusterId><userID>b</userID></checkUser></emcc>"
        );
        assert_eq!(parse(&xml).map(|message| message.number), Ok(0), "{number}");
    }
}

#[test]
fn a_cause_that_is_not_known_is_none() {
    for (cause, read) in [
        ("forced", Some(EndCause::Forced)),
        ("remote", Some(EndCause::Remote)),
        ("teleported", None),
        ("other", None),
        ("", None),
    ] {
        let end = asking(
            "homeLogout",
            &format!("<deviceName>SEPF8A5C59E1126</deviceName><cause>{cause}</cause>"),
        );
        assert_eq!(end, Ok(PeerRequest::HomeLogout(stay_end(None, read))), "{cause}");
    }
}

#[test]
fn the_kind_of_a_name_is_one_that_is_known() {
    let asked = |kind: &str| asking("checkUser", &format!("<userID>2001</userID>{kind}"));
    for kind in ["", "<loginType/>", "<loginType>UID</loginType>", "<loginType>uid</loginType>"] {
        assert_eq!(asked(kind), Ok(id("2001")), "{kind}");
    }
    assert_eq!(asked("<loginType>dn</loginType>"), Ok(extension("2001")));
    assert!(asked("<loginType>NFC</loginType>").is_err());
}

#[test]
fn user_ids_are_percent_decoded_also_in_answers() {
    let asked = |user: &str| asking("checkUser", &format!("<userID>{user}</userID>"));
    assert_eq!(asked("J%C3%B6rg%20%26"), Ok(id("Jörg &")));
    assert_eq!(asked("J%F6rg"), Ok(id("Jörg")));
    assert_eq!(asked("50%"), Ok(id("50%")));
    let answer = "<emccResponse><checkUser><user id=' %EA%B9%80 '><exists/></user></checkUser></emccResponse>";
    assert_eq!(read_answer(&id("x"), answer), Ok(PeerAnswer::User(Some("김".to_owned()))));
}

#[test]
fn what_is_absent_is_named() {
    let whose = |xml: &str| parse(xml).unwrap_err();
    assert_eq!(whose("<request/>"), why("emcc", "the message"));
    assert_eq!(whose("<emcc><s3cret/></emcc>"), why("operation", "emcc"));
    for sender in ["", "<clusterId/>", "<clusterId> </clusterId>"] {
        let xml = format!("<emcc><checkUser><userID>a</userID>{sender}</checkUser></emcc>");
        assert_eq!(whose(&xml), why("clusterId", "checkUser"));
    }
    let login = "<deviceName>SEP1</deviceName><userID>rak</userID><PIN>1</PIN>\
                 <loginId>0190a5b4-7d6e-7c3a-9f10-2b3c4d5e6f70</loginId>";
    assert!(asking("homeLogin", login).is_ok());
    for (absent, element) in [
        ("<deviceName>SEP1</deviceName>", "deviceName"),
        ("<userID>rak</userID>", "userID"),
        ("<PIN>1</PIN>", "PIN"),
        ("<loginId>0190a5b4-7d6e-7c3a-9f10-2b3c4d5e6f70</loginId>", "loginId"),
    ] {
        let asked = asking("homeLogin", &login.replace(absent, ""));
        assert_eq!(asked, Err(why(element, "homeLogin")));
    }
    assert_eq!(asking("homeLogout", ""), Err(why("deviceName", "homeLogout")));
    assert_eq!(asking("stays", ""), Err(why("role", "stays")));
    assert_eq!(asking("update", ""), Err(why("release", "update")));
    assert_eq!(asking("update", "<release>12.5</release>"), Err(why("emcc", "update")));
}

#[test]
fn what_does_not_read_is_refused() {
    let phone = "<deviceName>SEP1</deviceName>";
    for login in ["", "117", "0190a5b4-7d6e-7c3a-9f10-2b3c4d5e6f7"] {
        let login = format!("<loginId>{login}</loginId>");
        for name in ["homeLogout", "visitingLogout"] {
            assert!(asking(name, &format!("{phone}{login}")).is_err(), "{login}");
        }
        assert!(asking("stays", &format!("<role>home</role>{login}")).is_err(), "{login}");
        let rest = format!("{phone}<userID>rak</userID><PIN>1</PIN>{login}");
        assert!(asking("homeLogin", &rest).is_err(), "{login}");
    }
    assert!(asking("stays", "<role>guest</role>").is_err());
    assert!(asking("update", "<release>12</release><emcc>true</emcc>").is_err());
}

#[test]
fn an_answer_is_one_to_the_request() {
    let done = "<emccResponse><homeLogout><success/></homeLogout></emccResponse>";
    let visiting = PeerRequest::VisitingLogout(stay_end(None, None));
    let whose = |request: &PeerRequest, xml: &str| read_answer(request, xml).unwrap_err();
    assert_eq!(whose(&visiting, done), why("visitingLogout", "emccResponse"));
    assert_eq!(
        whose(&visiting, "<response><success/></response>"),
        why("emccResponse", "the answer")
    );
    let nested =
        |name: &str, rest: &str| format!("<emccResponse><{name}>{rest}</{name}></emccResponse>");
    assert_eq!(whose(&visiting, &nested("visitingLogout", "")), why("success", "visitingLogout"));
    assert_eq!(whose(&id("a"), &nested("checkUser", "")), why("user", "checkUser"));
    assert_eq!(whose(&id("a"), &nested("checkUser", "<user id='a'/>")), why("exists", "user"));
    assert_eq!(whose(&stays(vec![]), &nested("stays", "")), why("over", "stays"));
    assert_eq!(whose(&with_pin(), &nested("homeLogin", "")), why("success", "homeLogin"));
    let choice = nested("homeLogin", "<deviceProfiles/>");
    assert_eq!(whose(&with_pin(), &choice), why("ticket", "deviceProfiles"));
    assert_eq!(logged_in(""), Err(why("deviceProfile", "homeLogin")));
    let profile = |keys: &str| format!("<deviceProfile><name>a</name>{keys}</deviceProfile>");
    assert_eq!(logged_in(&profile("<line/>")), Err(why("dn", "line")));
    assert_eq!(logged_in(&profile("<speedDial/>")), Err(why("number", "speedDial")));
}

#[test]
fn a_time_left_that_does_not_read_is_not_unlimited() {
    let left = |seconds: &str| {
        let profile = "<deviceProfile><name>a</name></deviceProfile>";
        let read = logged_in(&format!("{seconds}{profile}"));
        read.map(|answer| match answer {
            PeerAnswer::LoggedIn(home) => home.seconds_left,
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(left(""), Ok(None));
    assert_eq!(left("<secondsLeft>0</secondsLeft>"), Ok(Some(0)));
    for wrong in ["", "-1", "1.5", "soon", "18446744073709551616"] {
        assert!(left(&format!("<secondsLeft>{wrong}</secondsLeft>")).is_err(), "{wrong}");
    }
}

#[test]
fn a_refusal_that_is_not_known_is_one() {
    let refused = |failure: &str| {
        let xml = format!("<emccResponse><failure>{failure}</failure></emccResponse>");
        read_answer(&id("a"), &xml)
    };
    for (failure, code) in [
        ("<error code='38'>no</error>", ErrorCode::EmccNotAllowed),
        ("<error code=' 25 '/>", ErrorCode::LoggedInElsewhere),
        ("<error code='17'>a newer one</error>", ErrorCode::Unknown),
        ("<error code='70000'/>", ErrorCode::Unknown),
        ("<error code='x'/>", ErrorCode::Unknown),
        ("<error/>", ErrorCode::Unknown),
        ("", ErrorCode::Unknown),
    ] {
        assert_eq!(refused(failure), Ok(PeerAnswer::Refused(code)), "{failure}");
    }
}

#[test]
fn texts_of_errors_have_no_name_of_an_exception() {
    assert_eq!(
        error_text(ErrorCode::LoggedInElsewhere),
        "Not allowed to log into multiple devices."
    );
    assert_eq!(error_text(ErrorCode::NoSuchUser), "User does not exist");
    assert!(ErrorCode::ALL.iter().all(|code| !error_text(*code).contains("com.cisco")));
}
