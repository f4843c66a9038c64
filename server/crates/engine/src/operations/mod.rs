//! Operations, one transaction each: an operation reads, decides, and writes the decision with its events
//! and audit. [`crate::decide`] decides about log-ins and log-outs.

mod administrators;
mod alarm;
mod apply;
mod change_pin;
mod clock;
mod cluster_id;
mod differences;
mod due;
mod edit;
mod emcc;
mod end;
mod jobs;
mod log_in;
mod log_out;
mod parameters;
mod refusals;
mod remove;
mod work;

pub(crate) use administrators::{
    AddAdministrator, ChangeAdministrator, RemoveAdministrator, SignOut,
};
pub(crate) use alarm::Note;
pub(crate) use apply::Apply;
pub(crate) use change_pin::ChangePin;
pub(crate) use clock::LogOutByClock;
pub use clock::Reached;
pub(crate) use cluster_id::ClusterId;
pub(crate) use due::EndDue;
pub(crate) use edit::Edit;
pub(crate) use emcc::{
    Acknowledged, AnswerStays, ChangeKeys, EndStays, GiveUpIntents, HomeLogIn, HomeLogOut, Intend,
    Learn, OwnKeys, Settle, VisitingLogOut,
};
pub use emcc::{KeyChange, Learnt};
pub use end::{Ending, end};
pub(crate) use jobs::{CancelJob, MakeJob, StepJob};
pub(crate) use log_in::{ForceLogIn, LogIn};
pub(crate) use log_out::LogOut;
pub(crate) use parameters::SaveParameters;
pub(crate) use refusals::RecordRefusals;
pub(crate) use remove::Remove;
pub(crate) use work::run;
