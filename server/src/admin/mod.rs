//! What administrators can do: who may, then the operation with its actor. Console and command line
//! call this.

mod administrators;
mod apply;
mod caller;
mod file;
mod invitation;
mod log_outs;
mod parameters;
mod to_its_end;
mod upkeep;

pub use administrators::{Administrators, MIN_PASSWORD_CHARS, Seen};
pub use apply::{Applying, Progress};
pub use caller::{AdminError, Caller};
pub use file::{File, FileError, parse, read};
pub use invitation::Invitation;
pub use log_outs::{MAX_REASON_CHARS, begin_log_outs, cancel_log_outs};
pub use parameters::{EndNow, Saved, conflicts, foresee, save_parameters};
pub use upkeep::change_upkeep;
