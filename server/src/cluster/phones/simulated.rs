//! Phones in the browser: pushed commands, until the phones' pages have taken them.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::UtcMillis;
use terms::phone_key;
use tokio::sync::watch;
use wire::phone::Priority;

/// The most phones that are shown at a time, over all pages.
const MOST_PHONES: usize = 256;
/// The most commands that wait for a page.
const MOST_COMMANDS: usize = 16;
/// The time after the last request of a page at which a phone is no longer shown, in milliseconds.
const UNUSED_MS: u64 = 60_000;

/// The phones that are shown.
pub struct Simulated {
    /// Whether phones are shown.
    pub is_on: bool,
    phones: Mutex<HashMap<String, Phone>>,
    changed: watch::Sender<u64>,
}

/// The changes of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The number of the last change; later changes have greater numbers.
    pub number: u64,
    /// The commands after the change that the page knows, in order.
    pub commands: Vec<&'static str>,
}

struct Phone {
    /// The number of the phone's last change.
    number: u64,
    commands: VecDeque<(u64, &'static str)>,
    asked: UtcMillis,
}

impl Simulated {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on, phones: Mutex::default(), changed: watch::channel(0).0 }
    }

    /// A receiver that is notified of every change.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The changes of a phone after the change `since`; `None` when there are none. A phone that no page
    /// asked about before has changes, unless too many phones are shown.
    pub fn news(&self, phone: &str, since: Option<u64>, now: UtcMillis) -> Option<News> {
        let key = phone_key(phone);
        let mut phones = self.phones();
        if !phones.contains_key(&key) {
            phones.retain(|_, phone| now.millis_since(phone.asked) < UNUSED_MS);
            if phones.len() >= MOST_PHONES {
                // The page shows the phone's current state, and gets no further changes.
                return since.is_none().then_some(News { number: 0, commands: Vec::new() });
            }
            // Numbers of an earlier process are smaller.
            let number = u64::try_from(now.0).unwrap_or_default();
            let commands = VecDeque::new();
            phones.insert(key.clone(), Phone { number, commands, asked: now });
            drop(phones);
            // The task that notifies phones has to begin.
            self.changed.send_modify(|changes| *changes += 1);
            phones = self.phones();
        }
        let phone = phones.get_mut(&key)?;
        phone.asked = now;
        if since == Some(phone.number) {
            return None;
        }
        let is_later = |number: u64| since.is_some_and(|since| number > since);
        let commands = phone.commands.iter().filter(|(number, _)| is_later(*number));
        let commands = commands.map(|(_, command)| *command).collect();
        Some(News { number: phone.number, commands })
    }

    /// Whether a page shows any phone.
    pub(super) fn is_used(&self, now: UtcMillis) -> bool {
        let mut phones = self.phones();
        phones.retain(|_, phone| now.millis_since(phone.asked) < UNUSED_MS);
        !phones.is_empty()
    }

    /// Notes a change at a phone, and the commands for the phone. Only commands with [`Priority::Now`]
    /// are kept: a phone in use executes a `WhenIdle` command later, and here such a command would have
    /// no effect.
    pub(super) fn push(&self, phone: &str, commands: &[(&'static str, Priority)]) {
        let mut phones = self.phones();
        let Some(phone) = phones.get_mut(&phone_key(phone)) else { return };
        phone.number += 1;
        let number = phone.number;
        let commands = commands.iter().filter(|(_, priority)| *priority == Priority::Now);
        phone.commands.extend(commands.map(|(command, _)| (number, *command)));
        let too_many = phone.commands.len().saturating_sub(MOST_COMMANDS);
        phone.commands.drain(..too_many);
        drop(phones);
        self.changed.send_modify(|changes| *changes += 1);
    }

    /// Notes a change that may concern every phone.
    pub(super) fn all_changed(&self) {
        for phone in self.phones().values_mut() {
            phone.number += 1;
        }
        self.changed.send_modify(|changes| *changes += 1);
    }

    fn phones(&self) -> MutexGuard<'_, HashMap<String, Phone>> {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_what_was_pushed_since_it_asked() {
        let simulated = Simulated::new(true);
        let now = UtcMillis(1_000);
        assert!(!simulated.is_used(now));
        simulated.push("SEP1", &[("lost", Priority::Now)]);
        let first = simulated.news("SEP1", None, now).unwrap();
        assert_eq!(first.commands, [""; 0], "nobody has looked before");
        assert_eq!(simulated.news("SEP1", Some(first.number), now), None);
        let commands = [("Init:Services", Priority::WhenIdle), ("Init:CallHistory", Priority::Now)];
        simulated.push("sep1", &commands);
        let news = simulated.news("SEP1", Some(first.number), now).unwrap();
        assert_eq!(news.commands, ["Init:CallHistory"]);
        assert_eq!(simulated.news("SEP1", Some(news.number), now), None);
        simulated.all_changed();
        assert!(simulated.news("SEP1", Some(news.number), now).unwrap().commands.is_empty());
        assert!(simulated.is_used(UtcMillis(60_999)) && !simulated.is_used(UtcMillis(61_000)));
    }

    #[test]
    fn phones_and_commands_that_wait_are_bounded() {
        let simulated = Simulated::new(true);
        let since = simulated.news("SEP0", None, UtcMillis(0)).unwrap().number;
        for phone in 1..MOST_PHONES {
            assert!(simulated.news(&format!("SEP{phone}"), None, UtcMillis(0)).is_some());
        }
        assert_eq!(simulated.news("SEPMORE", Some(0), UtcMillis(1)), None);
        let first = simulated.news("SEPMORE", None, UtcMillis(1)).unwrap();
        assert_eq!(first.number, 0, "what it is now is shown");
        for _ in 0..100 {
            simulated.push("SEP0", &[("Init:CallHistory", Priority::Now)]);
        }
        let news = simulated.news("SEP0", Some(since), UtcMillis(1)).unwrap();
        assert_eq!(news.commands.len(), MOST_COMMANDS);
        assert!(simulated.news("SEPMORE", None, UtcMillis(60_000)).is_some(), "others went");
    }
}
