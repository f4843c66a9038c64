//! A store in memory, for tests. It does what PostgreSQL will: it locks the rows of an operation's user
//! and phone, then reads what is committed, step by step, while others go on between the steps.
//!
//! The simulation of `engine` lets requests interleave on it, and takes parts of it away. The contract
//! suite of `store` runs one programme on a database and on it, and compares both after each step.
//! Sessions and refusals are not kept.

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
