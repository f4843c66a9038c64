//! The pages, one page a file.

pub mod account;
pub mod archive;
pub mod clusters;
pub mod device;
mod directory;
pub mod lazy;
pub mod not_found;
pub mod people;
pub mod settings;
pub mod simulator;
pub mod system;
pub mod trace;

/// Loads the parts of the program that show content which the server has rendered, apart from pages.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_parts_in_sight() {
    device::load_running_jobs_in_sight().await;
    device::load_strip_in_sight().await;
}
