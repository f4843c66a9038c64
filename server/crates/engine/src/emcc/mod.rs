//! Extension Mobility Cross Cluster: a user of one cluster at a phone of another.
//!
//! The rules of both roles are pure functions. [`home`] decides in the cluster that owns the user,
//! [`visiting`] in the cluster that owns the phone; a [`Farewell`] is the message from one cluster to the
//! other when a stay ends. `docs/emcc.md` describes the messages, the states, and the handling of lost
//! messages.

pub mod home;
mod message;
mod stay;
pub mod visiting;

pub use message::{
    ClusterInfo, HomeConfiguration, HomeLogin, NamedUser, PeerAnswer, PeerMessage, PeerRequest,
    PinCheck, ProfileChoice, StayEnd, StayRole, Stays, UserSecret,
};
pub use stay::{Farewell, Intent, PostedFarewell};
