//! Notifying phones of changes. A phone gets pushes, over the network or in the browser. Through the call
//! server, a phone gets the order to read its configuration anew.

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
pub use seen::LastAddresses;
pub use simulated::{News, Simulated};
pub use unanswered::{NotTold, Unanswered};

use std::net::IpAddr;

use engine::ports::StoreError;
use terms::{ActorKind, PhoneAddress};

use super::{Claim, Cluster, PasswordError, Verdict};

/// The port on which phones take pushes.
const PUSH_PORT: u16 = 80;

/// The settings of phone notification.
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

/// The state of phone notification in a cluster.
pub struct Phones {
    /// The addresses from which phones last sent a request.
    pub seen: LastAddresses,
    /// The configuration files that phones have read.
    pub files: FilesRead,
    /// Phones in the browser.
    pub simulated: Simulated,
    /// Phones that could not be notified.
    pub unanswered: Unanswered,
    push_port: u16,
}

impl Phones {
    /// Starts without knowledge of any phone.
    #[must_use]
    pub fn new(settings: PhoneSettings) -> Self {
        let PhoneSettings { push_port, simulates } = settings;
        Self {
            seen: LastAddresses::default(),
            files: FilesRead::default(),
            simulated: Simulated::new(simulates),
            unanswered: Unanswered::default(),
            push_port,
        }
    }
}

impl Cluster {
    /// The address for pushes to a phone. `set` is the address that an administrator set; where `set` is a
    /// network, the result is the address in it from which the phone last sent a request.
    #[must_use]
    pub fn push_address(&self, phone: &str, set: Option<&str>) -> Option<IpAddr> {
        let set = PhoneAddress::parse(set?)?;
        set.one().or_else(|| self.phones.seen.address(phone).filter(|seen| set.has(*seen)))
    }

    /// Notes the address of a phone's request, if the address is within `set`, which an administrator set.
    pub fn phone_is_at(&self, phone: &str, set: Option<&str>, from: IpAddr) {
        if set.and_then(PhoneAddress::parse).is_some_and(|set| set.has(from)) {
            self.phones.seen.note(phone, from);
        }
    }

    /// Whether a sender of pushes shows the credentials of the site. Phones ask that before they execute a
    /// push. Guesses are limited as for all secrets.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the check is not possible now.
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
        // A separate kind: failures here don't count for an application user of the same name.
        let claim = Claim { kind: ActorKind::Phone, name: user, hash, address, phone };
        let now = self.clock.now();
        let checked = self.secrets.check_kept(&*self.store, &claim, is_right, now).await;
        match checked {
            Ok(verdict) => Ok(verdict == Verdict::Right),
            Err(PasswordError::Busy | PasswordError::Hash(_)) => Err(StoreError::Busy),
        }
    }
}

/// Compares two secrets in a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    use sha2::{Digest, Sha256};
    let digest = |text: &str| -> [u8; 32] { Sha256::digest(text).into() };
    digest(one).iter().zip(digest(other)).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
