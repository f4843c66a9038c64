//! Every value of a message survives writing and reading, and the message is on one line.

use engine::{
    ClusterInfo, DeviceProfile, HomeConfiguration, Line, ProfileChoice, SipAccount, SpeedDial,
};
use proptest::{collection::vec, option, prelude::*};
use terms::{Named, Release};

use super::*;

/// A text with blanks around it, and with characters that XML or percent-encoding could corrupt.
fn text() -> impl Strategy<Value = String> {
    "([&<>\"'%+#;= \u{a0}]|]]>|%41|%EA|&amp;|&#10;|[a-zA-Z0-9]|[가-힣]|\\PC){0,12}"
}

/// A stored name, without blanks around it.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.trim().to_owned())
}

fn sender() -> impl Strategy<Value = String> {
    name().prop_filter("a cluster has an id", |name| !name.is_empty())
}

/// An unchecked text.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![text(), "[\t\n\r -~\u{7f}-\u{a0}]{0,20}"]
}

fn some_id() -> impl Strategy<Value = LoginId> {
    any::<u128>().prop_map(|id| LoginId(Uuid::from_u128(id)))
}

fn ids() -> impl Strategy<Value = Vec<LoginId>> {
    vec(some_id(), 0..5)
}

fn named_user() -> impl Strategy<Value = NamedUser> {
    prop_oneof![
        text().prop_map(NamedUser::Id),
        text().prop_map(|text| NamedUser::Number(UserNumber::PrimaryExtension(text))),
        text().prop_map(|text| NamedUser::Number(UserNumber::SelfServiceId(text))),
    ]
}

fn login() -> impl Strategy<Value = HomeLogin> {
    let user_secret =
        prop_oneof![secret().prop_map(UserSecret::Pin), secret().prop_map(UserSecret::Ticket)];
    let profile = option::of(name()).prop_map(|name| name.filter(|name| !name.is_empty()));
    let phone = (name(), text(), text(), name());
    (some_id(), phone, text(), user_secret, profile, text()).prop_map(
        |(
            login,
            (phone, model, description, phone_address),
            user,
            secret,
            profile,
            log_out_url,
        )| {
            HomeLogin {
                login,
                phone,
                model,
                description,
                phone_address,
                user,
                secret,
                profile,
                log_out_url,
            }
        },
    )
}

fn pin_check() -> impl Strategy<Value = PinCheck> {
    (name(), name(), text(), secret()).prop_map(|(phone, phone_address, user, pin)| PinCheck {
        phone,
        phone_address,
        user,
        pin,
    })
}

fn end() -> impl Strategy<Value = StayEnd> {
    let cause = option::of(proptest::sample::select(EndCause::all().collect::<Vec<_>>()));
    (option::of(some_id()), name(), cause).prop_map(|(login, phone, cause)| StayEnd {
        login,
        phone,
        cause,
    })
}

fn role() -> impl Strategy<Value = StayRole> {
    prop_oneof![Just(StayRole::Home), Just(StayRole::Visiting)]
}

fn info() -> impl Strategy<Value = ClusterInfo> {
    let next = option::of(secret().prop_map(|text| format!("{text}\n")));
    let flags = any::<(bool, bool)>();
    (any::<(u16, u16)>(), flags, next).prop_map(|((major, minor), (emcc, compares), next)| {
        ClusterInfo { release: Release { major, minor }, emcc, next_certificate: next, compares }
    })
}

fn any_request() -> impl Strategy<Value = PeerRequest> {
    let stays = (role(), ids()).prop_map(|(sender_is, logins)| Stays { sender_is, logins });
    prop_oneof![
        named_user().prop_map(PeerRequest::CheckUser),
        login().prop_map(PeerRequest::HomeLogin),
        pin_check().prop_map(PeerRequest::CheckPin),
        end().prop_map(PeerRequest::HomeLogout),
        end().prop_map(PeerRequest::VisitingLogout),
        stays.prop_map(PeerRequest::Stays),
        info().prop_map(PeerRequest::Update),
    ]
}

/// A device profile with accounts of some of its lines, in the lines' order.
fn profile() -> impl Strategy<Value = DeviceProfile> {
    let lines = vec((text(), text(), option::of((text(), text()))), 0..5);
    let dials = vec((text(), text()), 0..5);
    (name(), text(), lines, dials).prop_map(|(name, model, lines, dials)| {
        let dials = dials.into_iter().map(|(number, label)| SpeedDial { number, label });
        let mut profile =
            DeviceProfile { name, model, lines: vec![], speed_dials: dials.collect(), sip: vec![] };
        for (dn, label, account) in lines {
            let is_first = profile.lines.iter().all(|line| line.dn != dn);
            if let Some((user, password)) = account.filter(|_| is_first) {
                profile.sip.push(SipAccount { dn: dn.clone(), user, password });
            }
            profile.lines.push(Line { dn, label });
        }
        profile
    })
}

