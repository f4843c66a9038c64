//! Pages that are loaded when somebody goes there: what most visits need comes first, without them.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use super::{account, archive, device, people, system, trace};
use crate::part::{part, shown};

macro_rules! lazy {
    ($($(#[$doc:meta])* $route:ident = $page:path, $part:ident, $preload:ident;)+) => {$(
        part! {
            fn $part(), $preload {
                $page().into_any()
            }
        }

        $(#[$doc])*
        pub struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_this: Self) -> AnyView {
                shown($part()).await
            }

            // One that does not come is missed when it is shown.
            #[cfg(feature = "hydrate")]
            async fn preload() {
                let _ = $preload().await;
            }
        }
    )+};
}

lazy! {
    /// [`account::SignInPage`]
    SignIn = account::SignInPage, sign_in, load_sign_in;
    /// [`people::FirstPage`]
    First = people::FirstPage, first, load_first;
    /// [`device::LogOutPage`]
    LogOut = device::LogOutPage, log_out, load_log_out;
    /// [`device::JobPage`]
    Job = device::JobPage, job, load_job;
    /// [`device::PhonePage`]
    Phone = device::PhonePage, phone, load_phone;
    /// [`archive::HistoryPage`]
    History = archive::HistoryPage, history, load_history;
    /// [`archive::AuditPage`]
    Audit = archive::AuditPage, audit, load_audit;
    /// [`system::ParametersPage`]
    Parameters = system::ParametersPage, parameters, load_parameters;
    /// [`system::ParameterHistoryPage`]
    ParameterHistory = system::ParameterHistoryPage, parameter_history, load_parameter_history;
    /// [`system::ModifiedPage`]
    Modified = system::ModifiedPage, modified, load_modified;
    /// [`system::AllServersPage`]
    AllServers = system::AllServersPage, all_servers, load_all_servers;
    /// [`people::AdministratorsPage`]
    Administrators = people::AdministratorsPage, administrators, load_administrators;
    /// [`trace::TracePage`]
    Trace = trace::TracePage, records, load_records;
}
