//! Counts of refused requests: equal refusals of one minute share a row.

use std::{collections::HashMap, net::IpAddr};

use terms::{ActorKind, NotUnderstood, key, phone_key};

use crate::{Actor, EventKind, UtcMillis};

/// Rows that one IPv4 address or IPv6 /64 network may begin in a minute; a server that sends requests for
/// many phones has one address. Further refusals of the network are counted by code.
const ROWS_OF_NETWORK: usize = 200;
/// Rows that all networks together may begin in a minute. Further refusals are counted by code.
const ROWS_OF_MINUTE: usize = 1_000;
/// Rows that may wait for a store that can't write. A further refusal that would begin a row is lost.
const ROWS_WAITING: usize = 4_000;
/// Events about a row that are sent without delay, so that the first repetitions are visible at once.
const EVENTS_AT_ONCE: u32 = 3;
/// The shortest time between two later events about a row, in milliseconds.
const EVENT_EVERY_MS: u64 = 10_000;

/// Refused requests with the same code, user, phone and sender, of one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The number of the error.
    pub code: u16,
    /// The user id of the request; empty if the request has none.
    pub user: String,
    /// The phone of the request; empty if the request has none.
    pub phone: String,
    /// The sender, as authenticated or claimed.
    pub by: Actor,
    /// Why the last of the requests was not understood (error 1 only).
    pub why: Option<NotUnderstood>,
    /// When the first of the requests was refused.
    pub first: UtcMillis,
    /// When the last of the requests was refused.
    pub last: UtcMillis,
    /// The number of requests.
    pub times: u64,
}

impl Refusal {
    /// The minute of the row, counted from 1970.
    #[must_use]
    pub const fn minute(&self) -> i64 {
        self.first.0.div_euclid(60_000)
    }

    /// The event that reports `times` refusals of this row.
    pub(crate) fn event(&self, times: u64) -> EventKind {
        let Self { code, user, phone, by, why, .. } = self.clone();
        EventKind::Refused { user, phone, code, by, times, why }
    }
}

/// Refusals since a moment, by error number, the most frequent first.
pub type RefusalCounts = Vec<(u16, u64)>;

/// The key of a row: refusals with the same key are counted in one row. Names are stored as their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    minute: i64,
    code: u16,
    user: String,
    phone: String,
    kind: ActorKind,
    name: String,
    address: String,
}

impl Alike {
    fn of(refusal: &Refusal) -> Self {
        let Refusal { code, user, phone, by, .. } = refusal;
        Self {
            minute: refusal.minute(),
            code: *code,
            user: key(user),
            phone: phone_key(phone),
            kind: by.kind,
            name: key(&by.name),
            address: by.address.clone(),
        }
    }
}

/// A row, with the numbers of refusals that are not recorded yet.
#[derive(Debug)]
struct Counted {
    refusal: Refusal,
    /// The number of refusals that the store does not have.
    unsaved: u64,
    /// The number of refusals that no event has reported.
    untold: u64,
    /// The number of events about the row, and when the last event was recorded.
    events: u32,
    told: Option<UtcMillis>,
}

/// A row with the numbers of refusals to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRefusal {
    /// The row; its `times` is the number of refusals that the store does not have.
    pub refusal: Refusal,
    /// The number of refusals that an event reports; zero for no event.
    pub told: u64,
}

/// The counts of refusals until they are recorded.
///
/// Refusals can come as fast as a client sends requests, so the tally bounds the writes: a store gets each
/// row at most once for each [`RefusalTally::due`]; after the first `EVENTS_AT_ONCE` events about a row the
/// store gets one event every `EVENT_EVERY_MS`.
#[derive(Debug, Default)]
pub struct RefusalTally {
    rows: HashMap<Alike, Counted>,
    /// The latest minute, and the numbers of rows that were begun in that minute: by network, and in all.
    minute: i64,
    begun: HashMap<String, usize>,
    all_begun: usize,
    lost: u64,
}

