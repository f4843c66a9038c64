//! Phones in the browser: what was pushed to them, until their pages have taken it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::UtcMillis;
use terms::phone_key;
use tokio::sync::watch;
use wire::phone::Priority;

/// Phones that are shown at a time, over all pages.
const MOST_PHONES: usize = 256;
/// Commands that wait for a page.
const MOST_COMMANDS: usize = 16;
/// The time after which a phone that no page asks about is shown no more, in milliseconds.
const UNUSED_MS: u64 = 60_000;

/// The phones that are shown.
pub struct Simulated {
    /// Whether phones are shown.
    pub is_on: bool,
    phones: Mutex<HashMap<String, Phone>>,
    changed: watch::Sender<u64>,
}

/// What is new about a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The number of the last change; later ones are greater.
    pub number: u64,
    /// Commands since, in order.
    pub commands: Vec<&'static str>,
}

struct Phone {
    /// The number of its last change.
    number: u64,
    commands: VecDeque<(u64, &'static str)>,
    asked: UtcMillis,
}

impl Simulated {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on, phones: Mutex::default(), changed: watch::channel(0).0 }
    }

    /// Told whenever something has changed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// What is new about a phone since a change; `None` when nothing is. A phone that was not asked about
    /// before has something new, unless too many are shown.
    pub fn news(&self, phone: &str, since: Option<u64>, now: UtcMillis) -> Option<News> {
        let key = phone_key(phone);
        let mut phones = self.phones();
        if !phones.contains_key(&key) {
            phones.retain(|_, phone| now.millis_since(phone.asked) < UNUSED_MS);
            if phones.len() >= MOST_PHONES {
                // The page shows the phone as it is, and hears no news of it.
                return since.is_none().then_some(News { number: 0, commands: Vec::new() });
            }
            // Numbers of an earlier process are smaller.
            let number = u64::try_from(now.0).unwrap_or_default();
            let commands = VecDeque::new();
            phones.insert(key.clone(), Phone { number, commands, asked: now });
            drop(phones);
            // Whoever tells phones has to begin.
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

    /// Something has changed at a phone, which obeys these commands. One that is used executes later what has to wait until it is idle; here
    /// that would do nothing.
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

    /// Something has changed that may concern every phone.
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
