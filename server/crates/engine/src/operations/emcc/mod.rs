//! Stays: users of one cluster at phones of another. [`crate::emcc`] decides.

mod farewells;
mod home;
mod reconcile;
mod visiting;

pub(crate) use farewells::Acknowledged;
pub(crate) use home::{HomeLogIn, HomeLogOut};
pub(crate) use reconcile::{AnswerStays, EndStays};
pub(crate) use visiting::{GiveUpIntents, Intend, Settle, VisitingLogOut};
