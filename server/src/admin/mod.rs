//! The administration of a cluster: everything that administrators and commands see and do. Each
//! operation takes a [`Caller`], whose role opens the [gate](caller) to what it works with.

mod administrators;
mod apply;
mod archive;
mod caller;
mod directory;
mod emcc_settings;
mod error;
mod file;
mod formula;
mod locks;
mod log_in;
mod log_outs;
mod logins;
mod own_certificate;
mod parameters;
mod phones;
mod program;
mod records;
mod refused_right;
mod remote_clusters;
mod retention;
mod running;
mod saved_views;
mod sign_in;
mod to_its_end;
mod trace;
mod users;

pub use administrators::{AdministratorSessions, Administrators, MIN_PASSWORD_CHARS};
pub use apply::{Applying, Progress};
pub(crate) use caller::{ADDRESS, ADMINISTRATOR, SIGNED_IN_MS};
pub use caller::{Caller, NotSignedIn};
pub use emcc_settings::EmccNeed;
pub use error::AdminError;
pub use file::{File, FileError, parse, read};
pub(crate) use formula::guarded;
pub use log_in::LogIn;
pub use log_outs::MAX_REASON_CHARS;
pub use own_certificate::{OwnCertificate, OwnCertificates, ShownCertificate};
pub use parameters::{EndNow, Saved};
pub use phones::Told;
pub use program::{ProgramSetting, ProgramSource};
pub use records::{
    FieldChange, Import, ImportCounts, ImportProgress, ImportRow, MAX_IMPORT_BYTES, Record,
    RecordError, RecordValues, Verdict,
};
pub use remote_clusters::{
    GivenCertificate, KnownCluster, RemoteClusterChange, RemoteClusterError, Tested,
};
pub use retention::{MAX_COUNTED_ROWS, RetentionCut};
pub use running::Admin;
pub use saved_views::SHARES_VIEWS;
pub use users::UserOverview;
