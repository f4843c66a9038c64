//! Restarts: a phone reads its configuration anew. Only the call server can trigger a restart: the call server alone
//! knows the phone's registration.

use std::time::Duration;

use engine::{Event, EventKind, PhoneDetail, ports::StoreError};
use terms::PhoneAddress;
use tokio::time::timeout;

use super::{
    files_read::FileRead,
    queue::Message,
    unanswered::{Channel, NotTold},
};
use crate::cluster::{
    Cluster,
    call_server::{CallServerClient, Registration},
};

/// The time in which a notified phone reads its file. A phone in a call ends the call first.
const READ_PATIENCE: Duration = Duration::from_secs(10);
/// The age of a file below which its phone may be about to register. A phone that is not registered after that time
/// is off.
const REGISTERS_WITHIN: Duration = Duration::from_secs(30);
/// The pause before the call server is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// The time for all requests to the call server about a phone.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a phone is notified, and how often the call server is asked in vain, before a later try.
const MOST_TRIES: u32 = 3;
/// The most registrations of one phone that are notified. A phone has several while earlier ones have not expired.
const MOST_REGISTRATIONS: usize = 8;

/// The order to make a phone read its configuration anew.
#[derive(Clone, Debug)]
pub(super) struct Restart {
    /// The phone's name.
    pub(super) phone: String,
    /// The number of the event that the configuration has to reflect.
    event: u64,
    /// The device profile of the event: a phone may be registered under the profile's number.
    profile: String,
    /// Whether the event is from the time of this process. An earlier process may have notified the phone of older
    /// events.
    is_new: bool,
    /// Whether the phone is of this cluster. A phone of another cluster is registered here during the stay of a user
    /// of this cluster.
    is_own: bool,
}

impl Restart {
    /// The restart that an event requires.
    pub(super) fn of(event: &Event, is_new: bool) -> Option<Self> {
        let (phone, profile, ends) = match &event.kind {
            EventKind::LoggedIn(login) => (&login.phone, &login.profile, false),
            EventKind::LoggedOut(ended) => (&ended.phone, &ended.profile, true),
            _ => return None,
        };
        let is_own = phone.cluster.is_empty();
        let (phone, profile) = (phone.name.clone(), profile.clone());
        let is_needed = is_own || ends;
        is_needed.then_some(Self { phone, event: event.number, profile, is_new, is_own })
    }
}

impl Message for Restart {
    fn phone(&self) -> &str {
        &self.phone
    }

    fn merge(&mut self, later: Self) {
        // The profile stays: the phone is registered as it was before the first event.
        self.event = self.event.max(later.event);
        self.is_new |= later.is_new;
    }
}

/// Notifies a phone through the call server until the phone has read its configuration or [`MOST_TRIES`] is used up;
/// notes the outcome. True when a later try is needed.
pub(super) async fn run(cluster: &Cluster, server: &CallServerClient, restart: &Restart) -> bool {
    if !restart.is_own {
        return tell_elsewhere(cluster, server, restart).await.is_err();
    }
    let (files, phone) = (&cluster.phones.files, restart.phone.as_str());
    let (mut told, mut failed) = (0, 0);
    let (is_missed, why) = loop {
        let read = files.of(phone);
        let asked =
            timeout(ASK_TIMEOUT, step(cluster, server, restart, read.as_ref(), told < MOST_TRIES));
        let asked = asked.await;
        let patience = match asked.unwrap_or(Err(NotTold::CallServer)) {
            Ok(Step::Done) => break (false, None),
            Ok(Step::Off) => break (true, None),
            Ok(Step::Told) if told == MOST_TRIES => break (true, Some(NotTold::NotRead)),
            Ok(Step::Told) => {
                told += 1;
                READ_PATIENCE
            }
            Ok(Step::Starting) => PAUSE,
            Err(why) => {
                failed += 1;
                if failed == MOST_TRIES {
                    break (true, Some(why));
                }
                PAUSE
            }
        };
        files.changed(phone, read.as_ref(), patience).await;
    };
    if let Some(why) = why {
        cluster.counters.restarts_failed.inc();
        tracing::info!(phone, ?why, "a phone did not read its configuration anew");
    }
    cluster.phones.unanswered.note(phone, Channel::CallServer, cluster.clock.now(), why);
    is_missed
}