fn configuration() -> impl Strategy<Value = HomeConfiguration> {
    (text(), profile(), name(), option::of(any::<u64>())).prop_map(
        |(user, profile, call_server, seconds_left)| HomeConfiguration {
            user,
            profile,
            call_server,
            seconds_left,
        },
    )
}

fn choice() -> impl Strategy<Value = ProfileChoice> {
    (secret(), vec(name(), 0..5)).prop_map(|(ticket, profiles)| ProfileChoice { ticket, profiles })
}

/// An answer that fits the request.
fn exchange() -> impl Strategy<Value = (PeerRequest, PeerAnswer)> {
    any_request().prop_flat_map(|request| {
        let answer = match &request {
            PeerRequest::CheckUser(_) => option::of(text()).prop_map(PeerAnswer::User).boxed(),
            PeerRequest::HomeLogin(_) => prop_oneof![
                configuration().prop_map(PeerAnswer::LoggedIn),
                choice().prop_map(PeerAnswer::Choose),
            ]
            .boxed(),
            PeerRequest::CheckPin(_)
            | PeerRequest::HomeLogout(_)
            | PeerRequest::VisitingLogout(_) => Just(PeerAnswer::Done).boxed(),
            PeerRequest::Stays(_) => ids().prop_map(PeerAnswer::Over).boxed(),
            PeerRequest::Update(_) => info().prop_map(PeerAnswer::Cluster).boxed(),
        };
        let code = proptest::sample::select(ErrorCode::ALL);
        let answer = prop_oneof![4 => answer, 1 => code.prop_map(PeerAnswer::Refused)];
        (Just(request), answer)
    })
}

fn is_one_line(xml: &str) -> bool {
    !xml.contains(char::is_control)
}

proptest! {
    #[test]
    fn a_message(number: u64, sender in sender(), request in any_request()) {
        let value = PeerMessage { number, sender, request };
        let xml = message(&value);
        prop_assert!(is_one_line(&xml) && is_one_line(&shown(&value)), "{}", xml);
        prop_assert_eq!(parse(&xml), Ok(value));
    }

    #[test]
    fn an_answer((request, value) in exchange()) {
        let xml = answer(&request, &value);
        prop_assert!(is_one_line(&xml), "{}", xml);
        prop_assert_eq!(read_answer(&request, &xml), Ok(value));
    }

    /// Also an answer that does not fit the request, and characters that XML does not have.
    #[test]
    fn whatever_is_written_is_well_formed(
        (request, _) in exchange(),
        (_, value) in exchange(),
        pin in "(\u{0}|\u{1}|\u{fffe}|\u{ffff}|[a-z<&]){0,9}",
    ) {
        prop_assert!(crate::tree::parse(&answer(&request, &value)).is_ok());
        let login = home_login(UserSecret::Pin(pin), None);
        let value = PeerMessage { number: 1, sender: "seoul".to_owned(), request: login };
        prop_assert!(parse(&message(&value)).is_ok());
    }

    #[test]
    fn anything_like_a_message_is_read_or_refused(
        xml in "(<emcc>|</emcc>|<stays>|</stays>|<homeLogin>|<PIN>|</PIN>|<loginId/>|<role>home</role>|[ a&]){0,20}",
    ) {
        let _ = parse(&format!("<emcc>{xml}</emcc>"));
        let _ = read_answer(&with_pin(), &format!("<emccResponse>{xml}</emccResponse>"));
    }
}

/// The message has no element for an account without a line.
#[test]
fn an_account_of_no_line_is_left_out() {
    let line = Line { dn: "1".to_owned(), label: String::new() };
    let account = |dn: &str| SipAccount {
        dn: dn.to_owned(),
        user: format!("user-{dn}"),
        password: "s3cret".to_owned(),
    };
    let profile = |sip: Vec<SipAccount>| DeviceProfile {
        name: "desk".to_owned(),
        model: String::new(),
        lines: vec![line.clone()],
        speed_dials: vec![],
        sip,
    };
    let home = |profile: DeviceProfile| {
        let (user, call_server) = ("rak".to_owned(), String::new());
        PeerAnswer::LoggedIn(HomeConfiguration { user, profile, call_server, seconds_left: None })
    };
    let xml = answer(&with_pin(), &home(profile(vec![account("2"), account("1")])));
    assert!(!xml.contains("user-2"));
    assert_eq!(read_answer(&with_pin(), &xml), Ok(home(profile(vec![account("1")]))));
}
