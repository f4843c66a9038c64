//! The rules of Extension Mobility.
//!
//! [`decide`] is pure: its functions admit or refuse a request from facts that are read in one
//! transaction. The operations read those facts in a [`transaction`] and write the decision in the same
//! transaction, so the rules hold under any interleaving. The edges call [`Engine`]. This crate has no
//! SQL, no HTTP, no runtime and no clock: those are [`ports`].

mod decide;
pub mod ports;
pub mod transaction;

mod actor;
mod administrators;
mod applying;
mod audit;
mod configuration;
mod directory;
mod duration;
mod effective;
pub mod emcc;
mod error;
mod event;
mod facts;
mod foresee;
mod history;
mod identity;
mod job;
mod login;
mod operations;
mod records;
mod refusal;
mod refusal_list;
mod saved_view;
mod selection;
mod service;
mod stays;
mod time;
mod user_detail;

pub use actor::Actor;
pub use administrators::{
    Administrator, AdministratorChange, AdministratorError, add_administrator,
    change_administrator, remove_administrator, sign_out_everywhere,
};
pub use applying::{NotApplied, Progress, apply, differences};
pub use audit::{AuditPage, AuditQuery, AuditRow};
pub use configuration::{
    AppUser, AppUserEntry, Configuration, ConfigurationChange, Credentials, DeviceProfile,
    Difference, EmccKey, EmccKeys, EmccSettings, EmccSettingsChange, KeptSince, Line, LogOutJobs,
    LogOutRules, LogOutRulesChange, ParameterChange, ParameterConflict, ParameterSave,
    ParametersSaved, PastRetention, PastRows, Phone, PhoneEntry, PinProblem, PinRules,
    PinRulesChange, Pins, ProfileEntry, RemoteCluster, RemoteClusterEntry, Retention,
    RetentionChange, SipAccount, Site, SiteChange, SpeedDial, User, UserCredential, UserEntry,
    Version, WithAccounts,
};
pub use decide::NotAdmitted;
pub use directory::{
    AppUserFilter, DirectoryOrder, DirectoryPage, DirectoryQuery, ListedAppUser, ListedPhone,
    ListedProfile, ListedUser, PhoneFilter, ProfileFilter, UserFilter,
};
pub use duration::{LimitSource, RequestedDuration, effective_limit, inter_limit};
pub use effective::{
    ConfigurationCause, EffectiveConfiguration, FoundNames, FoundPhone, PhoneDetail, effective,
    effective_visit,
};
pub use emcc::{
    ClusterInfo, Farewell, HomeConfiguration, HomeLogin, Intent, NamedUser, PeerAnswer,
    PeerMessage, PeerRequest, PinCheck, PostedFarewell, ProfileChoice, StayEnd, StayRole, Stays,
    UserSecret,
};
pub use error::StoreError;
pub use event::{Event, EventKind, EventPage};
pub use facts::{Facts, PhoneFacts, UserFacts};
pub use foresee::{Foreseen, Impact, SeveralLogins, foresee, parameter_conflicts};
pub use history::{Cursor, HistoryPage, HistoryQuery};
pub use identity::{PhoneId, UserId};
pub use job::{Job, JobId, JobState, NewJob, Scope};
pub use login::{
    ActiveLoginPage, Admitted, EndedLogin, ListQuery, Login, LoginId, LoginOrder, LoginRequest,
    LogoutRequest, OpenCounts, PhoneStatus, ProfileRight, UserNumber, UserStatus,
};
pub use operations::{Ending, KeyChange, Learnt, Reached, end};
pub use records::{Edited, InUse, RecordEdit, Removed, StoredRecord, edit_record, remove_records};
pub use refusal::{DueRefusal, Refusal, RefusalCounts, RefusalTally};
pub use refusal_list::{RefusalPage, RefusalQuery, RefusalRow};
pub use saved_view::SavedView;
pub use selection::{LogOutTime, Selection};
pub use service::{
    Engine, cancel_job, change_pin, cluster_id, end_due, force_log_in, log_in, log_out,
    log_out_by_clock, make_job, make_job_at, record_refusals, save_parameters, step_job,
};
pub use stays::{
    acknowledged, answer_stays, change_keys, end_stays, give_up_intents, home_log_in, home_log_out,
    intend, learn, note, own_keys, settle, visiting_log_out,
};
pub use time::UtcMillis;
pub use user_detail::{
    UserDetail, UserDetailLimits, UserProfile, UserSettings, user_of_other_cluster,
};
