//! The pages' periodic reads: the state of a remote cluster causes no events.

use leptos::{prelude::*, task::spawn_local};
use leptos_use_interval_fn::use_interval_fn;

use crate::{api::Refused, components::Problem};

/// The interval between reads.
const READ_EVERY_MS: u64 = 3_000;

/// Keeps a value fresh.
#[derive(Clone, Copy)]
pub(super) struct Fresh {
    refused: RwSignal<Option<Refused>>,
    asked: StoredValue<Asked>,
}

/// Whether a read is waiting for its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    Waits,
    /// Reads again after the answer, because the answer may be from before a change.
    WaitsAndAgain,
}

impl Fresh {
    /// Keeps `shown` equal to the answers of `read`.
    pub(super) fn new<T, F>(
        shown: RwSignal<T>,
        read: impl Fn() -> F + Copy + Send + Sync + 'static,
    ) -> (Self, impl Fn() + Copy + Send + Sync + 'static)
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Refused>> + 'static,
    {
        let fresh = Self { refused: RwSignal::new(None), asked: StoredValue::new(Asked::Nothing) };
        let now = move || fresh.ask(shown, read);
        use_interval_fn(
            move || {
                // A slow server gets the next read only after its answer.
                if fresh.asked.try_get_value() == Some(Asked::Nothing) {
                    now();
                }
            },
            READ_EVERY_MS,
        );
        (fresh, now)
    }

    fn ask<T, F>(self, shown: RwSignal<T>, read: impl Fn() -> F + Copy + 'static)
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Refused>> + 'static,
    {
        match self.asked.try_get_value() {
            Some(Asked::Nothing) => self.asked.set_value(Asked::Waits),
            Some(_) => return self.asked.set_value(Asked::WaitsAndAgain),
            None => return,
        }
        spawn_local(async move {
            let answer = read().await;
            // The reader may have left the page.
            let Some(asked) = self.asked.try_get_value() else { return };
            self.asked.set_value(Asked::Nothing);
            match answer {
                Ok(now) => {
                    let _ = shown.try_set(now);
                    self.refused.maybe_update(|refused| refused.take().is_some());
                }
                Err(error) => {
                    let _ = self.refused.try_set(Some(error));
                }
            }
            if asked == Asked::WaitsAndAgain {
                self.ask(shown, read);
            }
        });
    }

    /// Why the last read failed, if the last read failed.
    pub(super) fn problem(self) -> impl Fn() -> Option<AnyView> + Copy + Send + Sync + 'static {
        move || self.refused.get().map(|refused| view! { <Problem refused/> }.into_any())
    }
}
