//! Pages whose code is loaded on demand, so that the first load has only the code of most visits.

use std::pin::Pin;

use leptos::prelude::*;
use leptos_router::ChooseView;

use super::{
    account, archive, clusters, device, directory, people, settings, simulator, system, trace,
};
use crate::part::{part, shown};

type Loading<T> = Pin<Box<dyn Future<Output = T>>>;

/// A page in a separate part of the program.
/// All such pages have this one type, so that the router's code comes into the browser once, and not once for
/// each page.
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

/// Defines parts, each with its pages by number.
/// Pages that people visit one after the other share a part, because each part adds bytes to the first load.
macro_rules! lazy {
    ($($part:ident, $load:ident {
        $($(#[$doc:meta])* $route:ident = $number:literal $page:path;)+
    })+) => {$(
        part! {
            fn $part(page: u32), $load {
                match page {
                    $($number => $page().into_any(),)+
                    _ => ().into_any(),
                }
            }
        }

        $(
            $(#[$doc])*
            pub const $route: Lazy = Lazy {
                view: || Box::pin(shown($part($number))),
                // A failed load is handled when the page is shown.
                #[cfg(feature = "hydrate")]
                load: || Box::pin(async { let _ = $load().await; }),
                #[cfg(not(feature = "hydrate"))]
                load: || Box::pin(std::future::ready(())),
            };
        )+
    )+};
}

lazy! {
    phone, load_phone {
        /// [`device::PhonePage`]
        PHONE = 0 device::PhonePage;
        /// [`device::UserPage`]
        USER = 1 device::UserPage;
        /// [`device::LogOutPage`]
        LOG_OUT = 2 device::LogOutPage;
        /// [`device::JobPage`]
        JOB = 3 device::JobPage;
    }
    archive, load_archive {
        /// [`archive::HistoryPage`]
        HISTORY = 0 archive::HistoryPage;
        /// [`archive::AuditPage`]
        AUDIT = 1 archive::AuditPage;
        /// [`trace::TracePage`]
        TRACE = 2 trace::TracePage;
        /// [`archive::RefusalsPage`]
        REFUSALS = 3 archive::RefusalsPage;
        /// [`directory::DirectoryPage`]
        DIRECTORY = 4 directory::DirectoryPage;
    }
    parameters, load_parameters {
        /// [`system::ParametersPage`]
        PARAMETERS = 0 system::ParametersPage;
        /// [`system::ListsPage`]
        PARAMETER_LISTS = 1 system::ListsPage;
    }
    administration, load_administration {
        /// [`people::AdministratorsPage`]
        ADMINISTRATORS = 0 people::AdministratorsPage;
        /// [`clusters::RemoteClustersPage`]
        CLUSTERS = 1 clusters::RemoteClustersPage;
        /// [`clusters::RemoteClusterPage`]
        CLUSTER = 2 clusters::RemoteClusterPage;
        /// [`settings::SettingsPage`]
        SETTINGS = 3 settings::SettingsPage;
        // The program does not start on these pages for people who are not signed in.
        /// [`account::SignInPage`]
        SIGN_IN = 4 account::SignInPage;
        /// [`people::FirstPage`]
        FIRST = 5 people::FirstPage;
    }
    phones, load_phones {
        /// [`simulator::SimulatorPage`]
        SIMULATOR = 0 simulator::SimulatorPage;
    }
}
