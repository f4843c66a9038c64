//! A store in memory, for tests.
//! The model works as PostgreSQL will: a transaction locks the rows of its operation's user and phone, then
//! reads committed rows step by step, while other transactions proceed between the steps.
//!
//! The simulation of `engine` interleaves requests on the model and removes parts of it. The contract suite
//! of `store` runs one programme on a database and on the model, and compares both after each step. The
//! model keeps no sessions and no refusals.

mod administrators;
mod commit;
mod configuring;
mod locks;
mod memory;
mod part;
mod pause;
mod records;
mod seen;
mod state;
mod stays;
mod steps;
mod tables;
mod writes;

pub use commit::Committed;
pub use memory::Memory;
pub use part::Part;
pub use pause::pause;
pub use records::Record;
pub use state::State;
pub use tables::{Stored, StoredJob, Tables};
