//! The part of a programme about stays: this cluster is the home cluster of some stays and the visiting
//! cluster of others.

mod run;
mod step;
mod view;

pub use step::{StayRequest, StayStep, request, step};
pub use view::{of_model, of_node};
