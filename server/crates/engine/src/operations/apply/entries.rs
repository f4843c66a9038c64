//! Entries of each kind, and the changes that an entry makes to its row.

use serde::Serialize;
use terms::{EndCause, LogOutAt};

use super::{super::differences::Differences, LOG_OUT_AT};
use crate::{
    AppUser, AppUserEntry, DeviceProfile, Line, Phone, PhoneEntry, ProfileEntry, RemoteCluster,
    RemoteClusterEntry, SipAccount, StoreError, User, UserEntry, UtcMillis,
};

/// An entry that names a row to add or change.
pub(super) trait Entry: Send + Sync {
    /// The type of the row.
    type Row: Send + Sync;

    /// The name by which the store finds the row.
    fn name(&self) -> &str;

    /// The name of the row in a difference, for instance `user john`.
    fn what(&self) -> String;

    /// The name of a row.
    fn name_of(row: &Self::Row) -> &str;

    /// A new row of this name, with the default of each field that an entry may omit.
    fn new_row(name: &str) -> Self::Row;

    /// Sets the fields of a row to the values that the entry names.
    ///
    /// # Errors
    /// When a new row lacks a value that it needs.
    fn change(self, row: &mut Self::Row, is: &mut Comparison<'_>) -> Result<(), StoreError>;
}

/// Compares a row with the values that its entry names.
pub(super) struct Comparison<'a> {
    what: &'a str,
    is_new: bool,
    now: UtcMillis,
    pub(super) found: Differences,
    /// The cause that ends the logins of the user; rows of other kinds have no cause.
    pub(super) cause: Option<EndCause>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(what: &'a str, is_new: bool, now: UtcMillis) -> Self {
        let mut found = Differences::default();
        if is_new {
            found.added(what);
        }
        Self { what, is_new, now, found, cause: None }
    }

    /// Sets `value` to the named value; returns whether a field of an existing row has changed.
    fn value<T: PartialEq>(
        &mut self,
        field: &str,
        value: &mut T,
        named: Option<T>,
        shown: impl Fn(&T) -> String,
    ) -> bool {
        let Some(named) = named.filter(|named| named != value) else { return false };
        if !self.is_new {
            self.found.compare(self.what, field, &shown(value), &shown(&named));
        }
        *value = named;
        !self.is_new
    }

    fn text(&mut self, field: &str, value: &mut String, named: Option<String>) -> bool {
        self.value(field, value, named, String::clone)
    }

    fn flag(&mut self, field: &str, value: &mut bool, named: Option<bool>) -> bool {
        self.value(field, value, named, bool::to_string)
    }

    fn list<T: PartialEq + Serialize>(
        &mut self,
        field: &str,
        value: &mut Vec<T>,
        named: Option<Vec<T>>,
    ) {
        let shown = |list: &Vec<T>| serde_json::to_string(list).unwrap_or_default();
        self.value(field, value, named, shown);
    }

    /// Sets SIP accounts. Their difference shows no values, because accounts contain passwords.
    fn accounts(&mut self, value: &mut Vec<SipAccount>, named: Option<Vec<SipAccount>>) {
        let Some(named) = named.filter(|named| named != value) else { return };
        if !self.is_new {
            self.found.secret(self.what, "sip accounts");
        }
        *value = named;
    }

    /// Sets a secret, which a new row must have. Its difference does not show the value.
    fn secret(
        &mut self,
        field: &str,
        value: &mut String,
        named: Option<String>,
    ) -> Result<bool, StoreError> {
        let Some(named) = named else {
            let problem = || format!("{}: a new one needs a {field}", self.what);
            return if self.is_new { Err(StoreError::Invalid(problem())) } else { Ok(false) };
        };
        let is_other = !self.is_new && *value != named;
        if is_other {
            self.found.secret(self.what, field);
        }
        *value = named;
        Ok(is_other)
    }
}

impl Entry for AppUserEntry {
    type Row = AppUser;

