//! The messages of a remote cluster are bounded.

use crate::content::MAX_NAME_CHARS;

use super::*;

const LOGIN_ID: &str = "<loginId>0190a5b4-7d6e-7c3a-9f10-2b3c4d5e6f70</loginId>";

fn too_long<T>(element: &'static str) -> Result<T, NotUnderstood> {
    Err(NotUnderstood::TooLong { element: element.into() })
}

/// A login in XML, in which `element` has this text.
fn login_with(element: &str, text: &str) -> Result<PeerRequest, NotUnderstood> {
    let rest = [("deviceName", "SEP1"), ("userID", "rak"), ("PIN", "1")];
    let rest = rest.into_iter().filter(|(name, _)| *name != element);
    let rest: Vec<_> = rest.map(|(name, text)| format!("<{name}>{text}</{name}>")).collect();
    let rest = rest.concat();
    asking("homeLogin", &format!("{rest}<{element}>{text}</{element}>{LOGIN_ID}"))
}

#[test]
fn names_and_secrets_are_no_longer_than_stored_ones() {
    for element in [
        "deviceName",
        "userID",
        "PIN",
        "ticket",
        "deviceProfile",
        "model",
        "description",
        "remoteIPAddr",
    ] {
        assert!(login_with(element, &"김".repeat(MAX_NAME_CHARS)).is_ok(), "{element}");
        assert_eq!(login_with(element, &"김".repeat(MAX_NAME_CHARS + 1)), too_long(element));
    }
    // The bound counts the decoded characters, not those of the percent-encoding.
    assert!(login_with("userID", &"%EA%B9%80".repeat(MAX_NAME_CHARS)).is_ok());
    let long = "c".repeat(MAX_NAME_CHARS + 1);
    let xml = format!("<emcc><stays><clusterId>{long}</clusterId><role>home</role></stays></emcc>");
    assert_eq!(request(&xml), too_long("clusterId"));
}

#[test]
fn the_address_of_a_log_out_is_bounded() {
    assert!(login_with("EMURI", &"%2F".repeat(MAX_URL_CHARS)).is_ok());
    assert_eq!(login_with("EMURI", &"%2F".repeat(MAX_URL_CHARS + 1)), too_long("EMURI"));
}

#[test]
fn names_have_no_control_characters() {
    for element in ["deviceName", "deviceProfile", "model", "description", "remoteIPAddr"] {
        for text in ["a&#10;b", "a\nb", "a\u{80}b"] {
            let why = NotUnderstood::ControlCharacter { element: element.to_owned().into() };
            assert_eq!(login_with(element, text), Err(why));
        }
    }
    for element in ["userID", "EMURI"] {
        let why = NotUnderstood::ControlCharacter { element: element.to_owned().into() };
        assert_eq!(login_with(element, "a%00b"), Err(why));
    }
}

#[test]
fn a_message_asks_about_so_many_stays() {
    let ids = |count: usize| LOGIN_ID.repeat(count);
    let asked = |count: usize| asking("stays", &format!("<role>home</role>{}", ids(count)));
    assert!(matches!(asked(Stays::MOST), Ok(PeerRequest::Stays(s)) if s.logins.len() == 200));
    assert_eq!(asked(Stays::MOST + 1), Err(NotUnderstood::TooLarge));
    let over = |count: usize| {
        let xml = format!("<stays><over>{}</over></stays>", ids(count));
        read_answer(&stays(vec![]), &format!("<emccResponse>{xml}</emccResponse>"))
    };
    assert!(matches!(over(Stays::MOST), Ok(PeerAnswer::Over(over)) if over.len() == 200));
    assert_eq!(over(Stays::MOST + 1), Err(NotUnderstood::TooLarge));
}

#[test]
fn a_certificate_is_bounded() {
    let told = |length: usize| {
        let certificate = "c".repeat(length);
        format!(
            "<release>12.5</release><emcc>true</emcc><nextCertificate>{certificate}</nextCertificate>"
        )
    };
    assert!(asking("update", &told(MAX_CERTIFICATE_BYTES)).is_ok());
    assert_eq!(asking("update", &told(MAX_CERTIFICATE_BYTES + 1)), too_long("nextCertificate"));
    let request = asking("update", &told(0)).unwrap();
    let answer = |length: usize| {
        let xml = format!("<emccResponse><update>{}</update></emccResponse>", told(length));
        read_answer(&request, &xml)
    };
    assert!(answer(MAX_CERTIFICATE_BYTES).is_ok());
    assert_eq!(answer(MAX_CERTIFICATE_BYTES + 1), too_long("nextCertificate"));
}

