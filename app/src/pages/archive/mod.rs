//! What is looked back at.

mod audit;
mod history;
mod query;

pub use audit::AuditPage;
pub use history::HistoryPage;
