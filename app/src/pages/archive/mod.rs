//! Login History and Audit.

mod audit;
mod day_field;
mod history;
mod locks;
mod query;
mod retention;
mod unanswered;

pub use audit::AuditPage;
pub use history::HistoryPage;
