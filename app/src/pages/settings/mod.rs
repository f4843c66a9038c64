//! Settings: the retention, the pace of log-outs, and the settings of the program.

mod cuts;
mod kinds;
mod pace;
mod page;
mod program;
mod retention;
mod said;
mod typed;
mod zone;

pub use page::SettingsPage;
