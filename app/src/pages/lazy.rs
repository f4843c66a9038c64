//! Pages that are loaded when somebody goes there: what most visits need comes first, without them.

use std::pin::Pin;

use leptos::prelude::*;
use leptos_router::ChooseView;

use super::{account, archive, device, people, simulator, system, trace};
use crate::part::{part, shown};

type Loading<T> = Pin<Box<dyn Future<Output = T>>>;

/// A page in a part of its own. All of them are of this one type: the router's code comes into the
/// browser once for all, and not once for each.
#[derive(Clone, Copy, Debug)]
pub struct Lazy {
    view: fn() -> Loading<AnyView>,
    load: fn() -> Loading<()>,
}

impl ChooseView for Lazy {
    async fn choose(self) -> AnyView {
        (self.view)().await
    }

    async fn preload(&self) {
        (self.load)().await;
    }
}

macro_rules! lazy {
    ($($(#[$doc:meta])* $route:ident = $page:path, $part:ident, $load:ident;)+) => {$(
        part! {
            fn $part(), $load {
                $page().into_any()
            }
        }

        $(#[$doc])*
        pub const $route: Lazy = Lazy {
            view: || Box::pin(shown($part())),
            // One that does not come is missed when it is shown.
            #[cfg(feature = "hydrate")]
            load: || Box::pin(async { let _ = $load().await; }),
            #[cfg(not(feature = "hydrate"))]
            load: || Box::pin(std::future::ready(())),
        };
    )+};
}

lazy! {
    /// [`account::SignInPage`]
    SIGN_IN = account::SignInPage, sign_in, load_sign_in;
    /// [`people::FirstPage`]
    FIRST = people::FirstPage, first, load_first;
    /// [`device::LogOutPage`]
    LOG_OUT = device::LogOutPage, log_out, load_log_out;
    /// [`device::JobPage`]
    JOB = device::JobPage, job, load_job;
    /// [`device::PhonePage`]
    PHONE = device::PhonePage, phone, load_phone;
    /// [`archive::HistoryPage`]
    HISTORY = archive::HistoryPage, history, load_history;
    /// [`archive::AuditPage`]
    AUDIT = archive::AuditPage, audit, load_audit;
    /// [`system::ParametersPage`]
    PARAMETERS = system::ParametersPage, parameters, load_parameters;
    /// [`system::ParameterHistoryPage`]
    PARAMETER_HISTORY = system::ParameterHistoryPage, parameter_history, load_parameter_history;
    /// [`system::ModifiedPage`]
    MODIFIED = system::ModifiedPage, modified, load_modified;
    /// [`system::AllServersPage`]
    ALL_SERVERS = system::AllServersPage, all_servers, load_all_servers;
    /// [`people::AdministratorsPage`]
    ADMINISTRATORS = people::AdministratorsPage, administrators, load_administrators;
    /// [`trace::TracePage`]
    TRACE = trace::TracePage, records, load_records;
    /// [`simulator::SimulatorPage`]
    SIMULATOR = simulator::SimulatorPage, phones, load_phones;
}
