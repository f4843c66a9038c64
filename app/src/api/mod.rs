//! The console's interface to the server: view types, a port, and server functions that only call the port.
//!
//! The server implements the port.

mod archive;
mod directory;
mod emcc_settings;
mod imports;
mod json;
mod locks;
mod log_in;
mod log_outs;
mod login_query;
mod logins;
#[cfg(feature = "ssr")]
mod palette;
mod parameter_history;
mod parameters;
mod people;
mod records;
mod remote_clusters;
mod session;
mod settings;
mod simulator;
mod trace;
mod users;

use std::fmt;

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use terms::{RecordKind, Role};

use json::{Json, JsonText};

pub use archive::{
    ARCHIVE_ROWS, ArchiveQuery, Audit, AuditLine, EndedRow, History, Labelled, NotTold, PhonePage,
    RefusalLine, Refusals, Told, VisitView, WhyShown, read_audit, read_history, read_phone,
    read_refusals,
};
pub use directory::{
    AppUserLine, DIRECTORY_ROWS, DirectoryFilter, DirectoryPage, DirectoryQuery, DirectoryRows,
    DirectorySort, PhoneLine, ProfileLine, UserLine, read_directory,
};
pub use emcc_settings::{EmccForm, EmccNeed, EmccSettings};
pub use imports::{
    ChangeImport, IMPORT_ROWS, ImportIntent, ImportPage, ImportRowView, ImportShow, ImportState,
    Verdict, import_url, read_import, read_import_anew,
};
pub use locks::{ClearLock, LockView, UnansweredPhone, clear_lock, read_locks, read_unanswered};
pub use log_in::{
    InTheWay, LogInAnswer, LogInAt, LogInOutcome, LogInWish, log_in_at, take_log_in_answer,
};
pub use log_outs::{
    CancelJob, Confirmed, JobView, LogOutLogins, LogOutOutcome, LogOutPreview, LogOutScope,
    NAMED_LOGINS, RefusedLogOut, TYPED_COUNT_FROM, cancel_job, log_out_logins, read_job,
    read_log_out_preview, read_running_jobs, take_refused_log_out,
};
pub use login_query::{LoginQuery, SortBy};
pub use logins::{
    ActiveLogins, By, Change, FEED_EVENTS, FromTab, Happened, LoginRow, MAX_SELECTED,
    NotUnderstoodView, OpenCounts, PAGE_ROWS, Tiles, ToTab, Writing, read_active_logins,
    read_active_logins_anew, read_phone_anew, read_tiles,
};
#[cfg(feature = "ssr")]
pub use palette::{FOUND_NAMES, Found, FoundName, Palette, find_names, read_palette};
pub use parameter_history::{
    ParameterChangeRow, ParameterHistory, ReturnParameter, Returned, read_parameter_history,
};
pub use parameters::{
    Answered, Conflict, FormPage, ImpactView, Intent, LastChange, ParameterPage, Preview, Save,
    SaveOutcome, SaveParameters, Shown, fingerprint, read_impact, read_parameters,
    read_parameters_anew,
};
pub use people::{
    AddFirstAdministrator, AdministratorPage, AdministratorRow, ChangeAdministrator,
    FirstAdministrator, NewPassword, PeopleAnswer, PeopleIntent, PeopleOutcome, SessionView,
    read_administrators, read_first_administrator,
};
pub use records::{
    ActOnRecords, ActOutcome, ActPreview, ActQuery, ActScope, EditRecord, MAX_ACTED, NAMED_RECORDS,
    RecordAct, RecordAnswer, RecordOutcome, RecordPage, RecordTexts, RecordView, UsedBy,
    read_act_preview, read_record, record_url,
};
pub use remote_clusters::{
    CertificateView, ChangeRemoteCluster, FAREWELLS_SHOWN, FarewellRow, LinkProblem, LinkView,
    OwnCertificateView, OwnCertificatesView, RemoteAnswer, RemoteCluster, RemoteClusterRow,
    RemoteClusters, RemoteForm, RemoteIntent, RemoteOutcome, RemoteSettings, RemoteWrong,
    read_remote_cluster, read_remote_cluster_anew, read_remote_clusters, read_remote_clusters_anew,
    take_remote_answer,
};
pub use session::{
    SignIn, SignInAnswer, SignInProblem, SignOut, local_path, own_role, take_sign_in_answer,
};
pub use settings::{
    Cut, Cuts, Deletion, KeptKind, ProgramRow, ProgramSource, RetentionDays, RetentionNow,
    SaveSettings, SettingsAnswer, SettingsForm, SettingsIntent, SettingsOutcome, SettingsPage,
    read_retention, read_settings,
};
pub use simulator::{
    OFFERED_PHONES, OfferedPhone, PhoneBody, PhoneField, PhoneKey, PhoneNews, PhoneScreen, Press,
    SimulatedPhone, SimulatorPage, press_key, read_phone_news, read_simulator,
};
pub use trace::{TRACE_RECORDS, TraceEnd, TraceQuery, TraceRecord, read_trace, read_trace_anew};
pub use users::{
    MaxLogin, OPEN_OF_USER, UserHome, UserLock, UserPage, UserSettings, read_user, read_user_anew,
};

