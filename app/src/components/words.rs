//! Words for the members of enumerations.

use leptos::prelude::*;
use terms::{ActorKind, EndCause, ErrorCode, LoginType, NotUnderstood, Parameter, Role};

use crate::{
    api::{By, NotUnderstoodView},
    release::parameter_name,
    text::{t, use_i18n},
};

/// A phone's place and model: `Lobby · Cisco 8861`.
#[must_use]
pub fn place_of(description: &str, model: &str) -> String {
    let texts = [description, model].into_iter().filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(" · ")
}

/// Why a login ended.
#[must_use]
pub fn cause_name(cause: EndCause) -> &'static str {
    let i18n = use_i18n();
    match cause {
        EndCause::Logout => t!(i18n, cause.logout),
        EndCause::AutoLogout => t!(i18n, cause.auto_logout),
        EndCause::Expired => t!(i18n, cause.expired),
        EndCause::Forced => t!(i18n, cause.forced),
        EndCause::LogoutAll => t!(i18n, cause.logout_all),
        EndCause::Policy => t!(i18n, cause.policy),
        EndCause::Idle => t!(i18n, cause.idle),
        EndCause::ClockTime => t!(i18n, cause.clock_time),
        EndCause::UserDisabled => t!(i18n, cause.user_disabled),
        EndCause::PinReset => t!(i18n, cause.pin_reset),
        EndCause::UserRemoved => t!(i18n, cause.user_removed),
        EndCause::ProfileRemoved => t!(i18n, cause.profile_removed),
        EndCause::PhoneRemoved => t!(i18n, cause.phone_removed),
        EndCause::EmccDisabled => t!(i18n, cause.emcc_disabled),
        EndCause::Remote => t!(i18n, cause.remote),
        EndCause::Other => t!(i18n, cause.other),
    }
}

/// The name of an administrator's role.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    let i18n = use_i18n();
    match role {
        Role::Viewer => t!(i18n, role.viewer),
        Role::Operator => t!(i18n, role.operator),
        Role::Administrator => t!(i18n, role.administrator),
    }
}

/// The name of a kind of actor.
#[must_use]
pub fn kind_name(kind: ActorKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        ActorKind::ApplicationUser => t!(i18n, actor.application_user),
        ActorKind::User => t!(i18n, actor.user),
        ActorKind::Administrator => t!(i18n, actor.administrator),
        ActorKind::CommandLine => t!(i18n, actor.command_line),
        ActorKind::Phone => t!(i18n, actor.phone),
        ActorKind::RemoteCluster => t!(i18n, actor.remote_cluster),
        ActorKind::System => t!(i18n, actor.system),
        ActorKind::Other => t!(i18n, actor.other),
    }
}

/// Advice on an error for an administrator.
#[must_use]
pub fn code_advice(code: ErrorCode) -> String {
    let i18n = use_i18n();
    let advice = match code {
        ErrorCode::LoggedInElsewhere => {
            let parameter = parameter_name(Parameter::MultipleLoginBehavior);
            return t!(i18n, advice.elsewhere, parameter = parameter);
        }
        ErrorCode::Parsing => t!(i18n, advice.parsing),
        ErrorCode::NotAuthorized => t!(i18n, advice.blank),
        ErrorCode::InvalidAppUser => t!(i18n, advice.invalid_app_user),
        ErrorCode::PolicyValidation | ErrorCode::UserInfo => t!(i18n, advice.bad_row),
        ErrorCode::LogoutDisabled | ErrorCode::LoginDisabled => t!(i18n, advice.disabled),
        ErrorCode::Database => t!(i18n, advice.database),
        ErrorCode::QueryUndetermined => t!(i18n, advice.undetermined),
        ErrorCode::NoProxyRights => t!(i18n, advice.no_proxy_rights),
        ErrorCode::NoSuchDevice => t!(i18n, advice.no_such_device),
        ErrorCode::NoSuchProfile => t!(i18n, advice.no_such_profile),
        ErrorCode::DeviceTaken => t!(i18n, advice.device_taken),
        ErrorCode::NobodyLoggedIn => t!(i18n, advice.nobody),
        ErrorCode::NoSuchUser => t!(i18n, advice.no_such_user),
        ErrorCode::Busy => t!(i18n, advice.busy),
        ErrorCode::UntrustedIp => t!(i18n, advice.untrusted),
        ErrorCode::ProxyNotAllowed => t!(i18n, advice.proxy),
        ErrorCode::NoRemoteCluster | ErrorCode::EmccNotAllowed => t!(i18n, advice.emcc_off),
        ErrorCode::PinChangeRequired => t!(i18n, advice.pin_change),
        // A fault of the program, or an error that does not occur within one cluster.
        _ => t!(i18n, advice.log),
    };
    advice.to_owned()
}

/// Why a request was not understood.
#[must_use]
pub fn not_understood(why: NotUnderstoodView) -> String {
    let i18n = use_i18n();
    let text = match NotUnderstood::from_parts(&why.reason, why.element, why.parent) {
        NotUnderstood::Missing { element, parent } => {
            return t!(i18n, not_understood.missing, element = element, parent = parent);
        }
        NotUnderstood::TooLong { element } => {
            return t!(i18n, not_understood.too_long, element = element);
        }
        NotUnderstood::ControlCharacter { element } => {
            return t!(i18n, not_understood.control_character, element = element);
        }
        NotUnderstood::TooLarge => t!(i18n, not_understood.too_large),
        NotUnderstood::TooSlow | NotUnderstood::BrokenOff => t!(i18n, not_understood.broken_off),
        NotUnderstood::NoField => t!(i18n, not_understood.no_field),
        NotUnderstood::NotWellFormed { .. } => t!(i18n, not_understood.not_well_formed),
        NotUnderstood::TooDeep => t!(i18n, not_understood.too_deep),
        NotUnderstood::InternalSubset => t!(i18n, not_understood.internal_subset),
        NotUnderstood::NotMinutes => t!(i18n, not_understood.not_minutes),
        NotUnderstood::TooManyMinutes => t!(i18n, not_understood.too_many_minutes),
        NotUnderstood::Other => t!(i18n, not_understood.other),
    };
    text.to_owned()
}

/// How user and phone belong to the cluster.
#[must_use]
pub fn type_name(login_type: LoginType) -> &'static str {
    let i18n = use_i18n();
    match login_type {
        LoginType::Em => t!(i18n, logins.em),
        LoginType::Visiting => t!(i18n, logins.visiting),
        LoginType::Elsewhere => t!(i18n, logins.elsewhere),
        LoginType::Other => t!(i18n, logins.other),
    }
}

/// The actor of an event: the name, and below it the kind of actor and the source address.
#[component]
pub fn Who(by: By) -> impl IntoView {
    let By { kind, name, address } = by;
    let from = if address.is_empty() { String::new() } else { format!(" · {address}") };
    if name.is_empty() {
        return view! { <span>{kind_name(kind)}</span> }.into_any();
    }
    view! {
        <span>
            {name}
            <small>{kind_name(kind)} {from}</small>
        </span>
    }
    .into_any()
}
