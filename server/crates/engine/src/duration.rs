//! How long a login lasts.

use terms::ServiceParameters;

/// The duration that a request asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestedDuration {
    /// It says nothing.
    #[default]
    Unset,
    /// No limit.
    Indefinite,
    /// So many minutes; zero is no limit.
    Minutes(u32),
}

/// The effective duration of a login within the cluster, in minutes; zero is unlimited.
///
/// The request decides; else the user's own maximum; else *Intra-cluster Maximum Login Time* when
/// it is enforced (order as in the original's trace: `computeLoginDuration`, then
/// `getEndUserEmMaxLoginTime`, then `Effective Login Duration`).
#[must_use]
pub fn effective_minutes(
    requested: RequestedDuration,
    user_maximum: Option<u32>,
    parameters: &ServiceParameters,
) -> u32 {
    match requested {
        RequestedDuration::Indefinite => 0,
        RequestedDuration::Minutes(minutes) => minutes,
        RequestedDuration::Unset => {
            user_maximum.unwrap_or_else(|| parameters.intra_limit_minutes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_goes_before_the_user_and_the_user_before_the_system() {
        let mut system = ServiceParameters::default();
        assert_eq!(effective_minutes(RequestedDuration::Unset, None, &system), 0);
        system.set("Enforce Intra-cluster Maximum Login Time", "True").unwrap();
        system.set("Intra-cluster Maximum Login Time", "8:00").unwrap();
        assert_eq!(effective_minutes(RequestedDuration::Unset, None, &system), 480);
        assert_eq!(effective_minutes(RequestedDuration::Unset, Some(600), &system), 600);
        assert_eq!(effective_minutes(RequestedDuration::Unset, Some(0), &system), 0);
        assert_eq!(effective_minutes(RequestedDuration::Minutes(5), Some(600), &system), 5);
        assert_eq!(effective_minutes(RequestedDuration::Indefinite, Some(600), &system), 0);
    }
}
