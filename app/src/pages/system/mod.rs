//! Service parameters.

mod field;
mod follow;
mod help;
mod impact;
mod kept;
mod lists;
mod names;
mod news;
mod own_names;
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
