//! Phones and their logins.

mod active_logins;
mod beside;
mod clock;
mod connection;
mod ended;
mod feed;
mod feed_filter;
mod filter_strip;
mod job;
mod log_in;
mod log_out;
mod phone;
mod query;
mod reading;
mod refill;
mod rows;
mod running_jobs;
mod table;
mod tiles;
mod user;

pub use active_logins::ActiveLoginsPage;
pub use connection::ConnectionMark;
pub use job::JobPage;
pub(crate) use job::JobProgress;
pub use log_out::LogOutPage;
pub use phone::PhonePage;
pub(crate) use query::phone as phone_url;
pub use user::UserPage;
#[cfg(feature = "hydrate")]
pub(crate) use {filter_strip::load_strip_in_sight, running_jobs::load_running_jobs_in_sight};
