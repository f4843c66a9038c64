//! Ended logins, the audit, refusals, and phones.

use engine::{
    AuditPage, AuditQuery, AuditRow, Cursor, EndedLogin, HistoryPage, HistoryQuery, PhoneDetail,
    RefusalPage, RefusalQuery, RefusalRow,
};
use terms::Role;

use super::{Admin, AdminError, Caller};

impl Admin {
    /// A page of ended logins.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn history(
        &self,
        caller: &Caller,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.history(query).await?)
    }

    /// Ended logins from a cursor on, or from the last that ended.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn walk_history(
        &self,
        caller: &Caller,
        query: &HistoryQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, EndedLogin)>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.walk_history(query, from).await?)
    }

    /// A page of the audit.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(
        &self,
        caller: &Caller,
        query: &AuditQuery,
    ) -> Result<AuditPage, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.audit(query).await?)
    }

    /// Lines of the audit from a cursor on, or from the latest.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn walk_audit(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, AuditRow)>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.walk_audit(query, from).await?)
    }

    /// A page of refusals.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refusals(
        &self,
        caller: &Caller,
        query: &RefusalQuery,
    ) -> Result<RefusalPage, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.refusals(query).await?)
    }

    /// Refusals from a cursor on, or from the latest.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn walk_refusals(
        &self,
        caller: &Caller,
        query: &RefusalQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, RefusalRow)>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.walk_refusals(query, from).await?)
    }

    /// A phone, with at most `recent` of the logins that ended there last.
    /// `None` when no phone has this name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn phone(
        &self,
        caller: &Caller,
        name: &str,
        recent: u32,
    ) -> Result<Option<(PhoneDetail, Vec<EndedLogin>)>, AdminError> {
        let store = &self.gate.open(caller, Role::Viewer)?.store;
        let Some(detail) = store.phone_detail(name).await? else { return Ok(None) };
        let ended = store.ended_on_phone(name, recent).await?;
        Ok(Some((detail, ended)))
    }
}
