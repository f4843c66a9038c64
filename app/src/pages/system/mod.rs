//! Service parameters.

mod help;
mod impact;
mod lists;
mod parameter_history;
mod parameters;
mod row;
mod state;

pub use lists::{AllServersPage, ModifiedPage};
pub use parameter_history::ParameterHistoryPage;
pub use parameters::ParametersPage;
