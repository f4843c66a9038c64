//! Ended logins, the audit, and refusals.

use app::api::{
    ARCHIVE_ROWS, ArchiveQuery, Audit, AuditLine, History, RefusalLine, Refusals, Refused,
};
use engine::{AuditQuery, HistoryQuery, RefusalQuery, RefusalRow, UtcMillis};
use terms::LoginFilter;

use super::{
    request::{ConsoleRequest, refused},
    views,
};

/// The query of the store for a page of the history.
pub(super) fn history_query(query: &ArchiveQuery, rows: u32) -> HistoryQuery {
    HistoryQuery {
        find: LoginFilter::texts(&query.find),
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
        find: LoginFilter::words(&query.find),
        by: query.by,
        since: query.since_ms.map(UtcMillis),
        before: query.before_ms.map(UtcMillis),
        offset: query.page.saturating_mul(rows),
        limit: rows,
    }
}

/// The query of the store for a page of refusals at `now`.
pub(super) fn refusal_query(query: &ArchiveQuery, now: UtcMillis, rows: u32) -> RefusalQuery {
    let recent = query.hours.map(|hours| now.0 - i64::from(hours) * HOUR_MS);
    RefusalQuery {
        find: LoginFilter::texts(&query.find),
        code: query.code,
        since: query.since_ms.max(recent).map(UtcMillis),
        before: query.before_ms.map(UtcMillis),
        offset: query.page.saturating_mul(rows),
        limit: rows,
    }
}

const HOUR_MS: i64 = 3_600_000;

/// A refusal as a line.
pub(super) fn refusal_line(row: RefusalRow) -> RefusalLine {
    let RefusalRow { refusal, held_by } = row;
    RefusalLine {
        last_ms: refusal.last.0,
        times: refusal.times,
        code: refusal.code,
        user: refusal.user,
        phone: refusal.phone,
        by: views::by(&refusal.by),
        why: refusal.why.as_ref().map(views::not_understood),
        held_by,
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

    pub(super) async fn refusals(&self, query: ArchiveQuery) -> Result<Refusals, Refused> {
        let caller = self.caller().await?;
        let query = refusal_query(&query, self.admin.now(), ARCHIVE_ROWS);
        let page = self.admin.refusals(&caller, &query).await.map_err(refused)?;
        let rows = page.rows.into_iter().map(refusal_line).collect();
        Ok(Refusals { rows, matching: page.matching })
    }
}
