//! The administrators' queries beside the open logins, and the deletion of rows past their retention.

mod audit;
mod find;
mod history;
mod phone;
mod refusals;
mod retention;
mod table;
mod user;

pub(crate) use audit::{audit, walk_audit};
pub(crate) use find::find_names;
pub(crate) use history::{ended_on_phone, history, walk_history};
pub(crate) use phone::{find_phones, phone_detail, profile, with_accounts};
pub(crate) use refusals::{refusals, walk_refusals};
pub(crate) use retention::{forget, past_retention};
pub(crate) use user::user_detail;
