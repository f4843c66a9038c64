//! The news of the phones: the tab's socket names the phones with events, and each phone requests its news.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_use_interval_fn::use_interval_fn;

use super::state::Phone;
use crate::{
    api::{Happened, PhoneNews, Refused, read_phone_news},
    live::{Connection, Live, live},
};

/// The interval at which each phone requests its news without an event.
/// The server drops a phone for which it had no request for 60 s.
const KEEP_MS: u64 = 25_000;
/// The waits after failed requests; further failures use the last wait.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// The news of all phones on the page.
#[derive(Clone, Copy)]
pub(super) struct News {
    live: Live,
    phones: StoredValue<Vec<Following>>,
    /// Whether the socket waits for a snapshot.
    resyncs: StoredValue<bool>,
}

impl News {
    /// Listens while the page is open.
    pub fn new() -> Self {
        let phones = StoredValue::new(Vec::<Following>::new());
        let resyncs = StoredValue::new(true);
        let each = move || Following::all_of(phones);
        let live = live(
            move |changes| {
                let concerned = each().into_iter().filter(|one| one.is_concerned(&changes));
                concerned.for_each(Following::ask);
            },
            move || {
                resyncs.set_value(true);
                each().into_iter().for_each(Following::ask);
            },
        );
        let ask_all = move || each().into_iter().for_each(Following::ask);
        use_interval_fn(ask_all, KEEP_MS);
        // A restarted server does not know the phones; without a session, each phone shows the refusal.
        Effect::new(move |_| {
            if matches!(live.connection.get(), Connection::Live | Connection::SignedOut) {
                ask_all();
            }
        });
        Self { live, phones, resyncs }
    }

    /// Follows a phone from the snapshot, while the phone is on the page.
    pub fn follow(self, phone: Phone, snapshot: &PhoneNews) {
        let one = Following {
            news: self,
            phone,
            seen: StoredValue::new(snapshot.seen.clone()),
            asks: StoredValue::new(Asks::Not),
            failures: StoredValue::new(0),
        };
        self.phones.update_value(|phones| phones.push(one));
        if self.resyncs.get_value() {
            self.resyncs.set_value(false);
            self.live.resume(snapshot.as_of);
        } else {
            // The socket may be ahead of the snapshot. On the server an effect does nothing.
            Effect::new(move |_| one.ask());
        }
    }

    /// Whether the socket does not report events.
    pub fn is_lost(self) -> bool {
        matches!(
            self.live.connection.get(),
            Connection::Lost | Connection::Blocked | Connection::SignedOut
        )
    }

    /// Resumes the socket from a snapshot, if the socket waits for a snapshot.
    /// The phones then request the news up to the snapshot.
    fn resume(self, as_of: u64) {
        if self.resyncs.get_value() {
            self.resyncs.set_value(false);
            self.live.resume(as_of);
            Following::all_of(self.phones).into_iter().for_each(Following::ask);
        }
    }
}

/// The state of a phone's request for news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Not,
    Now,
    /// Once more after the present answer, because of a new event.
    Again,
    /// After a pause, because a request failed.
    Later,
}

/// A followed phone.
#[derive(Clone, Copy)]
struct Following {
    news: News,
    phone: Phone,
    seen: StoredValue<String>,
    asks: StoredValue<Asks>,
    failures: StoredValue<usize>,
}

impl Following {
    /// The phones that are still on the page.
    fn all_of(phones: StoredValue<Vec<Self>>) -> Vec<Self> {
        let stand = phones.try_update_value(|phones| {
            phones.retain(|one| one.seen.try_get_value().is_some());
            phones.clone()
        });
        stand.unwrap_or_default()
    }

    fn is_concerned(&self, changes: &[Happened]) -> bool {
        let concerns = |name: &str| changes.iter().any(|one| one.change.concerns(name));
        self.phone.now.try_with_untracked(|now| concerns(&now.name)) == Some(true)
    }

    fn ask(self) {
        // The phone may have left the page.
        let Some(asks) = self.asks.try_get_value() else { return };
        match asks {
            Asks::Not => {}
            Asks::Now | Asks::Again => return self.asks.set_value(Asks::Again),
            Asks::Later => return,
        }
        self.asks.set_value(Asks::Now);
        let (name, seen) = (self.phone.name(), self.seen.get_value());
        spawn_local(async move {
            let answer = read_phone_news(name, seen).await;
            if self.seen.try_get_value().is_some() {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<PhoneNews, Refused>) {
        let asks = self.asks.get_value();
        self.asks.set_value(Asks::Not);
        match answer {
            Ok(news) => {
                self.failures.set_value(0);
                self.refuse(None);
                self.seen.set_value(news.seen.clone());
                self.news.resume(news.as_of);
                let pushed = self.phone.take(news);
                self.phone.obey(&pushed);
                if asks == Asks::Again {
                    self.ask();
                }
            }
            Err(Refused::Unavailable | Refused::Transport(_)) => {
                // A phone that was away misses the commands that were pushed meanwhile.
                self.seen.set_value(String::new());
                let failures = self.failures.get_value();
                self.failures.set_value(failures + 1);
                self.asks.set_value(Asks::Later);
                let again = move || {
                    if self.asks.try_set_value(Asks::Not).is_none() {
                        self.ask();
                    }
                };
                set_timeout(again, AGAIN[failures.min(AGAIN.len() - 1)]);
            }
            Err(refused) => self.refuse(Some(refused)),
        }
    }

    /// Shows or clears the reason why the phone can't continue.
    fn refuse(self, refused: Option<Refused>) {
        if self.phone.refused.with_untracked(|before| *before != refused) {
            self.phone.refused.set(refused);
        }
    }
}
