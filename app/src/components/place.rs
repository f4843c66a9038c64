//! The pages of the console, as menus name them.

use crate::text::{I18n, t, use_i18n};

/// The pages that a menu or *Related Links* links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server alone renders the menu"))]
pub enum Place {
    /// Active Logins.
    Logins,
    /// Login History.
    History,
    /// Refusals.
    Refusals,
    /// Users, phones, device profiles and application users.
    Directory,
    /// Service Parameter Configuration.
    Parameters,
    /// Parameters for All Servers.
    AllServers,
    /// Modified Parameters.
    Modified,
    /// Parameter History.
    ParameterHistory,
    /// Audit.
    Audit,
    /// Administrators.
    Administrators,
    /// Trace.
    Trace,
    /// Phone Simulator.
    Simulator,
    /// Remote Clusters.
    Clusters,
    /// Settings.
    Settings,
}

/// The paths of all pages in [`Place`].
#[cfg(feature = "ssr")]
pub const PLACES: &[&str] = &[
    Place::Logins.path(),
    Place::History.path(),
    Place::Refusals.path(),
    Place::Directory.path(),
    Place::Parameters.path(),
    Place::AllServers.path(),
    Place::Modified.path(),
    Place::ParameterHistory.path(),
    Place::Audit.path(),
    Place::Administrators.path(),
    Place::Trace.path(),
    Place::Simulator.path(),
    Place::Clusters.path(),
    Place::Settings.path(),
];

impl Place {
    /// The pages in the menu.
    #[cfg(feature = "ssr")]
    pub(crate) const MENU: [Self; 11] = [
        Self::Logins,
        Self::History,
        Self::Refusals,
        Self::Directory,
        Self::Parameters,
        Self::Clusters,
        Self::Audit,
        Self::Trace,
        Self::Simulator,
        Self::Administrators,
        Self::Settings,
    ];

    /// The page's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Logins => "/",
            Self::History => "/login-history",
            Self::Refusals => "/refusals",
            Self::Directory => "/directory/users",
            Self::Parameters => "/service-parameters",
            Self::AllServers => "/service-parameters/all-servers",
            Self::Modified => "/service-parameters/modified",
            Self::ParameterHistory => "/service-parameters/history",
            Self::Audit => "/audit",
            Self::Administrators => "/administrators",
            Self::Trace => "/trace",
            Self::Simulator => "/phone-simulator",
            Self::Clusters => "/remote-clusters",
            Self::Settings => "/settings",
        }
    }

    /// The key that, after `g`, opens a page of the menu.
    #[cfg(feature = "ssr")]
    pub(crate) const fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Logins => "l",
            Self::History => "h",
            Self::Refusals => "r",
            Self::Directory => "u",
            Self::Parameters => "p",
            Self::Clusters => "c",
            Self::Audit => "a",
            Self::Trace => "t",
            Self::Simulator => "s",
            Self::Administrators => "m",
            Self::Settings => "e",
            Self::AllServers | Self::Modified | Self::ParameterHistory => return None,
        })
    }

    /// The page's name in the menu.
    pub(crate) fn name(self) -> &'static str {
        self.name_in(use_i18n())
    }

    /// The page's name in the menu, in a language.
    pub(crate) fn name_in(self, i18n: I18n) -> &'static str {
        match self {
            Self::Logins => t!(i18n, nav.active_logins),
            Self::History => t!(i18n, nav.login_history),
            Self::Refusals => t!(i18n, refusals.title),
            Self::Directory => t!(i18n, directory.title),
            Self::Parameters => t!(i18n, nav.service_parameters),
            Self::AllServers => t!(i18n, nav.all_servers),
            Self::Modified => t!(i18n, nav.modified),
            Self::ParameterHistory => t!(i18n, nav.parameter_history),
            Self::Audit => t!(i18n, nav.audit),
            Self::Administrators => t!(i18n, nav.administrators),
            Self::Trace => t!(i18n, nav.trace),
            Self::Simulator => t!(i18n, simulator.title),
            Self::Clusters => t!(i18n, clusters.title),
            Self::Settings => t!(i18n, settings.title),
        }
    }
}
