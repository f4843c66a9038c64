//! The vocabulary of Sojourn: service parameters and their validation, multiple-login behaviours,
//! error codes, causes, and the login filter.
//!
//! A leaf crate: all other crates depend on `terms`, and `terms` depends on none of them. The crate compiles
//! for the browser too, so that browser and server share every name, code and check.

mod alarm;
mod behavior;
mod cause;
mod clock_time;
mod error_code;
mod filter;
mod language;
mod login_time;
mod login_type;
mod model;
mod name;
mod named;
mod not_understood;
mod note;
mod parameter;
mod parameters;
mod people;
mod phone_address;
mod phone_text;
mod record;
mod release;
pub mod saving;
mod trace_level;
mod trace_log;
mod trusted;

pub use alarm::Alarm;
pub use behavior::MultipleLoginBehavior;
pub use cause::EndCause;
pub use clock_time::{ClockTime, ClockTimeError, LogOutAt};
pub use error_code::{ErrorCode, Occurs};
pub use filter::{
    Comparison, FilterTerm, LoginCondition, LoginField, LoginFilter, LoginTexts, SoughtText,
    TimeField, typed_value,
};
pub use language::Language;
pub use login_time::{LoginTime, LoginTimeError, MAX_LOGIN_TIME_MINUTES};
pub use login_type::LoginType;
pub use model::{button_count, model_number};
pub use name::{key, phone_key};
pub use named::Named;
pub use not_understood::NotUnderstood;
pub use note::Note;
pub use parameter::{Definition, InvalidValue, Kind, Parameter};
pub use parameters::{ParameterError, ServiceParameters};
pub use people::{ActorKind, Role};
pub use phone_address::PhoneAddress;
pub use phone_text::{AppError, PhoneAct};
pub use record::{FieldControl, FieldProblem, ImportProblem, RecordField, RecordKind, RowProblem};
pub use release::{Release, ReleaseError};
pub use trace_level::TraceLevel;
pub use trace_log::TraceLog;
pub use trusted::{Trusted, address, entries as trusted_entries};
