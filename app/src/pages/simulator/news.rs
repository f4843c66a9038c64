//! The news of a phone: one request waits for them at a time.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::state::Phone;
use crate::api::{PhoneNews, Refused, read_phone_news};

/// The wait before the next request: what happens together comes together.
const SOON: Duration = Duration::from_millis(100);
/// How often a page that nobody sees looks whether somebody does. It asks nothing meanwhile: a browser has
/// few connections, and other tabs need them.
const UNSEEN: Duration = Duration::from_millis(500);
/// The waits after requests that failed.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// Follows a phone from what was seen of it, as long as it stands on the page.
pub(super) fn follow(phone: Phone, seen: String) {
    let following =
        Following { phone, seen: StoredValue::new(seen), failures: StoredValue::new(0) };
    // At the server an effect does nothing.
    Effect::new(move |_| following.ask_in(SOON));
}

#[derive(Clone, Copy)]
struct Following {
    phone: Phone,
    seen: StoredValue<String>,
    failures: StoredValue<usize>,
}

impl Following {
    fn ask_in(self, wait: Duration) {
        set_timeout(move || self.ask(), wait);
    }

    fn ask(self) {
        // The phone may be gone by now.
        let Some(seen) = self.seen.try_get_value() else { return };
        if document().hidden() {
            return self.ask_in(UNSEEN);
        }
        let name = self.phone.name();
        spawn_local(async move {
            let answer = read_phone_news(name, seen).await;
            if self.seen.try_get_value().is_some() {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<PhoneNews, Refused>) {
        match answer {
            Ok(news) => {
                self.failures.set_value(0);
                self.is_lost(false);
                self.seen.set_value(news.seen.clone());
                let pushed = self.phone.take(news);
                self.phone.obey(&pushed);
                self.ask_in(SOON);
            }
            Err(Refused::Unavailable | Refused::Transport(_)) => {
                self.is_lost(true);
                // The next one is answered at once. A phone that was away misses what was pushed to it.
                self.seen.set_value(String::new());
                let failures = self.failures.get_value();
                self.failures.set_value(failures + 1);
                self.ask_in(AGAIN[failures.min(AGAIN.len() - 1)]);
            }
            Err(refused) => self.phone.refused.set(Some(refused)),
        }
    }

    fn is_lost(self, is_lost: bool) {
        if self.phone.is_lost.get_untracked() != is_lost {
            self.phone.is_lost.set(is_lost);
        }
    }
}