    fn name(&self) -> &str {
        &self.id
    }

    fn what(&self) -> String {
        format!("application user {}", self.id)
    }

    fn name_of(row: &AppUser) -> &str {
        &row.id
    }

    fn new_row(id: &str) -> AppUser {
        AppUser { id: id.to_owned(), password_hash: String::new(), proxy: true }
    }

    fn change(self, row: &mut AppUser, is: &mut Comparison<'_>) -> Result<(), StoreError> {
        is.text("id", &mut row.id, Some(self.id));
        is.secret("password", &mut row.password_hash, self.password_hash)?;
        is.flag("proxy", &mut row.proxy, self.proxy);
        is.found.moves_on = !is.found.all.is_empty();
        Ok(())
    }
}

impl Entry for ProfileEntry {
    type Row = DeviceProfile;

    fn name(&self) -> &str {
        &self.name
    }

    fn what(&self) -> String {
        format!("device profile {}", self.name)
    }

    fn name_of(row: &DeviceProfile) -> &str {
        &row.name
    }

    fn new_row(name: &str) -> DeviceProfile {
        let (name, model) = (name.to_owned(), String::new());
        DeviceProfile { name, model, lines: Vec::new(), speed_dials: Vec::new(), sip: Vec::new() }
    }

    fn change(self, row: &mut DeviceProfile, is: &mut Comparison<'_>) -> Result<(), StoreError> {
        is.text("name", &mut row.name, Some(self.name));
        is.text("model", &mut row.model, self.model);
        let sip = self.sip.or_else(|| kept_accounts(&row.sip, self.lines.as_deref()));
        is.list("lines", &mut row.lines, self.lines);
        is.list("speed_dials", &mut row.speed_dials, self.speed_dials);
        is.accounts(&mut row.sip, sip);
        Ok(())
    }
}

impl Entry for UserEntry {
    type Row = User;

    fn name(&self) -> &str {
        &self.id
    }

    fn what(&self) -> String {
        format!("user {}", self.id)
    }

    fn name_of(row: &User) -> &str {
        &row.id
    }

    fn new_row(id: &str) -> User {
        User {
            id: id.to_owned(),
            pin_hash: String::new(),
            enabled: true,
            emcc: false,
            max_login_minutes: None,
            profiles: Vec::new(),
            primary_extension: String::new(),
            self_service_id: String::new(),
            pin_must_change: false,
            pin_history: Vec::new(),
        }
    }

    fn change(self, row: &mut User, is: &mut Comparison<'_>) -> Result<(), StoreError> {
        let is_respelled = is.text("id", &mut row.id, Some(self.id));
        let former = row.pin_hash.clone();
        let is_reset = is.secret("pin", &mut row.pin_hash, self.pin_hash)?;
        if is_reset {
            let hash = std::mem::replace(&mut row.pin_hash, former);
            row.replace_pin(hash);
        }
        is.flag("pin_must_change", &mut row.pin_must_change, self.pin_must_change);
        let is_other = is.flag("enabled", &mut row.enabled, self.enabled);
        let is_called_back = is.flag("emcc", &mut row.emcc, self.emcc) && !row.emcc;
        let shown = |minutes: &Option<u32>| minutes.map_or_else(String::new, |m| m.to_string());
        is.value("max_login_minutes", &mut row.max_login_minutes, self.max_login_minutes, shown);
        is.list("profiles", &mut row.profiles, self.profiles);
        is.text("primary_extension", &mut row.primary_extension, self.primary_extension);
        is.text("self_service_id", &mut row.self_service_id, self.self_service_id);
        is.found.moves_on = is_respelled || is_reset || is_other;
        is.cause = match (is_reset, is_other && !row.enabled) {
            (true, _) => Some(EndCause::PinReset),
            (false, true) => Some(EndCause::UserDisabled),
            (false, false) => is_called_back.then_some(EndCause::EmccDisabled),
        };
        Ok(())
    }
}

