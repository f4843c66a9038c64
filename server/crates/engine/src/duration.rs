//! The duration of a login.

use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{Named, ServiceParameters};

/// The duration that a request asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestedDuration {
    /// The request names no duration.
    #[default]
    Unset,
    /// No limit.
    Indefinite,
    /// A limit in minutes; zero is no limit.
    Minutes(u32),
}

/// The source of a login's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum LimitSource {
    /// The request.
    Request,
    /// The user's own maximum.
    User,
    /// The service parameters of logins within the cluster. A change of these parameters concerns only logins
    /// with this source.
    System,
    /// *Inter-cluster Maximum Login Time*, for stays at phones of other clusters.
    Inter,
    /// The home cluster, for stays of its users here.
    Home,
}

impl Named for LimitSource {}

/// The effective limit of a login within the cluster, in minutes, and its source; zero is
/// unlimited.
///
/// The limit is that of the request; else the user's own maximum; else *Intra-cluster Maximum Login Time*
/// when that parameter is enforced (order as in the original's trace: `computeLoginDuration`, then
/// `getEndUserEmMaxLoginTime`, then `Effective Login Duration`).
#[must_use]
pub fn effective_limit(
    requested: RequestedDuration,
    user_maximum: Option<u32>,
    parameters: &ServiceParameters,
) -> (u32, LimitSource) {
    match (requested, user_maximum) {
        (RequestedDuration::Indefinite, _) => (0, LimitSource::Request),
        (RequestedDuration::Minutes(minutes), _) => (minutes, LimitSource::Request),
        (RequestedDuration::Unset, Some(minutes)) => (minutes, LimitSource::User),
        (RequestedDuration::Unset, None) => (parameters.intra_limit_minutes(), LimitSource::System),
    }
}

/// The limit of a stay at a phone of another cluster, in minutes, and its source; zero is unlimited.
///
/// The limit is the user's own maximum, else *Inter-cluster Maximum Login Time*.
#[must_use]
pub fn inter_limit(
    user_maximum: Option<u32>,
    parameters: &ServiceParameters,
) -> (u32, LimitSource) {
    match user_maximum {
        Some(minutes) => (minutes, LimitSource::User),
        None => (parameters.inter_limit_minutes(), LimitSource::Inter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases have these names: a renamed member keeps its name.
    #[test]
    fn stored_names_of_limit_sources_do_not_change() {
        let names: Vec<_> = LimitSource::all().map(Named::name).collect();
        assert_eq!(names, ["request", "user", "system", "inter", "home"]);
    }

    #[test]
    fn the_request_goes_before_the_user_and_the_user_before_the_system() {
        let mut system = ServiceParameters::default();
        assert_eq!(effective_limit(RequestedDuration::Unset, None, &system).0, 0);
        system.set("Enforce Intra-cluster Maximum Login Time", "True").unwrap();
        system.set("Intra-cluster Maximum Login Time", "8:00").unwrap();
        assert_eq!(effective_limit(RequestedDuration::Unset, None, &system).0, 480);
        assert_eq!(effective_limit(RequestedDuration::Unset, Some(600), &system).0, 600);
        assert_eq!(effective_limit(RequestedDuration::Unset, Some(0), &system).0, 0);
        assert_eq!(effective_limit(RequestedDuration::Minutes(5), Some(600), &system).0, 5);
        assert_eq!(effective_limit(RequestedDuration::Indefinite, Some(600), &system).0, 0);
    }
}
