//! Login History and Audit.

mod audit;
mod day_field;
mod history;
mod locks;
mod query;
mod unanswered;
mod upkeep;

pub use audit::AuditPage;
pub use history::HistoryPage;
