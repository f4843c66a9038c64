//! Reading a golden file gives the value, and writing the value gives its bytes.

use engine::{
    ClusterInfo, DeviceProfile, HomeConfiguration, Line, ProfileChoice, SipAccount, SpeedDial,
};
use terms::Release;

use super::*;

macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!("../../../golden/emcc/", $name, ".xml"))
    };
}

#[track_caller]
fn sent(xml: &str, number: u64, sender: &str, request: PeerRequest) {
    let value = PeerMessage { number, sender: sender.to_owned(), request };
    assert_eq!(message(&value), xml);
    assert_eq!(parse(xml).as_ref(), Ok(&value));
    assert!(is_emcc(xml));
}

#[track_caller]
fn answered(xml: &str, request: &PeerRequest, value: PeerAnswer) {
    assert_eq!(answer(request, &value), xml);
    assert_eq!(read_answer(request, xml), Ok(value));
}

fn update(next: bool) -> ClusterInfo {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB+A==\n-----END CERTIFICATE-----\n";
    ClusterInfo {
        release: if next { Release { major: 14, minor: 0 } } else { Release::V12_5 },
        emcc: !next,
        next_certificate: next.then(|| pem.to_owned()),
        compares: next,
    }
}

fn configuration(user: &str) -> HomeConfiguration {
    let profile = DeviceProfile {
        name: "rak-desk".to_owned(),
        model: "Cisco 8861".to_owned(),
        lines: vec![],
        speed_dials: vec![],
        sip: vec![],
    };
    let (user, call_server) = (user.to_owned(), String::new());
    HomeConfiguration { user, profile, call_server, seconds_left: None }
}

#[test]
fn check_user() {
    sent(golden!("check-user"), 7, "seoul", id("rak"));
    sent(golden!("check-user-extension"), 7, "seoul", extension("+8225551234"));
    let number = NamedUser::Number(UserNumber::SelfServiceId("2001".to_owned()));
    sent(golden!("check-user-self-service"), 7, "seoul", PeerRequest::CheckUser(number));
    let found = PeerAnswer::User(Some("rak".to_owned()));
    answered(golden!("answer-check-user"), &id("RAK"), found.clone());
    answered(golden!("answer-check-user"), &extension("2001"), found);
    answered(golden!("answer-check-user-none"), &id("no&body"), PeerAnswer::User(None));
}

#[test]
fn home_login_and_what_the_phone_becomes() {
    let ticket = UserSecret::Ticket("8f14e45f".to_owned());
    let request = home_login(ticket, Some("김민수-desk"));
    sent(golden!("home-login-pin"), 137, "atbabu", with_pin());
    sent(golden!("home-login-ticket"), 137, "atbabu", request.clone());
    let mut home = configuration("em@example.com");
    home.seconds_left = Some(36_000);
    "192.0.2.1:5060".clone_into(&mut home.call_server);
    let line = |dn: &str, label: &str| Line { dn: dn.to_owned(), label: label.to_owned() };
    home.profile.lines = vec![line("2001", "Rak"), line("2002", "")];
    home.profile.speed_dials = vec![SpeedDial { number: "9".to_owned(), label: "Desk".to_owned() }];
    let (dn, password) = ("2001".to_owned(), "s3<ret".to_owned());
    home.profile.sip = vec![SipAccount { dn, user: "rak".to_owned(), password }];
    answered(golden!("answer-home-login"), &request, PeerAnswer::LoggedIn(home));
    let least = PeerAnswer::LoggedIn(configuration("rak"));
    answered(golden!("answer-home-login-unlimited"), &request, least);
}

#[test]
fn home_login_and_a_choice() {
    let choice = ProfileChoice {
        ticket: "8f14e45f".to_owned(),
        profiles: vec!["김민수-desk".to_owned(), "lab & more".to_owned()],
    };
    answered(golden!("answer-home-login-choice"), &with_pin(), PeerAnswer::Choose(choice));
}

#[test]
fn check_pin() {
    sent(golden!("check-pin"), 137, "atbabu", pin_check());
    answered(golden!("answer-check-pin"), &pin_check(), PeerAnswer::Done);
}

#[test]
fn the_end_of_a_stay() {
    let home = PeerRequest::HomeLogout(stay_end(Some(login_id(0)), Some(EndCause::Expired)));
    sent(golden!("home-logout"), 117, "mjunnur", home.clone());
    answered(golden!("answer-home-logout"), &home, PeerAnswer::Done);
    let end = stay_end(Some(login_id(0)), Some(EndCause::AutoLogout));
    let visiting = PeerRequest::VisitingLogout(end);
    sent(golden!("visiting-logout"), 117, "mjunnur", visiting.clone());
    answered(golden!("answer-visiting-logout"), &visiting, PeerAnswer::Done);
}

#[test]
fn the_visiting_logout_of_the_original() {
    let xml = golden!("visiting-logout-original");
    sent(xml, 117, "mjunnur", PeerRequest::VisitingLogout(stay_end(None, None)));
    let trace = include_str!("../../../golden/traces/emcc-auto-logout.home.log");
    assert!(trace.contains(&format!("formVisitingLogoutXml : {xml}\n")));
}

#[test]
fn stays_that_are_over() {
    let asked = stays(vec![login_id(0), login_id(1)]);
    sent(golden!("stays-home"), 8, "seoul", asked.clone());
    let visiting = Stays { sender_is: StayRole::Visiting, logins: vec![] };
    sent(golden!("stays-visiting"), 8, "seoul", PeerRequest::Stays(visiting));
    answered(golden!("answer-stays"), &asked, PeerAnswer::Over(vec![login_id(1)]));
}

#[test]
fn what_clusters_tell_about_themselves() {
    for (question, told, next) in [
        (golden!("update"), golden!("answer-update"), false),
        (golden!("update-certificate"), golden!("answer-update-certificate"), true),
    ] {
        let request = PeerRequest::Update(update(next));
        sent(question, 9, "seoul", request.clone());
        answered(told, &request, PeerAnswer::Cluster(update(next)));
    }
}

#[test]
fn a_refusal_of_any_request() {
    let end = || stay_end(None, None);
    for request in [
        id("rak"),
        pin_check(),
        with_pin(),
        PeerRequest::HomeLogout(end()),
        PeerRequest::VisitingLogout(end()),
        stays(vec![]),
        PeerRequest::Update(update(false)),
    ] {
        let refused = PeerAnswer::Refused(ErrorCode::LoggedInElsewhere);
        answered(golden!("answer-failure-25"), &request, refused);
        for code in ErrorCode::ALL {
            let refused = PeerAnswer::Refused(*code);
            assert_eq!(read_answer(&request, &answer(&request, &refused)), Ok(refused));
        }
    }
}
