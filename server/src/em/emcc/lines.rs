//! The trace lines about stays, in the order and the words of the original. The names of the original's stored
//! procedures name steps here.

use engine::{
    Admitted, EndedLogin, Farewell, HomeLogin, Login, NamedUser, PeerAnswer, PeerMessage,
    PeerRequest, RemoteCluster, UserId, UserNumber, ports::PeerError,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use terms::{EndCause, ErrorCode, LoginType};
use wire::{
    answer, emcc,
    trace::{Entry, Shape},
};

use super::{Peer, VisitRequest};
use crate::{cluster::Cluster, em::Journal};

/// The original's time-out of a question to another cluster, in milliseconds, as its trace has it.
const CHECK_TIMEOUT: u32 = 120_000;
/// The original's time-out of a log-out message, in milliseconds.
const LOG_OUT_TIMEOUT: u32 = 0;
/// Characters that are percent-encoded in an address in a message.
const URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
/// The original's query for the phones at which a user is logged in.
const LOGGED_IN_DEVICES: &str = "SELECT decode(d.tkclass,249,emcd.devicename,d.name) name FROM Device d \
    left outer join emccdynamice emcd on d.pkid = emcd.fkdevice INNER JOIN extensionmobilitydynamic \
    emd ON d.pkid=emd.fkdevice AND emd.fkenduser= ? AND emd.logintime is NOT NULL AND \
    D.tkDeviceProfile=0 : parameter ";
/// The count of numbers in the original's line of counters.
const COUNTERS: usize = 15;

/// The head of a message of another cluster.
pub(super) fn received(journal: &mut Journal, peer: &Peer, message: &PeerMessage) {
    if let PeerRequest::HomeLogin(HomeLogin { log_out_url, .. }) = &message.request {
        let uri = utf8_percent_encode(log_out_url, URL);
        journal.say_unnumbered(Shape::EmUri, &[&uri]);
    }
    journal.say(Shape::TypeEmcc, &[]);
    journal.say(Shape::ParseComplete, &[]);
    journal.say(Shape::RemoteAddress, &[&peer.address]);
}

/// A question whether a user is one of this cluster.
pub(super) fn check_user(journal: &mut Journal, peer: &Peer, remote: u64, user: &str) {
    let cluster = &peer.cluster.id;
    journal.say(Shape::CheckUserRequest, &[&remote, cluster, &user]);
    journal.say(Shape::HomeCheckUser, &[&remote, cluster, &user]);
}

/// Whether the user is one of this cluster.
pub(super) fn user_checked(journal: &mut Journal, user: &str, is_own: bool) {
    local_user(journal, user, is_own);
}

/// A home login is asked for.
pub(super) fn home_login(journal: &mut Journal, peer: &Peer, remote: u64, request: &HomeLogin) {
    let HomeLogin { user, .. } = request;
    journal.say(Shape::HomeLogin, &[&remote, &peer.cluster.id, user]);
    journal.say(Shape::SecurityMode, &[&remote, &1, &0]);
    journal.say(Shape::AuthenticatePin, &[user]);
}

/// A PIN is to be checked for a log-in that the visiting cluster refuses.
pub(super) fn check_pin(journal: &mut Journal, user: &str) {
    journal.say(Shape::AuthenticatePin, &[&user]);
}

/// The PIN was right.
pub(super) fn authenticated_at_home(journal: &mut Journal, peer: &Peer, remote: u64, user: &str) {
    let RemoteCluster { id, url, .. } = &peer.cluster;
    journal.say(Shape::PerformHomeLogin, &[&remote, id, &user]);
    journal.say(Shape::ClusterPkid, &[id, id]);
    journal.say(Shape::ClusterHost, &[&host(url)]);
    local_user(journal, user, true);
}

/// A stay is admitted, after the logins that ended for it. `are_counted` says whether *Multiple Login Behavior*
/// counts the user's other logins.
pub(super) fn admitted_at_home(
    journal: &mut Journal,
    cluster: &Cluster,
    peer: &Peer,
    remote: u64,
    admitted: &Admitted,
    are_counted: bool,
) {
    let Admitted { login, ended, .. } = admitted;
    if are_counted {
        logged_in_devices(journal, &login.user.id);
    }
    for ended in ended {
        ended_for(journal, cluster, ended);
    }
    let Login { phone, user, .. } = login;
    let id = &peer.cluster.id;
    journal.say(Shape::HomeDeviceLogin, &[&remote, id, &phone.name]);
    journal.say(Shape::ComputeDuration, &[&phone.name, &true, &false, &-1]);
    journal.say_unnumbered(Shape::MaxLoginTime, &[&format!("'{}'", user.id)]);
    let seconds = login.until.map_or(0, |until| until.millis_since(login.from) / 1_000);
    journal.say_unnumbered(Shape::EffectiveDuration, &[&seconds]);
    journal.say(Shape::HomeProcedure, &[&remote, id, &""]);
    if seconds > 0 {
        journal.say(Shape::ScheduleLogout, &[&seconds]);
        journal.say(Shape::SetLogout, &[&phone.name, &seconds]);
    }
}

/// A login that ended because its user logs in elsewhere. The message to the cluster of its phone is traced on a
/// separate thread.
pub(in crate::em) fn ended_for(journal: &mut Journal, cluster: &Cluster, ended: &EndedLogin) {
    let name = &ended.phone.name;
    if ended.login_type == LoginType::Elsewhere && ended.cause == EndCause::AutoLogout {
        let number = journal.number();
        let url = cluster.remote_cluster(&ended.phone.cluster).map(|peer| peer.url);
        let url = url.unwrap_or_default();
        let message = Farewell::of_end(&open(ended), ended.cause).map(|farewell| PeerMessage {
            number,
            sender: cluster.id.clone(),
            request: farewell.request(),
        });
        let xml = message.map(|message| emcc::shown(&message)).unwrap_or_default();
        let entries = [
            Entry::new(Shape::LogoutSent, &[&number, &url]),
            Entry::new(Shape::DoLogout, &[&number]),
            Entry::new(Shape::VisitingLogoutXml, &[&number, &xml]),
            Entry::new(Shape::PostMessage, &[&number, &url, &LOG_OUT_TIMEOUT]),
        ];
        let thread = format!("Thread-{number}");
        cluster.trace.write_entries(&thread, cluster.clock.now(), &entries);
        journal.say(Shape::True, &[]);
    }
    journal.say(Shape::RemoveLogout, &[name]);
    journal.say(Shape::DeviceLogout, &[name]);
}

fn open(ended: &EndedLogin) -> Login {
    let EndedLogin {
        id,
        user,
        phone,
        model,
        description,
        profile,
        login_type,
        from,
        until,
        began_by: by,
        ..
    } = ended.clone();
    Login { id, user, phone, model, description, profile, login_type, from, until, by }
}

/// The phones at which the user is logged in are read.
pub(super) fn logged_in_devices(journal: &mut Journal, user: &str) {
    journal.say_unnumbered(Shape::UserPassed, &[&user]);
    let query = format!("{LOGGED_IN_DEVICES}( '{user}' )");
    journal.say_unnumbered(Shape::LoggedInDevices, &[&query]);
}

/// A message that is refused at home.
pub(super) fn refused_at_home(
    journal: &mut Journal,
    cluster: &Cluster,
    code: ErrorCode,
    millis: u64,
) {
    if code == ErrorCode::LoggedInElsewhere {
        journal.say(Shape::NotAllowed, &[]);
    }
    journal.say(Shape::EmccTime, &[&millis]);
    let text = format!("com.cisco.emservice.PolicyValidatorException: {}", emcc::error_text(code));
    journal.say(Shape::EmccError, &[&text]);
    counted(journal, cluster);
}

/// The look-up whether the user is one of this cluster.
fn local_user(journal: &mut Journal, user: &str, is_own: bool) {
    journal.say(Shape::IsLocalUser, &[&user]);
    journal.say_unnumbered(Shape::UserPassed, &[&user]);
    let sql = format!(
        "islocaluser FROM EndUser WHERE my_lower(userid)= my_lower(?) : parameter ('{user}')"
    );
    journal.say_unnumbered(Shape::LocalUserQuery, &[&sql]);
    if is_own {
        journal.say_unnumbered(Shape::Pkid, &[&""]);
        journal.say_unnumbered(Shape::LocalUserValue, &[&true]);
        journal.say_unnumbered(Shape::LocalUser, &[&true]);
    } else {
        journal.say_unnumbered(Shape::NoLocalUser, &[&user]);
    }
    journal.say(Shape::IsLocalUserReturned, &[&user]);
}

/// A user of another cluster wants to log in here.
pub(super) fn visit(journal: &mut Journal, request: &VisitRequest) {
    journal.say(Shape::TypeEmcc, &[]);
    journal.say(Shape::EmccLoginRequest, &[&named(&request.named)]);
}

/// The home cluster is looked for.
pub(super) fn find_home(journal: &mut Journal, user: &NamedUser) {
    journal.say(Shape::FindHome, &[&named(user)]);
}

/// A remote cluster was asked whether a user is its own. The question is traced on the cluster's own thread.
pub(super) fn asked_home(
    cluster: &Cluster,
    number: u64,
    peer: &RemoteCluster,
    answer: &Result<PeerAnswer, PeerError>,
) {
    let RemoteCluster { id, url, .. } = peer;
    let mut entries = vec![Entry::new(Shape::PostMessage, &[&number, url, &CHECK_TIMEOUT])];
    match answer {
        Ok(PeerAnswer::User(Some(user))) => entries.extend([
            Entry::new(Shape::ActualUser, &[&number, user]),
            Entry::new(Shape::HomeCluster, &[&number, user, url]),
        ]),
        Ok(PeerAnswer::Refused(code)) => {
            let text = emcc::error_text(*code);
            entries.push(Entry::new(Shape::ErrorResponse, &[&number, &code.number(), &text]));
        }
        Ok(_) => {}
        Err(_) => {
            let code = ErrorCode::NoResponse;
            let values: [&dyn std::fmt::Display; 3] = [&number, &code.number(), &code.text()];
            entries.push(Entry::new(Shape::ErrorResponse, &values));
        }
    }
    cluster.trace.write_entries(id, cluster.clock.now(), &entries);
}

/// The home cluster is found, and remembered.
pub(super) fn found_home(journal: &mut Journal, user: &UserId, url: &str) {
    journal.say(Shape::CacheUser, &[&user.id]);
    known_home(journal, user, url);
}

/// The home cluster is known.
pub(super) fn known_home(journal: &mut Journal, user: &UserId, url: &str) {
    journal.say(Shape::HomeUrl, &[&user.id, &url]);
}

/// A visit has begun.
pub(super) fn visiting(journal: &mut Journal, login: &Login, log_out_url: &str, call_server: &str) {
    let Login { user, phone, .. } = login;
    let name = &phone.name;
    journal.say(Shape::VisitingLogin, &[&user.id]);
    journal.say(Shape::VisitingDeviceLogin, &[name]);
    let (home, host) = (&user.cluster, host_alone(call_server));
    let sql = format!(
        "execute function visitingDeviceLogin('{name}', '{home}', '{log_out_url}', '{}', '{host}', 'null', \
         '{host}', 'null')",
        user.id
    );
    journal.say(Shape::VisitingQuery, &[&sql]);
    journal.say(Shape::True, &[]);
    journal.say(Shape::EmccResult, &[&format!("\n{}", answer::DONE)]);
}

/// The phone is read for the home cluster. The profile is known if the home cluster admitted the login.
pub(super) fn asked_for_login(journal: &mut Journal, phone: &str, profile: Option<&str>) {
    if let Some(profile) = profile {
        journal.say(Shape::EmccProfile, &[&profile]);
    }
    journal.say(Shape::LoginInfo, &[&phone]);
    let sql = format!("execute function getEmccLoginInfo('{phone}')");
    journal.say(Shape::LoginInfoQuery, &[&sql]);
    journal.say(Shape::LoginInfoResult, &[&""]);
}

/// A visit is refused, by this cluster or at home.
pub(super) fn refused_visit(
    journal: &mut Journal,
    cluster: &Cluster,
    code: ErrorCode,
    millis: u64,
) {
    let text = emcc::error_text(code);
    journal.say(Shape::ParseHomeLogin, &[]);
    journal.say(Shape::ErrorResponse, &[&code.number(), &text]);
    if code == ErrorCode::LoggedInElsewhere {
        journal.say(Shape::NotAllowed, &[]);
    }
    journal.say(Shape::EmccTime, &[&millis]);
    journal.say(Shape::EmccError, &[&format!("com.cisco.emservice.MyException: {text}")]);
    counted(journal, cluster);
}

/// The counters at the end of a request that failed.
/// No document says what each number means; these follow the order of the original's performance object, after the
/// number of the request.
fn counted(journal: &mut Journal, cluster: &Cluster) {
    let counters = &cluster.counters;
    journal.say(Shape::DecrementCounter, &[]);
    let in_progress = u64::try_from(counters.in_progress.get()).unwrap_or(0);
    let mut numbers = vec![
        journal.number(),
        counters.handled.get(),
        in_progress,
        counters.throttled.get(),
        counters.logins.get(),
        counters.logouts.get(),
        counters.attempted.get(),
        counters.emcc_messages.get(),
    ];
    numbers.resize(COUNTERS, 0);
    let text = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    journal.say(Shape::Numbers, &[&text]);
}

fn named(user: &NamedUser) -> &str {
    match user {
        NamedUser::Id(id) => id,
        NamedUser::Number(
            UserNumber::PrimaryExtension(number) | UserNumber::SelfServiceId(number),
        ) => number,
    }
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    host_alone(rest.split(['/', '?', '#']).next().unwrap_or_default())
}

/// A host without its port.
fn host_alone(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
