//! Operations on stays: users of one cluster at phones of another. The rules are in [`crate::emcc`].

mod farewells;
mod home;
mod keys;
mod peers;
mod reconcile;
mod visiting;

pub(crate) use farewells::Acknowledged;
pub(crate) use home::{HomeLogIn, HomeLogOut};
pub use keys::KeyChange;
pub(crate) use keys::{ChangeKeys, OwnKeys};
pub(crate) use peers::Learn;
pub use peers::Learnt;
pub(crate) use reconcile::{AnswerStays, EndStays};
pub(crate) use visiting::{GiveUpIntents, Intend, Settle, VisitingLogOut};
