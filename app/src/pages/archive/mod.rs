//! Login History, Audit and Refusals.

mod audit;
mod day_field;
mod history;
mod locks;
mod query;
mod refusals;
mod retention;
mod subject;
mod unanswered;

pub use audit::AuditPage;
pub use history::HistoryPage;
pub use refusals::RefusalsPage;