/// The server functions that open pages call without the user; such calls do not count as use of the session.
#[cfg(feature = "ssr")]
pub const BY_ITSELF: [&str; 12] = [
    imports::ReadImportAnew::PATH,
    logins::ReadActiveLoginsAnew::PATH,
    logins::ReadPhoneAnew::PATH,
    logins::ReadTiles::PATH,
    log_outs::ReadJob::PATH,
    log_outs::ReadRunningJobs::PATH,
    parameters::ReadParametersAnew::PATH,
    remote_clusters::ReadRemoteClustersAnew::PATH,
    remote_clusters::ReadRemoteClusterAnew::PATH,
    simulator::ReadPhoneNews::PATH,
    trace::ReadTraceAnew::PATH,
    users::ReadUserAnew::PATH,
];

/// The server's implementation of the console for one request; the implementation knows the asker.
/// Each method checks that the asker is signed in and has a sufficient role.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Console: Send + Sync {
    /// Whether the request is a form without JavaScript, whose answer is a redirect.
    fn is_form(&self) -> bool;

    /// The last records of the trace; `None` if the trace has not grown since `grown`.
    async fn trace(&self, query: TraceQuery, grown: &str) -> Result<Option<TraceEnd>, Refused>;

    /// The role of the administrator who is signed in.
    async fn own_role(&self) -> Result<Role, Refused>;

    /// Signs in.
    /// A form without JavaScript reads the problem with [`Console::sign_in_answer`].
    async fn sign_in(&self, name: String, password: String) -> Result<(), SignInProblem>;

    /// The content of the sign-in page.
    /// The problem with a form is returned once.
    async fn sign_in_answer(&self) -> SignInAnswer;

    /// Ends the session.
    async fn sign_out(&self) -> Result<(), Refused>;

    /// One page of the open logins.
    async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused>;

    /// The numbers above the open logins.
    async fn tiles(&self) -> Result<Tiles, Refused>;

    /// The logins that a scope would end now.
    async fn log_out_preview(&self, scope: LogOutScope) -> Result<LogOutPreview, Refused>;

    /// Ends logins that an administrator has confirmed.
    async fn log_out(
        &self,
        scope: LogOutScope,
        reason: String,
        confirmed: Confirmed,
    ) -> Result<LogOutOutcome, Refused>;

    /// The answer to a form without JavaScript.
    /// The answer is returned once.
    async fn refused_log_out(&self, scope: LogOutScope) -> Result<Option<RefusedLogOut>, Refused>;

    /// Logs a user in at a phone, and returns the path of the phone's page.
    async fn log_in(&self, wish: LogInWish) -> Result<String, Refused>;

    /// The answer to the form on this phone's page.
    /// The answer is returned once.
    async fn log_in_answer(&self, phone: String) -> Result<Option<LogInAnswer>, Refused>;

    /// A job that ends logins.
    async fn job(&self, id: String) -> Result<JobView, Refused>;

    /// Jobs that end logins now.
    async fn running_jobs(&self) -> Result<Vec<JobView>, Refused>;

    /// Stops a job.
    async fn cancel_job(&self, id: String) -> Result<JobView, Refused>;

    /// The service parameters.
    async fn parameters(&self) -> Result<ParameterPage, Refused>;

    /// The service parameters, without the answer to a form.
    async fn parameters_anew(&self) -> Result<ParameterPage, Refused>;

    /// Saves service parameters, or returns the impact of the save first.
    async fn save_parameters(&self, save: Save) -> Result<SaveOutcome, Refused>;

    /// The impact that a save would have now.
    async fn impact(
        &self,
        typed: terms::saving::Typed,
        seen: terms::saving::Typed,
    ) -> Result<Preview, Refused>;

    /// A page of the history of the service parameters.
    async fn parameter_history(&self, page: u32) -> Result<ParameterHistory, Refused>;

    /// Restores the value before a change.
    async fn return_parameter(
        &self,
        number: u64,
        seen: String,
        shown: Shown,
        note: String,
    ) -> Result<Returned, Refused>;

    /// A page of ended logins.
    async fn history(&self, query: ArchiveQuery) -> Result<History, Refused>;

    /// A page of the audit.
    async fn audit(&self, query: ArchiveQuery) -> Result<Audit, Refused>;

    /// A page of refusals.
    async fn refusals(&self, query: ArchiveQuery) -> Result<Refusals, Refused>;

    /// The retention in force.
    async fn retention(&self) -> Result<RetentionNow, Refused>;

    /// The settings.
    async fn settings(&self) -> Result<SettingsPage, Refused>;

    /// Changes settings, or counts first what the change would delete.
    async fn save_settings(&self, form: SettingsForm) -> Result<SettingsOutcome, Refused>;

    /// A phone.
    async fn phone(&self, name: String) -> Result<Option<PhonePage>, Refused>;

    /// Users and phones by a part of a name.
    async fn find_names(&self, find: String) -> Result<Found, Refused>;

    /// A user.
    async fn user(&self, name: String) -> Result<Option<UserPage>, Refused>;

    /// A page of a list of users, phones, device profiles or application users.
    async fn directory(&self, query: DirectoryQuery) -> Result<DirectoryPage, Refused>;

    /// A record with the answer to its form; an empty name is a new record.
    async fn record(&self, kind: RecordKind, name: String) -> Result<RecordPage, Refused>;

    /// Adds or changes a record.
    async fn edit_record(
        &self,
        kind: RecordKind,
        name: String,
        values: RecordTexts,
        seen: RecordTexts,
    ) -> Result<RecordOutcome, Refused>;

    /// The import of the administrator who asks, with the rows to show.
    async fn import(&self, kind: RecordKind, show: ImportShow) -> Result<ImportPage, Refused>;

    /// Applies the rows of an import, or stops applying them.
    async fn change_import(&self, kind: RecordKind, intent: ImportIntent) -> Result<(), Refused>;

    /// The records of an act.
    async fn act_preview(&self, query: ActQuery) -> Result<ActPreview, Refused>;

    /// Acts on records.
    async fn act_on_records(
        &self,
        kind: RecordKind,
        act: RecordAct,
        names: Vec<String>,
        seen: UsedBy,
        count: String,
    ) -> Result<ActOutcome, Refused>;

    /// The names that are locked now.
    async fn locks(&self) -> Result<Vec<LockView>, Refused>;

    /// Ends a lock.
    async fn clear_lock(&self, kind: String, name: String, source: String) -> Result<(), Refused>;

    /// The phones that did not take their last push.
    async fn unanswered_phones(&self) -> Result<Vec<UnansweredPhone>, Refused>;

    /// Phones that can be simulated.
    async fn simulator(&self, find: String) -> Result<SimulatorPage, Refused>;

    /// The news of a simulated phone.
    /// The call waits for news.
    async fn phone_news(&self, phone: String, seen: String) -> Result<PhoneNews, Refused>;

    /// Requests an address as a phone would.
    async fn press(&self, press: Press) -> Result<PhoneScreen, Refused>;

    /// The remote clusters.
    async fn remote_clusters(&self) -> Result<RemoteClusters, Refused>;

    /// A remote cluster.
    async fn remote_cluster(&self, id: String) -> Result<RemoteCluster, Refused>;

    /// Changes or asks a remote cluster.
    async fn change_remote_cluster(&self, form: RemoteForm) -> Result<RemoteOutcome, Refused>;

    /// The answer to a form without JavaScript.
    /// The answer is returned once.
    async fn remote_answer(&self, page: String) -> Result<Option<RemoteAnswer>, Refused>;

    /// All administrators.
    async fn administrators(&self) -> Result<AdministratorPage, Refused>;

    /// Changes an administrator.
    async fn change_administrator(
        &self,
        intent: PeopleIntent,
        name: String,
        role: Option<Role>,
        passwords: NewPassword,
    ) -> Result<PeopleOutcome, Refused>;

    /// Adds the first administrator, and signs in.
    async fn add_first_administrator(
        &self,
        code: String,
        name: String,
        password: NewPassword,
    ) -> Result<PeopleOutcome, Refused>;

    /// The page of the one-time link of this code. The answer to its form is returned once.
    async fn first_administrator(&self, code: String) -> Result<FirstAdministrator, Refused>;
}

/// The console of the present request.
#[cfg(feature = "ssr")]
fn console() -> std::sync::Arc<dyn Console> {
    expect_context()
}

/// Why the server did not do what the console asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The asker's role does not allow it.
    NotAllowed,
    /// The requested object does not exist.
    NotFound,
    /// The server can't do the request now.
    Unavailable,
    /// The page is from another build than the server's.
    OtherBuild,
    /// The request did not arrive or was not understood.
    Transport(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("nobody is signed in"),
            Self::NotAllowed => f.write_str("this needs a higher role"),
            Self::NotFound => f.write_str("there is no such thing"),
            Self::Unavailable => f.write_str("the server can't do this now"),
            Self::OtherBuild => f.write_str("the page is of another build"),
            Self::Transport(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Refused {}

impl FromServerFnError for Refused {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Transport(error.to_string())
    }
}
