//! Telling phones that something has changed at them: pushes, by the network and to phones in the
//! browser; and an order to the call server, at which they read their configuration anew.

mod commands;
mod deliver;
mod files_read;
mod missed;
mod queue;
mod restart;
mod run;
mod seen;
mod simulated;
mod unanswered;

pub use files_read::FilesRead;
pub(super) use run::run;
pub use seen::Seen;
pub use simulated::{News, Simulated};
pub use unanswered::{Unanswered, Why};

use std::net::IpAddr;

use engine::ports::StoreError;
use terms::{ActorKind, PhoneAddress};

use super::{Claim, Cluster, PasswordError, Verdict};

/// The port on which phones take pushes.
const PUSH_PORT: u16 = 80;

/// How phones are told.
#[derive(Clone, Copy, Debug)]
pub struct PhoneSettings {
    /// The port to which pushes are sent.
    pub push_port: u16,
    /// Whether phones in the browser are served.
    pub simulates: bool,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self { push_port: PUSH_PORT, simulates: false }
    }
}

/// Phones of a cluster, as far as they are told what happens.
pub struct Phones {
    /// The addresses from which phones last asked.
    pub seen: Seen,
    /// The configuration files that phones have read.
    pub files: FilesRead,
    /// Phones in the browser.
    pub simulated: Simulated,
    /// Phones that could not be told.
    pub unanswered: Unanswered,
    push_port: u16,
}

impl Phones {
    /// Nothing is known of any phone.
    #[must_use]
    pub fn new(settings: PhoneSettings) -> Self {
        let PhoneSettings { push_port, simulates } = settings;
        Self {
            seen: Seen::default(),
            files: FilesRead::default(),
            simulated: Simulated::new(simulates),
            unanswered: Unanswered::default(),
            push_port,
        }
    }
}

impl Cluster {
    /// The address to which pushes to a phone go: `set`, which an administrator set; where that is a network,
    /// the one in it from which the phone last asked.
    #[must_use]
    pub fn push_address(&self, phone: &str, set: Option<&str>) -> Option<IpAddr> {
        let set = PhoneAddress::parse(set?)?;
        set.one().or_else(|| self.phones.seen.address(phone).filter(|seen| set.has(*seen)))
    }

    /// Notes from where a phone asks, if it may be there: `set` is the address that an administrator set.
    pub fn phone_is_at(&self, phone: &str, set: Option<&str>, from: IpAddr) {
        if set.and_then(PhoneAddress::parse).is_some_and(|set| set.has(from)) {
            self.phones.seen.note(phone, from);
        }
    }

    /// Whether somebody who pushes to a phone shows the credentials of the site. Phones ask that before
    /// they obey. Guesses are limited as all are.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when it can't be said now.
    pub async fn authorizes_push(
        &self,
        user: &str,
        password: &str,
        (address, phone): (&str, &str),
    ) -> Result<bool, StoreError> {
        let site = self.configuration.borrow().site.clone();
        if site.push_user.is_empty() {
            return Ok(false);
        }
        let is_right = terms::key(user) == terms::key(&site.push_user)
            && is_same(password, &site.push_password);
        let hash = Some(site.push_password.as_str());
        // Of a kind of its own: failures here say nothing of an application user of the same name.
        let claim = Claim { kind: ActorKind::Phone, name: user, hash, address, phone };
        let now = self.clock.now();
        let checked = self.secrets.check_kept(&*self.store, &claim, is_right, now).await;
        match checked {
            Ok(verdict) => Ok(verdict == Verdict::Right),
            Err(PasswordError::Busy | PasswordError::Hash(_)) => Err(StoreError::Busy),
        }
    }
}

/// Compares two secrets in a time that says nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    use sha2::{Digest, Sha256};
    let digest = |text: &str| -> [u8; 32] { Sha256::digest(text).into() };
    digest(one).iter().zip(digest(other)).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
