//! Letting a phone read its configuration anew. Only the call server can: it alone knows the phone's
//! registration.

use std::time::Duration;

use engine::{Event, EventKind, PhoneDetail, ports::StoreError};
use terms::PhoneAddress;
use tokio::time::timeout;

use super::{
    files_read::FileRead,
    queue::Message,
    unanswered::{Channel, Why},
};
use crate::cluster::{
    Cluster,
    call_server::{CallServer, Registration},
};

/// The time in which a phone reads its file once the call server has told it. It ends its call first.
const READ_PATIENCE: Duration = Duration::from_secs(10);
/// The age of a file below which its phone may be about to register. A phone that is not registered after it
/// is off.
const REGISTERS_WITHIN: Duration = Duration::from_secs(30);
/// The pause before the call server is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// The time in which the call server says all about a phone.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a phone is told, and how often the call server is asked in vain, before a later try.
const MOST_TRIES: u32 = 3;
/// Registrations of one phone that are told. There are several while earlier ones of it have not expired.
const MOST_REGISTRATIONS: usize = 8;

/// The order to let a phone read its configuration anew.
#[derive(Clone, Debug)]
pub(super) struct Restart {
    /// The phone's name.
    pub(super) phone: String,
    /// The number of the event that the configuration has to know of.
    event: u64,
    /// The device profile of the event: a phone may be registered under its number.
    profile: String,
    /// Whether the event is one of this process. An earlier process may have told the phone of others.
    is_new: bool,
    /// Whether the phone is of this cluster. One of another is registered here while a user of this cluster is there.
    is_own: bool,
}

impl Restart {
    /// The restart that an event makes necessary.
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

/// Asks the call server until the phone has read its configuration, a few times at most; notes whether it did.
/// True when that is to be tried again later.
pub(super) async fn run(cluster: &Cluster, server: &CallServer, restart: &Restart) -> bool {
    if !restart.is_own {
        return tell_elsewhere(cluster, server, restart).await.is_err();
    }
    let (files, phone) = (&cluster.phones.files, restart.phone.as_str());
    let (mut told, mut failed) = (0, 0);
    let (is_missed, why) = loop {
        let read = files.of(phone);
        let asked = timeout(ASK_TIMEOUT, step(cluster, server, restart, read.as_ref())).await;
        let patience = match asked.unwrap_or(Err(Why::CallServer)) {
            Ok(Step::Done) => break (false, None),
            Ok(Step::Off) => break (true, None),
            Ok(Step::Told) if told == MOST_TRIES => break (true, Some(Why::NotRead)),
            Ok(Step::Told) => {
                told += 1;
                READ_PATIENCE
            }
            Ok(Step::Starting) => PAUSE,
            Err(why) if failed == MOST_TRIES => break (true, Some(why)),
            Err(_) => {
                failed += 1;
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

/// How far a phone is.
enum Step {
    /// It has read its file, and is registered by none that is older.
    Done,
    /// It is told now.
    Told,
    /// It has read an older file a moment ago, and will register.
    Starting,
    /// It is not registered. It may be off, and read its file when it starts; or out of reach, and register
    /// as before.
    Off,
}

/// Sees how far a phone is, whose file was `read`, and tells it if it has to be.
async fn step(
    cluster: &Cluster,
    server: &CallServer,
    restart: &Restart,
    read: Option<&FileRead>,
) -> Result<Step, Why> {
    let site = cluster.configuration.borrow().site.clone();
    if site.call_server_rpc.is_empty() {
        return Ok(Step::Done);
    }
    let store_failed = |error: StoreError| {
        tracing::error!(%error, "a phone could not be looked up");
        Why::Error
    };
    let server_failed = |error| {
        tracing::debug!(%error, "the call server could not be asked");
        Why::CallServer
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
            // One whose file is current and whose number is not has not read that file: somebody else has.
            if is_current && number_now == Some(number.as_str()) {
                continue;
            }
            server.restart(&site, &number, registration).await.map_err(server_failed)?;
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

/// Lets a phone of another cluster read its file there: the stay of a user of this cluster has ended. Whether it does is
/// seen there.
async fn tell_elsewhere(
    cluster: &Cluster,
    server: &CallServer,
    restart: &Restart,
) -> Result<(), Why> {
    let site = cluster.configuration.borrow().site.clone();
    let profile = cluster.store.device_profile(&restart.profile).await.map_err(|_| Why::Error)?;
    let first = profile.and_then(|profile| profile.lines.into_iter().next());
    let Some(line) = first.filter(|_| !site.call_server_rpc.is_empty()) else { return Ok(()) };
    let failed = |error| {
        tracing::debug!(%error, "the call server could not be asked");
        Why::CallServer
    };
    let all = server.registrations(&site, &line.dn).await.map_err(failed)?;
    let its = all.iter().filter(|one| one.is_named(&restart.phone));
    for registration in its.take(MOST_REGISTRATIONS) {
        server.restart(&site, &line.dn, registration).await.map_err(failed)?;
    }
    Ok(())
}

/// The numbers under which a phone may be registered: those of the first lines of the file that it has read,
/// of its own, of what it is now, and of the device profile of the event.
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