impl RefusalTally {
    /// Counts a refusal.
    pub fn count(&mut self, refusal: Refusal) {
        if self.minute != refusal.minute() {
            self.minute = refusal.minute();
            self.begun.clear();
            self.all_begun = 0;
        }
        let alike = Alike::of(&refusal);
        if let Some(counted) = self.rows.get_mut(&alike) {
            return counted.add(refusal);
        }
        let refusal = self.bounded(refusal);
        let alike = Alike::of(&refusal);
        if let Some(counted) = self.rows.get_mut(&alike) {
            return counted.add(refusal);
        }
        if self.rows.len() >= ROWS_WAITING {
            self.lost += refusal.times;
            return;
        }
        *self.begun.entry(network(&refusal.by.address)).or_default() += 1;
        self.all_begun += 1;
        let times = refusal.times;
        let counted = Counted { refusal, unsaved: times, untold: times, events: 0, told: None };
        self.rows.insert(alike, counted);
    }

    /// Bounds a refusal that begins a row. Past `ROWS_OF_NETWORK` the refusal loses its names and keeps the
    /// network of its sender; past `ROWS_OF_MINUTE` the refusal loses names and address.
    fn bounded(&self, refusal: Refusal) -> Refusal {
        let network = network(&refusal.by.address);
        let of_network = self.begun.get(&network).copied().unwrap_or_default();
        let address = if self.all_begun >= ROWS_OF_MINUTE {
            String::new()
        } else if of_network >= ROWS_OF_NETWORK {
            network
        } else {
            return refusal;
        };
        let by = Actor { kind: refusal.by.kind, name: String::new(), address };
        Refusal { user: String::new(), phone: String::new(), by, ..refusal }
    }

    /// Whether all refusals are recorded.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.rows.values().all(|counted| counted.unsaved == 0 && counted.untold == 0)
    }

    /// Returns the rows to record at `now`; at the `end`, all rows that are not fully recorded.
    #[must_use]
    pub fn due(&self, now: UtcMillis, end: bool) -> Vec<DueRefusal> {
        let minute = now.0.div_euclid(60_000);
        let due = self.rows.iter().filter_map(|(alike, counted)| {
            let Counted { refusal, unsaved, untold, events, told } = counted;
            let tells = end
                || alike.minute != minute
                || *events < EVENTS_AT_ONCE
                || told.is_none_or(|told| now.millis_since(told) >= EVENT_EVERY_MS);
            let told = if tells { *untold } else { 0 };
            let refusal = Refusal { times: *unsaved, ..refusal.clone() };
            (*unsaved > 0 || told > 0).then_some(DueRefusal { refusal, told })
        });
        due.collect()
    }

    /// Notes that these refusals were recorded at `now`, and drops the fully recorded rows of other minutes.
    pub fn settle(&mut self, recorded: &[DueRefusal], now: UtcMillis) {
        for DueRefusal { refusal, told } in recorded {
            if let Some(counted) = self.rows.get_mut(&Alike::of(refusal)) {
                counted.unsaved = counted.unsaved.saturating_sub(refusal.times);
                counted.untold = counted.untold.saturating_sub(*told);
                if *told > 0 {
                    counted.events += 1;
                    counted.told = Some(now);
                }
            }
        }
        let minute = now.0.div_euclid(60_000);
        self.rows.retain(|alike, counted| {
            alike.minute == minute || counted.unsaved > 0 || counted.untold > 0
        });
    }

    /// Returns and resets the number of refusals that were lost because `ROWS_WAITING` rows were waiting.
    pub fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }
}

/// The network that counts as a single sender: the address itself for IPv4, the /64 network for IPv6.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

