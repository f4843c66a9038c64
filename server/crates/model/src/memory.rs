//! The store, which runs operations.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use engine::{
    Facts, StoreError, Version,
    transaction::{Names, Operation, Transactions},
};
use terms::{key, phone_key};

use super::{Part, State, Tables, locks::Locks, pause, steps::Steps, writes::Writes};

/// How many times an operation runs before the store gives up.
const RUNS: u32 = 1_000;

/// A store in memory. All clones share one state.
#[derive(Clone)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    missing: &'static [Part],
}

impl Memory {
    /// A store that holds `tables`.
    #[must_use]
    pub fn new(tables: Tables) -> Self {
        Self::without(&[], tables)
    }

    /// A store that holds `tables` and lacks the parts in `missing`.
    #[must_use]
    pub fn without(missing: &'static [Part], tables: Tables) -> Self {
        let state = State { tables, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), missing }
    }

    /// Locks the state. No transaction proceeds before the guard is dropped.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        !self.missing.contains(&part)
    }

    /// The committed facts about `names`.
    pub(crate) fn facts(&self, names: &Names) -> Facts {
        let facts = self.state().tables.facts(names);
        if self.has(Part::Version) { facts } else { Facts { version: Version(0), ..facts } }
    }

    /// Waits for the locks of the operation's user and phone, and takes all of them at once.
    async fn lock(&self, names: &Names) -> Locks {
        let user = names.user.as_ref();
        let phone = names.phone.as_ref();
        let user = user.map(|user| format!("user {} {}", user.cluster, key(&user.id)));
        let phone =
            phone.map(|phone| format!("phone {} {}", phone.cluster, phone_key(&phone.name)));
        let has_locks = self.has(Part::Locks);
        let keys = user.into_iter().chain(phone).filter(|_| has_locks);
        Locks::take(self, keys.collect()).await
    }
}

#[async_trait]
impl Transactions for Memory {
    async fn run(&self, mut operation: Box<dyn Operation>) -> Result<(), StoreError> {
        let names = operation.names();
        for _ in 0..RUNS {
            pause().await;
            let early = (!self.has(Part::ReadAfterLock)).then(|| self.facts(&names));
            let locks = self.lock(&names).await;
            let writes = Writes::default();
            let mut steps = Steps { store: self, names: &names, early, locks, writes };
            operation.run(&mut steps).await?;
            let Steps { locks, writes, .. } = steps;
            pause().await;
            let is_committed = self.state().commit(&writes, self.missing);
            drop(locks);
            if is_committed {
                pause().await;
                return Ok(());
            }
        }
        Err(StoreError::Failed(format!("an operation ran {RUNS} times")))
    }
}
