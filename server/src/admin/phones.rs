//! Phones: whether they are notified of log-ins and log-outs, and phones in the browser.

use engine::{FoundPhone, Phone, PhoneDetail, UtcMillis};
use terms::{LogOutAt, Role};

use super::{Admin, AdminError, Caller};
use crate::cluster::{News, NotTold};

/// Whether a phone is notified of log-ins and log-outs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// No phone is notified: the site has neither a user for pushes nor a call server that can be asked.
    NotSetUp,
    /// The phone's address is unknown.
    NoAddress,
    /// The phone is notified.
    Yes,
    /// The last notification of the phone failed.
    Failed(UtcMillis, NotTold),
}

impl Admin {
    /// Whether a phone is notified of log-ins and log-outs.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn told(&self, caller: &Caller, phone: &Phone) -> Result<Told, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        if let Some((at, why)) = cluster.phones.unanswered.of(&phone.name) {
            return Ok(Told::Failed(at, why));
        }
        let is_set_up = {
            let site = &cluster.configuration.borrow().site;
            !site.push_user.is_empty() || !site.call_server_rpc.is_empty()
        };
        if !is_set_up {
            return Ok(Told::NotSetUp);
        }
        let is_known = cluster.push_address(&phone.name, phone.address.as_deref()).is_some();
        Ok(if is_known { Told::Yes } else { Told::NoAddress })
    }

    /// The time of the day and the minutes without use after which a phone's user is logged out, and the zone of the
    /// time (IANA name; empty for the zone of the machine). Zero minutes are never.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn log_out_rules(
        &self,
        caller: &Caller,
        phone: &Phone,
    ) -> Result<(LogOutAt, u32, String), AdminError> {
        // From the store: the copy in memory may lag behind the event that made a page read anew.
        let configuration = self.gate.open(caller, Role::Viewer)?.store.configuration().await?;
        let (rules, zone) = (&configuration.log_out_rules, &configuration.site.time_zone);
        Ok((phone.log_out_at(rules), phone.idle_minutes(rules), zone.clone()))
    }

    /// The phones whose last notification failed, the latest failure first.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn unanswered_phones(
        &self,
        caller: &Caller,
    ) -> Result<Vec<(String, UtcMillis)>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.phones.unanswered.last())
    }

    /// Writes the caller's action at a phone in the browser to the audit.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn note_use_of_phone(
        &self,
        caller: &Caller,
        phone: &str,
        what: String,
    ) -> Result<(), AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let (by, now) = (caller.actor().clone(), cluster.clock.now());
        let subject = format!("phone {phone}");
        Ok(cluster.store.note(by, "use_phone", subject, what, now).await?)
    }

    /// Whether phones in the browser are served.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn simulates_phones(&self, caller: &Caller) -> Result<bool, AdminError> {
        Ok(self.gate.open(caller, Role::Operator)?.phones.simulated.is_on)
    }

    /// Phones that match by name, model or description: at most `limit`, and the number of all matches.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn find_phones(
        &self,
        caller: &Caller,
        find: &str,
        limit: u32,
    ) -> Result<(Vec<FoundPhone>, u64), AdminError> {
        let store = &self.gate.open(caller, Role::Operator)?.store;
        Ok(store.find_phones(find, limit).await?)
    }

    /// Waits for a change of a phone in the browser after change number `since`.
    /// `None` when nothing changes within `patience`, or too many phones are shown.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub async fn phone_news(
        &self,
        caller: &Caller,
        phone: &str,
        since: Option<u64>,
        patience: std::time::Duration,
    ) -> Result<Option<News>, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let simulated = &cluster.phones.simulated;
        let (mut changes, mut stopping) = (simulated.changes(), cluster.stopping());
        let news = async {
            loop {
                let news = simulated.news(phone, since, cluster.clock.now());
                if news.is_some() {
                    return news;
                }
                tokio::select! {
                    more = changes.changed() => if more.is_err() { return None },
                    _ = stopping.wait_for(|stopping| *stopping) => return None,
                }
            }
        };
        Ok(tokio::time::timeout(patience, news).await.unwrap_or_default())
    }

    /// A phone in the browser.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn simulated_phone(
        &self,
        caller: &Caller,
        phone: &str,
    ) -> Result<Option<PhoneDetail>, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        if !cluster.phones.simulated.is_on {
            return Ok(None);
        }
        Ok(cluster.store.phone_detail(phone).await?)
    }

    /// The user and the password that pushes show to phones.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn push_credentials(&self, caller: &Caller) -> Result<(String, String), AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let site = &cluster.configuration.borrow().site;
        Ok((site.push_user.clone(), site.push_password.clone()))
    }

    /// The address of the log-in screen that the site sets for phones; empty where it sets none.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn service_url(&self, caller: &Caller) -> Result<String, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        Ok(cluster.configuration.borrow().site.service_url.clone())
    }
}
