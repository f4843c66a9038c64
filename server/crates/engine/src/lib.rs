//! The rules of Extension Mobility.
//!
//! [`decide`] is pure: from the facts of one moment and one request it says admit or refuse. The
//! store calls it inside the transaction in which it read those facts and applies what it says, so
//! the rules hold under any interleaving. [`Engine`] is what the edges call. There is no SQL, no
//! HTTP, no runtime and no clock in here: those are [`ports`].

pub mod decide;
pub mod ports;

mod actor;
mod configuration;
mod duration;
mod effective;
mod event;
mod history;
mod job;
mod login;
mod service;
mod time;

pub use actor::Actor;
pub use configuration::{
    AppUser, AppUserEntry, Configuration, ConfigurationChange, Credentials, Difference, Line,
    ParameterChange, ParameterConflict, ParameterSave, ParametersSaved, PhoneEntry, ProfileEntry,
    RemoteClusterEntry, SpeedDial, Upkeep, UpkeepChange, UserCredential, UserEntry, Version,
};
pub use duration::{LimitSource, RequestedDuration, effective_limit};
pub use effective::{DeviceProfile, EffectiveConfiguration, Phone, PhoneDetail, Why, effective};
pub use event::{Event, EventKind, EventPage};
pub use history::{
    AuditPage, AuditQuery, AuditRow, Cursor, HistoryPage, HistoryQuery, Impact, RefusalCounts,
};
pub use job::{Job, JobId, JobState, NewJob, Scope};
pub use login::{
    ActiveLoginPage, Admitted, EndedLogin, ListQuery, Login, LoginId, LoginOrder, LoginRequest,
    LogoutRequest, OpenCounts, PhoneStatus, ProfileRight, UserStatus,
};
pub use service::Engine;
pub use time::UtcMillis;