impl Entry for PhoneEntry {
    type Row = Phone;

    fn name(&self) -> &str {
        &self.name
    }

    fn what(&self) -> String {
        format!("phone {}", self.name)
    }

    fn name_of(row: &Phone) -> &str {
        &row.name
    }

    fn new_row(name: &str) -> Phone {
        Phone {
            name: name.to_owned(),
            model: String::new(),
            description: String::new(),
            extension_mobility: true,
            address: None,
            lines: Vec::new(),
            speed_dials: Vec::new(),
            sip: Vec::new(),
            log_out_at: None,
            log_out_since: UtcMillis::default(),
            idle_minutes: None,
            last_user: None,
        }
    }

    fn change(self, row: &mut Phone, is: &mut Comparison<'_>) -> Result<(), StoreError> {
        is.text("name", &mut row.name, Some(self.name));
        is.text("model", &mut row.model, self.model);
        is.flag("extension_mobility", &mut row.extension_mobility, self.extension_mobility);
        // An empty address removes the stored address.
        let address = self.address.map(|address| Some(address).filter(|text| !text.is_empty()));
        let shown = |address: &Option<String>| address.clone().unwrap_or_default();
        // Requests may come from the address, so a change needs a new version of the configuration.
        is.found.moves_on = is.value("address", &mut row.address, address, shown);
        let sip = self.sip.or_else(|| kept_accounts(&row.sip, self.lines.as_deref()));
        is.list("lines", &mut row.lines, self.lines);
        is.list("speed_dials", &mut row.speed_dials, self.speed_dials);
        is.accounts(&mut row.sip, sip);
        is.text("description", &mut row.description, self.description);
        let shown = |at: &Option<LogOutAt>| at.map_or_else(of_cluster, |at| at.to_string());
        // The timer reads the times of phones anew with each version of the configuration.
        if is.value(LOG_OUT_AT, &mut row.log_out_at, self.log_out_at, shown) {
            is.found.moves_on = true;
            row.log_out_since = is.now;
        }
        let shown = |minutes: &Option<u32>| minutes.map_or_else(of_cluster, |m| m.to_string());
        is.value("idle_minutes", &mut row.idle_minutes, self.idle_minutes, shown);
        Ok(())
    }
}

/// The accounts that are left when lines are named without accounts: an account never outlives its line.
fn kept_accounts(stored: &[SipAccount], lines: Option<&[Line]>) -> Option<Vec<SipAccount>> {
    let lines = lines?;
    let has_line = |account: &&SipAccount| lines.iter().any(|line| line.dn == account.dn);
    Some(stored.iter().filter(has_line).cloned().collect())
}

/// The value of a setting that a phone does not have itself.
fn of_cluster() -> String {
    "cluster".to_owned()
}

impl Entry for RemoteClusterEntry {
    type Row = RemoteCluster;

    fn name(&self) -> &str {
        &self.id
    }

    fn what(&self) -> String {
        format!("remote cluster {}", self.id)
    }

    fn name_of(row: &RemoteCluster) -> &str {
        &row.id
    }

    fn new_row(id: &str) -> RemoteCluster {
        RemoteCluster {
            id: id.to_owned(),
            url: String::new(),
            certificate: String::new(),
            description: String::new(),
            enabled: true,
            next_certificate: String::new(),
        }
    }

    fn change(self, row: &mut RemoteCluster, is: &mut Comparison<'_>) -> Result<(), StoreError> {
        is.text("url", &mut row.url, Some(self.url));
        if is.secret("certificate", &mut row.certificate, self.certificate)? {
            // The owner of the old key may have announced the next certificate: drop it.
            row.next_certificate.clear();
        }
        is.text("description", &mut row.description, self.description);
        is.flag("enabled", &mut row.enabled, self.enabled);
        if is.is_new && !row.enabled {
            is.found.compare(is.what, "enabled", "true", "false");
        }
        is.found.moves_on = !is.found.all.is_empty();
        Ok(())
    }
}
