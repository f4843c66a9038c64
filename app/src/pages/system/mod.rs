//! Service parameters.

mod field;
mod help;
mod impact;
mod kept;
mod lists;
mod parameter_history;
mod parameters;
mod returned;
mod row;
mod state;
mod status;
mod theirs;
mod ticks;
mod toolbar;
mod unsaved;

pub use lists::ListsPage;
pub use parameters::ParametersPage;
