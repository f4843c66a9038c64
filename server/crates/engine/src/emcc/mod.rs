//! Extension Mobility Cross Cluster: a user of one cluster at a phone of another.
//!
//! The rules of both parts are pure. [`home`] decides in the cluster that owns the user, [`visiting`] in
//! the one that owns the phone; a [`Farewell`] is what one tells the other when a stay ends. `docs/emcc.md`
//! has the messages, the states, and what becomes of a message that is lost.

pub mod home;
mod message;
mod stay;
pub mod visiting;

pub use message::{
    ClusterInfo, HomeConfiguration, HomeLogin, NamedUser, PeerAnswer, PeerMessage, PeerRequest,
    PinCheck, ProfileChoice, Role, Shown, StayEnd, Stays,
};
pub use stay::{Farewell, Intent, PostedFarewell};