#[test]
fn a_device_profile_has_so_many_keys() {
    let with = |lines: usize, dials: usize| {
        let line = "<line><dn>1</dn><sipUser>a</sipUser><sipPassword>b</sipPassword></line>";
        let lines = line.repeat(lines);
        let dials = "<speedDial><number>1</number><label>a</label></speedDial>".repeat(dials);
        logged_in(&format!("<deviceProfile><name>a</name>{lines}{dials}</deviceProfile>"))
    };
    match with(MAX_LINES, MAX_SPEED_DIALS) {
        Ok(PeerAnswer::LoggedIn(home)) => {
            assert_eq!(home.profile.lines.len(), MAX_LINES);
            assert_eq!(home.profile.speed_dials.len(), MAX_SPEED_DIALS);
            assert_eq!(home.profile.sip.len(), 1, "one account of a number");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(with(MAX_LINES + 1, 0), Err(NotUnderstood::TooLarge));
    assert_eq!(with(0, MAX_SPEED_DIALS + 1), Err(NotUnderstood::TooLarge));
}

#[test]
fn a_choice_has_so_many_device_profiles() {
    let choice = |names: usize, ticket: &str| {
        let names = "<deviceProfileName>a</deviceProfileName>".repeat(names);
        let choice = format!("<deviceProfiles><ticket>{ticket}</ticket>{names}</deviceProfiles>");
        let xml = format!("<emccResponse><homeLogin>{choice}</homeLogin></emccResponse>");
        read_answer(&with_pin(), &xml)
    };
    assert!(choice(MAX_PROFILES, "t").is_ok());
    assert_eq!(choice(MAX_PROFILES + 1, "t"), Err(NotUnderstood::TooLarge));
    assert_eq!(choice(1, &"t".repeat(MAX_NAME_CHARS + 1)), too_long("ticket"));
}

#[test]
fn texts_of_an_answer_are_bounded_too() {
    let long = "a".repeat(MAX_NAME_CHARS + 1);
    let (profile, more) = ("<deviceProfile><name>a</name>", "</deviceProfile>");
    for (rest, element) in [
        (format!("<callServer>{long}</callServer>{profile}{more}"), "callServer"),
        (format!("<deviceProfile><name>{long}</name></deviceProfile>"), "name"),
        (format!("{profile}<model>{long}</model>{more}"), "model"),
        (format!("{profile}<line><dn>{long}</dn></line>{more}"), "dn"),
        (format!("{profile}<line><dn>1</dn><label>{long}</label></line>{more}"), "label"),
        (format!("{profile}<line><dn>1</dn><sipUser>{long}</sipUser></line>{more}"), "sipUser"),
        (
            format!(
                "{profile}<line><dn>1</dn><sipUser>a</sipUser><sipPassword>{long}</sipPassword>\
                 </line>{more}"
            ),
            "sipPassword",
        ),
        (format!("{profile}<speedDial><number>{long}</number></speedDial>{more}"), "number"),
    ] {
        assert_eq!(logged_in(&rest), too_long(element));
    }
    let user = format!("<checkUser><user id='{long}'><exists/></user></checkUser>");
    let answer = read_answer(&id("a"), &format!("<emccResponse>{user}</emccResponse>"));
    assert_eq!(answer, too_long("id"));
}

#[test]
fn what_the_tree_refuses_is_refused() {
    assert!(parse("<emcc><checkUser>").is_err());
    assert!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><emcc/>").is_err());
    let many = "<a/>".repeat(5000);
    assert_eq!(asking("checkUser", &many), Err(NotUnderstood::TooLarge));
    let deep = format!("{}{}", "<a>".repeat(20), "</a>".repeat(20));
    assert_eq!(asking("checkUser", &deep), Err(NotUnderstood::TooDeep));
}
