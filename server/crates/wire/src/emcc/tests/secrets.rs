//! The trace shows a request without its secrets.

use engine::ClusterInfo;
use terms::Release;

use super::*;

fn of(request: PeerRequest) -> PeerMessage {
    PeerMessage { number: 117, sender: "mjunnur".to_owned(), request }
}

#[test]
fn no_secret_is_shown() {
    let certificate = ClusterInfo {
        release: Release::V12_5,
        emcc: true,
        next_certificate: Some("s3cret".to_owned()),
        compares: false,
    };
    let PeerRequest::CheckPin(check) = pin_check() else { unreachable!() };
    let check = PeerRequest::CheckPin(PinCheck { pin: "s3cret".to_owned(), ..check });
    assert!(!format!("{check:?}").contains("s3cret"));
    for (element, request) in [
        ("PIN", check),
        ("PIN", home_login(UserSecret::Pin("s3cret".to_owned()), None)),
        ("ticket", home_login(UserSecret::Ticket("s3cret".to_owned()), None)),
        ("nextCertificate", PeerRequest::Update(certificate)),
    ] {
        let request = of(request);
        let secret = format!("<{element}>s3cret</{element}>");
        let hidden = format!("<{element}>***</{element}>");
        assert_eq!(shown(&request), message(&request).replace(&secret, &hidden));
        assert!(!shown(&request).contains("s3cret") && message(&request).contains(&secret));
    }
}

#[test]
fn the_length_of_a_secret_is_none_of_what_is_shown() {
    let of_pin = |pin: &str| shown(&of(home_login(UserSecret::Pin(pin.to_owned()), None)));
    assert_eq!(of_pin(""), of_pin(&"1".repeat(256)));
}

#[test]
fn all_else_is_shown_as_it_is_sent() {
    let end = stay_end(Some(login_id(0)), Some(EndCause::Forced));
    for request in [
        id("j&hn"),
        extension("2001"),
        PeerRequest::HomeLogout(end.clone()),
        PeerRequest::VisitingLogout(end.clone()),
        stays(vec![login_id(0), login_id(1)]),
    ] {
        let request = of(request);
        assert_eq!(shown(&request), message(&request));
    }
    let without_cause = of(PeerRequest::VisitingLogout(StayEnd { cause: None, ..end }));
    assert_eq!(
        shown(&without_cause),
        "<emcc><visitingLogout><requestNum>117</requestNum>\
         <deviceName>SEPF8A5C59E1126</deviceName><clusterId>mjunnur</clusterId>\
         <loginId>0190a5b4-7d6e-7c3a-9f10-2b3c4d5e6f70</loginId></visitingLogout></emcc>"
    );
}

#[test]
fn no_more_is_shown_than_of_other_requests() {
    let long = shown(&of(stays((0..200).map(login_id).collect())));
    assert!(long.len() < 4100 && long.ends_with('…'));
}