/// The progress of a phone.
enum Step {
    /// The phone has read its file, and has no registration from an older file.
    Done,
    /// The phone has been notified now, or has to be.
    Told,
    /// The phone has read an older file a moment ago, and will register.
    Starting,
    /// The phone is not registered. A phone that is off reads its file when it starts; a phone that is out of reach
    /// registers as before.
    Off,
}

/// Determines the progress of a phone whose last file was `read`, and notifies the phone if necessary and if it
/// `may_tell`.
async fn step(
    cluster: &Cluster,
    server: &CallServerClient,
    restart: &Restart,
    read: Option<&FileRead>,
    may_tell: bool,
) -> Result<Step, NotTold> {
    let site = cluster.configuration.borrow().site.clone();
    if site.call_server_rpc.is_empty() {
        return Ok(Step::Done);
    }
    let store_failed = |error: StoreError| {
        tracing::error!(%error, "a phone could not be looked up");
        NotTold::Error
    };
    let server_failed = |error| {
        tracing::debug!(%error, "the call server could not be asked");
        NotTold::CallServer
    };
    let found = cluster.store.phone_detail(&restart.phone).await.map_err(store_failed)?;
    let Some(detail) = found else { return Ok(Step::Done) };
    let Some(set) = detail.phone.address.as_deref().and_then(PhoneAddress::parse) else {
        return Ok(Step::Done);
    };
    let at = cluster.push_address(&detail.phone.name, detail.phone.address.as_deref());
    let is_current = read.map_or(!restart.is_new, |read| read.as_of >= restart.event);
    let number_now = detail.effective.lines.first().map(|line| line.dn.as_str());
    let (mut is_registered, mut is_told) = (false, false);
    for number in numbers(cluster, &detail, restart, read).await.map_err(store_failed)? {
        let all = server.registrations(&site, &number).await.map_err(server_failed)?;
        let its = all.iter().filter(|one: &&Registration| one.is_of(&detail.phone.name, &set, at));
        for registration in its.take(MOST_REGISTRATIONS) {
            is_registered = true;
            // A registration under an old number in spite of a current file: another client has read the file, not
            // this phone.
            if is_current && number_now == Some(number.as_str()) {
                continue;
            }
            if may_tell {
                server.restart(&site, &number, registration).await.map_err(server_failed)?;
            }
            is_told = true;
        }
    }
    let is_done = is_current && (is_registered || read.is_some());
    let is_starting = read.is_some_and(|read| read.is_newer_than(REGISTERS_WITHIN));
    Ok(if is_told {
        Step::Told
    } else if is_done {
        Step::Done
    } else if is_starting {
        Step::Starting
    } else {
        Step::Off
    })
}

/// Makes a phone of another cluster read its file there: the stay of a user of this cluster has ended. The other
/// cluster observes whether the phone reads the file.
async fn tell_elsewhere(
    cluster: &Cluster,
    server: &CallServerClient,
    restart: &Restart,
) -> Result<(), NotTold> {
    let site = cluster.configuration.borrow().site.clone();
    let profile =
        cluster.store.device_profile(&restart.profile).await.map_err(|_| NotTold::Error)?;
    let first = profile.and_then(|profile| profile.lines.into_iter().next());
    let Some(line) = first.filter(|_| !site.call_server_rpc.is_empty()) else { return Ok(()) };
    let failed = |error| {
        tracing::debug!(%error, "the call server could not be asked");
        NotTold::CallServer
    };
    let all = server.registrations(&site, &line.dn).await.map_err(failed)?;
    let its = all.iter().filter(|one| one.is_named(&restart.phone));
    for registration in its.take(MOST_REGISTRATIONS) {
        server.restart(&site, &line.dn, registration).await.map_err(failed)?;
    }
    Ok(())
}

/// The numbers under which a phone may be registered: those of the first lines of the file that the phone
/// has read, of the phone itself, of its effective configuration, and of the event's device profile.
async fn numbers(
    cluster: &Cluster,
    detail: &PhoneDetail,
    restart: &Restart,
    read: Option<&FileRead>,
) -> Result<Vec<String>, StoreError> {
    let profile = cluster.store.device_profile(&restart.profile).await?;
    let lines = [&detail.phone.lines, &detail.effective.lines].into_iter();
    let lines = lines.chain(profile.as_ref().map(|profile| &profile.lines));
    let firsts = lines.filter_map(|lines| lines.first()).map(|line| &line.dn);
    let firsts = firsts.chain(read.and_then(|read| read.number.as_ref()));
    let mut numbers: Vec<_> = firsts.cloned().collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}
