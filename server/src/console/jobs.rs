//! Jobs that end logins.

use app::api::{JobView, Refused};
use engine::JobId;
use uuid::Uuid;

use super::{
    request::{ConsoleRequest, refused},
    views,
};
use crate::admin::Caller;

/// The most running jobs that a page shows; the other jobs wait for these anyway.
const JOBS: u32 = 8;

fn job_id(id: &str) -> Result<JobId, Refused> {
    id.parse::<Uuid>().map(JobId).map_err(|_| Refused::NotFound)
}

impl ConsoleRequest {
    pub(super) async fn job(&self, id: &str) -> Result<JobView, Refused> {
        let caller = self.caller().await?;
        let job = self.admin.job(&caller, job_id(id)?).await.map_err(refused)?;
        job.as_ref().map(views::job_view).ok_or(Refused::NotFound)
    }

    pub(super) async fn running_jobs(&self) -> Result<Vec<JobView>, Refused> {
        let caller = self.caller().await?;
        self.jobs(&caller).await
    }

    /// The jobs that run now.
    pub(super) async fn jobs(&self, caller: &Caller) -> Result<Vec<JobView>, Refused> {
        let jobs = self.admin.running_jobs(caller, JOBS).await.map_err(refused)?;
        Ok(jobs.iter().map(views::job_view).collect())
    }

    pub(super) async fn cancel_job(&self, id: &str) -> Result<JobView, Refused> {
        let caller = self.caller().await?;
        let job = self.admin.cancel_log_outs(&caller, job_id(id)?).await;
        job.map_err(refused)?.as_ref().map(views::job_view).ok_or(Refused::NotFound)
    }
}
