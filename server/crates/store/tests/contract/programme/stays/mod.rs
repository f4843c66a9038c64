//! The part of a programme that is about stays: this cluster is home to some and the visiting cluster of
//! others.

mod run;
mod step;
mod view;

pub use step::{StayRequest, StayStep, request, step};
pub use view::{of_model, of_node};