impl Counted {
    fn add(&mut self, more: Refusal) {
        let Refusal { why, first, last, times, .. } = more;
        self.refusal.first = self.refusal.first.min(first);
        self.refusal.last = self.refusal.last.max(last);
        if why.is_some() {
            self.refusal.why = why;
        }
        self.unsaved += times;
        self.untold += times;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000;

    fn refused(code: u16, phone: &str, address: &str, at: i64) -> Refusal {
        let at = UtcMillis(at);
        Refusal {
            code,
            user: String::new(),
            phone: phone.to_owned(),
            by: Actor::application_user("emproxy", address),
            why: None,
            first: at,
            last: at,
            times: 1,
        }
    }

    /// Records the due rows, and returns the numbers of saved refusals and of refusals in events.
    fn recorded(tally: &mut RefusalTally, now: i64) -> (u64, u64) {
        let due = tally.due(UtcMillis(now), false);
        tally.settle(&due, UtcMillis(now));
        due.iter().fold((0, 0), |(saved, told), due| (saved + due.refusal.times, told + due.told))
    }

    #[test]
    fn a_client_in_a_loop_is_one_row_a_minute_and_few_events() {
        let mut tally = RefusalTally::default();
        let (mut saved, mut told, mut events) = (0, 0, 0);
        for second in 0..60 {
            for _ in 0..1_400 {
                tally.count(refused(11, "SEP404", "192.0.2.1", second * SECOND));
            }
            let now = recorded(&mut tally, second * SECOND + 999);
            assert_eq!(now.0, 1_400, "saved each second");
            (saved, told) = (saved + now.0, told + now.1);
            events += u32::from(now.1 > 0);
        }
        let last = recorded(&mut tally, 60 * SECOND);
        assert_eq!((saved, told + last.1), (84_000, 84_000));
        assert!(tally.is_settled());
        assert_eq!(events, EVENTS_AT_ONCE + 5, "at 0, 1, 2, then 12, 22, 32, 42 and 52 s");
    }

    #[test]
    fn names_are_compared_without_case() {
        let mut tally = RefusalTally::default();
        tally.count(refused(18, "SEP00aa", "192.0.2.1", 0));
        tally.count(refused(18, "sep00AA", "192.0.2.1", 7));
        let due = tally.due(UtcMillis(8), false);
        assert_eq!(due.len(), 1);
        let Refusal { first, last, times, .. } = &due[0].refusal;
        assert_eq!((first.0, last.0, *times), (0, 7, 2));
    }

    #[test]
    fn an_address_with_many_names_leaves_room_for_others() {
        let mut tally = RefusalTally::default();
        for number in 0..5_000 {
            tally.count(refused(11, &format!("SEP{number}"), "192.0.2.66", 0));
        }
        tally.count(refused(25, "SEP1", "192.0.2.1", 0));
        let due = tally.due(UtcMillis(1), false);
        assert_eq!(due.len(), ROWS_OF_NETWORK + 2);
        assert_eq!(due.iter().map(|due| due.refusal.times).sum::<u64>(), 5_001);
        let unnamed = due.iter().find(|due| due.refusal.phone.is_empty()).unwrap();
        let told = (unnamed.refusal.by.address.as_str(), unnamed.refusal.times);
        assert_eq!(told, ("192.0.2.66", 4_800));
        assert!(due.iter().any(|due| due.refusal.code == 25 && due.refusal.phone == "SEP1"));
    }

    #[test]
    fn a_network_of_ipv6_is_one_sender_of_many_rows() {
        let mut tally = RefusalTally::default();
        for number in 0..5_000 {
            let address = format!("2001:db8::{number:x}");
            tally.count(refused(11, &format!("SEP{number}"), &address, 0));
        }
        tally.count(refused(25, "SEP1", "2001:db8:0:1::1", 0));
        let due = tally.due(UtcMillis(1), false);
        assert!(due.iter().any(|due| due.refusal.code == 25 && due.refusal.phone == "SEP1"));
    }

    #[test]
    fn many_addresses_share_a_bound() {
        let mut tally = RefusalTally::default();
        for number in 0..5_000 {
            tally.count(refused(11, "SEP1", &format!("192.0.2.{number}"), 0));
        }
        let due = tally.due(UtcMillis(1), false);
        assert_eq!(due.len(), ROWS_OF_MINUTE + 1);
        assert_eq!(due.iter().map(|due| due.refusal.times).sum::<u64>(), 5_000);
    }

    #[test]
    fn refusals_wait_for_a_store_that_can_not_write_up_to_a_bound() {
        let mut tally = RefusalTally::default();
        for minute in 0..6 {
            for number in 0..1_000 {
                let address = format!("192.0.2.{number}");
                tally.count(refused(26, "SEP1", &address, minute * 60_000));
            }
        }
        let (saved, told) = recorded(&mut tally, 6 * 60_000);
        assert_eq!((saved, told), (4_000, 4_000));
        assert_eq!((tally.take_lost(), tally.take_lost()), (2_000, 0));
        assert!(tally.rows.is_empty());
    }
}
