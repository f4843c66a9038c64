//! Open logins, ended logins, jobs, phones, the audit.

use app::api::{
    ARCHIVE_ROWS, ActiveLogins, ArchiveQuery, Audit, AuditLine, FEED_EVENTS, History, JobView,
    LoginQuery, PAGE_ROWS, PhonePage, Refused, Tiles, WhyShown, Writing,
};
use engine::{AuditQuery, HistoryQuery, JobId, ListQuery, UtcMillis, Why, ports::StoreError};
use terms::{LoginFilter, Role};
use uuid::Uuid;

use super::{
    request::{ConsoleRequest, refused, store_refused},
    views,
};
use crate::admin;

/// The hour over which refusals are counted.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Ended logins on a phone's page.
const RECENT: u32 = 10;
/// Running jobs beside the page; the others wait for these anyway.
const JOBS: u32 = 8;
pub(super) fn filter(filter: &LoginFilter) -> LoginFilter {
    LoginFilter::new(&filter.find, filter.login_type)
}

fn job_id(id: &str) -> Result<JobId, Refused> {
    id.parse::<Uuid>().map(JobId).map_err(|_| Refused::NotFound)
}

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
    pub(super) async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused> {
        let may_end = self.caller().await?.role >= Role::Operator;
        let store = &self.cluster.store;
        let list = ListQuery {
            filter: filter(&query.filter),
            order: views::order(query.sort),
            offset: query.page.saturating_mul(PAGE_ROWS),
            limit: PAGE_ROWS,
        };
        let page = store.active_logins(&list).await.map_err(store_refused)?;
        let refused = self.refused_lately(page.as_of).await?;
        let feed = store.last_events(FEED_EVENTS).await.map_err(store_refused)?;
        let open = views::open_counts(page.open);
        Ok(ActiveLogins {
            rows: page.rows.iter().map(views::login_row).collect(),
            matching: page.matching,
            tiles: Tiles { open, refused, as_of: page.as_of, writing: self.writing() },
            jobs: self.jobs().await?,
            // What came after the page comes over the socket.
            feed: feed
                .iter()
                .filter(|event| event.number <= page.as_of)
                .map(views::happened)
                .collect(),
            as_of: page.as_of,
            now_ms: self.cluster.clock.now().0,
            may_end,
        })
    }

    pub(super) async fn tiles(&self) -> Result<Tiles, Refused> {
        self.caller().await?;
        let list = ListQuery::default();
        let page = self.cluster.store.active_logins(&list).await.map_err(store_refused)?;
        let refused = self.refused_lately(page.as_of).await?;
        let (open, writing) = (views::open_counts(page.open), self.writing());
        Ok(Tiles { open, refused, as_of: page.as_of, writing })
    }

    fn writing(&self) -> Writing {
        match self.cluster.problem() {
            None => Writing::Fine,
            Some(StoreError::Full) => Writing::NoRoom,
            Some(_) => Writing::Failing,
        }
    }

    /// As far as a page knows of events: its socket tells the rest.
    async fn refused_lately(&self, as_of: u64) -> Result<Vec<(u16, u64)>, Refused> {
        let since = UtcMillis(self.cluster.clock.now().0 - HOUR_MS);
        self.cluster.store.refusals_since(since, as_of).await.map_err(store_refused)
    }

    pub(super) async fn job(&self, id: &str) -> Result<JobView, Refused> {
        self.caller().await?;
        let job = self.cluster.store.job(job_id(id)?).await.map_err(store_refused)?;
        job.as_ref().map(views::job_view).ok_or(Refused::NotFound)
    }

    pub(super) async fn running_jobs(&self) -> Result<Vec<JobView>, Refused> {
        self.caller().await?;
        self.jobs().await
    }

    async fn jobs(&self) -> Result<Vec<JobView>, Refused> {
        let jobs = self.cluster.store.running_jobs(JOBS).await.map_err(store_refused)?;
        Ok(jobs.iter().map(views::job_view).collect())
    }

    pub(super) async fn cancel_job(&self, id: &str) -> Result<JobView, Refused> {
        let caller = self.caller().await?;
        let job = admin::cancel_log_outs(&self.cluster, &caller, job_id(id)?).await;
        job.map_err(refused)?.as_ref().map(views::job_view).ok_or(Refused::NotFound)
    }

    pub(super) async fn history(&self, query: ArchiveQuery) -> Result<History, Refused> {
        self.caller().await?;
        let query = history_query(&query, ARCHIVE_ROWS);
        let page = self.cluster.store.history(&query).await.map_err(store_refused)?;
        let rows = page.rows.iter().map(views::ended_row).collect();
        Ok(History { rows, matching: page.matching })
    }

    pub(super) async fn audit(&self, query: ArchiveQuery) -> Result<Audit, Refused> {
        self.caller().await?;
        let query = audit_query(&query, ARCHIVE_ROWS);
        let page = self.cluster.store.audit(&query).await.map_err(store_refused)?;
        let rows = page.rows.into_iter().map(|row| AuditLine {
            at_ms: row.at.0,
            by: views::by(&row.by),
            action: row.action,
            subject: row.subject,
            detail: row.detail,
        });
        Ok(Audit { rows: rows.collect(), matching: page.matching })
    }

    pub(super) async fn phone(&self, name: &str) -> Result<Option<PhonePage>, Refused> {
        let may_end = self.caller().await?.role >= Role::Operator;
        let store = &self.cluster.store;
        let Some(detail) = store.phone_detail(name).await.map_err(store_refused)? else {
            return Ok(None);
        };
        let recent = store.ended_on_phone(name, RECENT).await.map_err(store_refused)?;
        let engine::PhoneDetail { phone, login, effective, as_of } = detail;
        Ok(Some(PhonePage {
            name: phone.name,
            model: phone.model,
            description: phone.description,
            extension_mobility: phone.extension_mobility,
            address: phone.address,
            last_user: phone.last_user.map(|user| user.to_string()),
            lines: views::lines(&phone.lines),
            speed_dials: views::speed_dials(&phone.speed_dials),
            lines_now: views::lines(&effective.lines),
            speed_dials_now: views::speed_dials(&effective.speed_dials),
            why: match effective.why {
                Why::Own => WhyShown::Own,
                Why::Profile => WhyShown::Profile,
                Why::ProfileMissing => WhyShown::ProfileMissing,
            },
            login: login.as_ref().map(views::login_row),
            may_end,
            recent: recent.iter().map(views::ended_row).collect(),
            now_ms: self.cluster.clock.now().0,
            as_of,
        }))
    }
}
