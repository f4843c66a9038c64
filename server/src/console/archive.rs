//! Ended logins and the audit.

use app::api::{ARCHIVE_ROWS, ArchiveQuery, Audit, AuditLine, History, Refused};
use engine::{AuditQuery, HistoryQuery, UtcMillis};
use terms::LoginFilter;

use super::{
    request::{ConsoleRequest, refused},
    views,
};

/// The query of the store for a page of the history.
pub(super) fn history_query(query: &ArchiveQuery, rows: u32) -> HistoryQuery {
    HistoryQuery {
        find: LoginFilter::new(&query.find, None).needle(),
        cause: query.cause,
        since: query.since_ms.map(UtcMillis),
        before: query.before_ms.map(UtcMillis),
        offset: query.page.saturating_mul(rows),
        limit: rows,
    }
}

/// The query of the store for a page of the audit.
pub(super) fn audit_query(query: &ArchiveQuery, rows: u32) -> AuditQuery {
    AuditQuery {
        find: LoginFilter::new(&query.find, None).needle(),
        by: query.by,
        since: query.since_ms.map(UtcMillis),
        before: query.before_ms.map(UtcMillis),
        offset: query.page.saturating_mul(rows),
        limit: rows,
    }
}

impl ConsoleRequest {
    pub(super) async fn history(&self, query: ArchiveQuery) -> Result<History, Refused> {
        let caller = self.caller().await?;
        let query = history_query(&query, ARCHIVE_ROWS);
        let page = self.admin.history(&caller, &query).await.map_err(refused)?;
        let rows = page.rows.iter().map(views::ended_row).collect();
        Ok(History { rows, matching: page.matching })
    }

    pub(super) async fn audit(&self, query: ArchiveQuery) -> Result<Audit, Refused> {
        let caller = self.caller().await?;
        let query = audit_query(&query, ARCHIVE_ROWS);
        let page = self.admin.audit(&caller, &query).await.map_err(refused)?;
        let rows = page.rows.into_iter().map(|row| AuditLine {
            at_ms: row.at.0,
            by: views::by(&row.by),
            action: row.action,
            subject: row.subject,
            detail: row.detail,
        });
        Ok(Audit { rows: rows.collect(), matching: page.matching })
    }
}
