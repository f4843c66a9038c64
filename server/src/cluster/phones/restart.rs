//! Letting a phone read its configuration anew. Only the call server can: it alone knows the phone's
//! registration.

use std::time::Duration;

use engine::{Event, EventKind, PhoneDetail, ports::StoreError};
use terms::PhoneAddress;

use super::{
    queue::Message,
    unanswered::{Channel, Why},
};
use crate::cluster::{
    Cluster,
    call_server::{CallServer, Registration},
};

/// The time in which a phone reads its file once the call server has told it. It ends its call first.
const READ_PATIENCE: Duration = Duration::from_secs(10);
/// The age of a file below which its phone may be about to register. After it, one that is not registered is
/// off.
const REGISTERS_WITHIN: Duration = Duration::from_secs(30);
/// The pauses before a phone that is not registered, or a call server that does not answer, is asked again.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(4)];

/// The order to let a phone read its configuration anew.
#[derive(Debug)]
pub(super) struct Restart {
    /// The phone's name.
    phone: String,
    /// The number of the event that the configuration has to know of.
    event: u64,
    /// The device profile of the event: a phone may be registered under its number.
    profile: String,
}

impl Message for Restart {
    fn phone(&self) -> &str {
        &self.phone
    }

    fn merge(&mut self, later: Self) {
        // The profile stays: the phone is registered as it was before the first event.
        self.event = self.event.max(later.event);
    }
}

/// The restart that an event makes necessary.
pub(super) fn of(event: &Event) -> Option<Restart> {
    let (phone, profile) = match &event.kind {
        EventKind::LoggedIn(login) => (&login.phone, &login.profile),
        EventKind::LoggedOut(ended) => (&ended.phone, &ended.profile),
        _ => return None,
    };
    phone.cluster.is_empty().then(|| Restart {
        phone: phone.name.clone(),
        event: event.number,
        profile: profile.clone(),
    })
}

/// Asks the call server until the phone has read its configuration, a few times at most; notes whether it
/// did. A phone that is not registered reads it when it starts.
pub(super) async fn run(cluster: &Cluster, server: &CallServer, restart: &Restart) {
    let (files, phone) = (&cluster.phones.files, restart.phone.as_str());
    let mut pauses = PAUSES.into_iter();
    let failed = loop {
        let asked = ask(cluster, server, restart).await;
        let pause = pauses.next();
        let patience = match asked {
            Ok(Asked::Nobody) => break None,
            Ok(Asked::Told) => READ_PATIENCE,
            Ok(Asked::NotThereYet) | Err(_) => pause.unwrap_or_default(),
        };
        if files.has_read(phone, restart.event, patience).await {
            break None;
        }
        if pause.is_none() {
            break match asked {
                Ok(Asked::Told) => Some(Why::NotRead),
                Ok(Asked::NotThereYet | Asked::Nobody) => None,
                Err(why) => Some(why),
            };
        }
    };
    if let Some(why) = failed {
        cluster.counters.restarts_failed.inc();
        tracing::info!(phone, ?why, "a phone did not read its configuration anew");
    }
    cluster.phones.unanswered.note(phone, Channel::CallServer, cluster.clock.now(), failed);
}

/// What came of it.
enum Asked {
    /// The call server tells the phone.
    Told,
    /// The phone is between two registrations.
    NotThereYet,
    /// Nobody has to be told: the phone has read its file, is off, or is at no address that was set.
    Nobody,
}

async fn ask(cluster: &Cluster, server: &CallServer, restart: &Restart) -> Result<Asked, Why> {
    let site = cluster.configuration.borrow().site.clone();
    let (url, host) = (site.call_server_rpc.as_str(), site.call_server.as_str());
    let read = cluster.phones.files.of(&restart.phone);
    let is_read = read.as_ref().is_some_and(|read| read.as_of >= restart.event);
    if url.is_empty() || host.is_empty() || is_read {
        return Ok(Asked::Nobody);
    }
    let store_failed = |error: StoreError| {
        tracing::error!(%error, "a phone could not be looked up");
        Why::Error
    };
    let found = cluster.store.phone_detail(&restart.phone).await.map_err(store_failed)?;
    let Some(detail) = found else { return Ok(Asked::Nobody) };
    let Some(set) = detail.phone.address.as_deref().and_then(PhoneAddress::parse) else {
        return Ok(Asked::Nobody);
    };
    let at = cluster.push_address(&detail.phone.name, detail.phone.address.as_deref());
    let numbers = match &read {
        Some(read) => read.number.iter().cloned().collect(),
        None => possible_numbers(cluster, &detail, &restart.profile).await.map_err(store_failed)?,
    };
    let server_failed = |error| {
        tracing::warn!(%error, "the call server could not be asked");
        Why::CallServer
    };
    let mut is_told = false;
    for number in &numbers {
        let all = server.registrations(url, number).await.map_err(server_failed)?;
        let is_its = |one: &&Registration| one.is_of(&detail.phone.name, &set, at);
        for one in all.iter().filter(is_its) {
            server.restart(url, host, (number, one)).await.map_err(server_failed)?;
            is_told = true;
        }
    }
    let is_starting = read.is_some_and(|read| read.is_newer_than(REGISTERS_WITHIN));
    Ok(match (is_told, is_starting) {
        (true, _) => Asked::Told,
        (false, true) => Asked::NotThereYet,
        (false, false) => Asked::Nobody,
    })
}

/// The numbers under which a phone may be registered whose file an earlier process gave: those of its own
/// first line, of the one that it has now, and of the device profile of a login.
async fn possible_numbers(
    cluster: &Cluster,
    detail: &PhoneDetail,
    profile: &str,
) -> Result<Vec<String>, StoreError> {
    let profile = cluster.store.device_profile(profile).await?;
    let lines = [Some(&detail.phone.lines), Some(&detail.effective.lines)].into_iter().flatten();
    let lines = lines.chain(profile.as_ref().map(|profile| &profile.lines));
    let mut numbers: Vec<_> =
        lines.filter_map(|lines| lines.first()).map(|line| line.dn.clone()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}
