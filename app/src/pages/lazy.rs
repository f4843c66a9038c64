//! Pages that are loaded when somebody goes there: what most visits need comes first, without them.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{account, archive, device, people, system, trace};

macro_rules! lazy {
    ($($(#[$doc:meta])* $route:ident = $page:path;)+) => {$(
        $(#[$doc])*
        pub struct $route;

        #[lazy_route]
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            fn view(this: Self) -> AnyView {
                let $route = this;
                $page().into_any()
            }
        }
    )+};
}

lazy! {
    /// [`account::SignInPage`]
    SignIn = account::SignInPage;
    /// [`people::FirstPage`]
    First = people::FirstPage;
    /// [`device::LogOutPage`]
    LogOut = device::LogOutPage;
    /// [`device::JobPage`]
    Job = device::JobPage;
    /// [`device::PhonePage`]
    Phone = device::PhonePage;
    /// [`archive::HistoryPage`]
    History = archive::HistoryPage;
    /// [`archive::AuditPage`]
    Audit = archive::AuditPage;
    /// [`system::ParametersPage`]
    Parameters = system::ParametersPage;
    /// [`system::ParameterHistoryPage`]
    ParameterHistory = system::ParameterHistoryPage;
    /// [`system::ModifiedPage`]
    Modified = system::ModifiedPage;
    /// [`system::AllServersPage`]
    AllServers = system::AllServersPage;
    /// [`people::AdministratorsPage`]
    Administrators = people::AdministratorsPage;
    /// [`trace::TracePage`]
    Trace = trace::TracePage;
}
