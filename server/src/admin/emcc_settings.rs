//! The settings of EMCC that hold for all remote clusters, and what EMCC still needs.

use engine::{Configuration, ConfigurationChange, EmccSettings, EmccSettingsChange};
use terms::Role;

use super::{Admin, AdminError, Caller};
use crate::cluster::Cluster;

/// A condition that EMCC needs and that does not hold (the button *Validate* of the original's service profile).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmccNeed {
    /// EMCC is not active.
    Active,
    /// No remote cluster is known.
    RemoteCluster,
    /// Each remote cluster is disabled.
    EnabledCluster,
    /// No enabled remote cluster answers.
    AnsweringCluster,
    /// Each remote cluster that answers has switched EMCC with this cluster off.
    WillingCluster,
    /// No user of this cluster may log in at other clusters.
    User,
    /// The service URL that phones get has no `EMCC=#EMCC#`: phones log in users of this cluster only.
    ServiceUrl,
}

impl Admin {
    /// The settings of EMCC, and the needs that are not met.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn emcc_settings(
        &self,
        caller: &Caller,
    ) -> Result<(EmccSettings, Vec<EmccNeed>), AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let configuration = cluster.store.configuration().await?;
        let may_leave = cluster.store.has_emcc_users().await?;
        let answer = |id: &str| {
            let link = cluster.peers.links.link(id);
            link.info.filter(|_| link.failing.is_none()).map(|info| info.emcc)
        };
        let clusters = clusters_need(&configuration, answer);
        let needs = [
            (!configuration.emcc.active).then_some(EmccNeed::Active),
            clusters,
            (!may_leave).then_some(EmccNeed::User),
            lacks_emcc(&configuration.site.service_url).then_some(EmccNeed::ServiceUrl),
        ];
        Ok((configuration.emcc, needs.into_iter().flatten().collect()))
    }

    /// Changes the given settings; returns whether any of them was different.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn change_emcc_settings(
        &self,
        caller: &Caller,
        emcc: EmccSettingsChange,
    ) -> Result<bool, AdminError> {
        let Cluster { store, clock, .. } = &**self.gate.open(caller, Role::Administrator)?;
        let change = ConfigurationChange { emcc, ..ConfigurationChange::default() };
        let by = caller.actor().clone();
        let applied = engine::apply(&**store, change, by, &**clock, &|_| {}).await;
        let differences = applied.map_err(|not_applied| AdminError::Store(not_applied.error))?;
        Ok(!differences.is_empty())
    }
}

/// The unmet need that concerns the remote clusters. `answer` says whether the cluster of an id takes part in EMCC with
/// this cluster; `None` when it does not answer.
fn clusters_need(
    configuration: &Configuration,
    answer: impl Fn(&str) -> Option<bool>,
) -> Option<EmccNeed> {
    let remote = &configuration.remote_clusters;
    let enabled: Vec<_> = remote.iter().filter(|one| one.enabled).collect();
    let answers: Vec<_> = enabled.iter().filter_map(|one| answer(&one.id)).collect();
    if remote.is_empty() {
        Some(EmccNeed::RemoteCluster)
    } else if enabled.is_empty() {
        Some(EmccNeed::EnabledCluster)
    } else if answers.is_empty() {
        Some(EmccNeed::AnsweringCluster)
    } else if answers.contains(&true) {
        None
    } else {
        Some(EmccNeed::WillingCluster)
    }
}

/// Whether the address has no parameter by which a phone states that it supports EMCC. Without an address,
/// phones get an address with the parameter.
fn lacks_emcc(service_url: &str) -> bool {
    !service_url.is_empty() && !service_url.contains("EMCC=")
}

#[cfg(test)]
mod tests {
    use engine::RemoteCluster;

    use super::*;

    #[test]
    fn one_remote_cluster_that_is_enabled_and_answers_is_enough() {
        let remote = |id: &str, enabled| RemoteCluster {
            id: id.to_owned(),
            url: String::new(),
            certificate: String::new(),
            description: String::new(),
            enabled,
            next_certificate: String::new(),
        };
        let need = |remote_clusters: Vec<RemoteCluster>| {
            let configuration = Configuration { remote_clusters, ..Configuration::default() };
            clusters_need(&configuration, |id| match id {
                "busan" => Some(true),
                "jeju" => Some(false),
                _ => None,
            })
        };
        assert_eq!(need(vec![]), Some(EmccNeed::RemoteCluster));
        assert_eq!(need(vec![remote("busan", false)]), Some(EmccNeed::EnabledCluster));
        assert_eq!(
            need(vec![remote("busan", false), remote("daegu", true)]),
            Some(EmccNeed::AnsweringCluster)
        );
        let unwilling = vec![remote("jeju", true), remote("daegu", true)];
        assert_eq!(need(unwilling), Some(EmccNeed::WillingCluster));
        assert_eq!(need(vec![remote("busan", true), remote("daegu", true)]), None);
    }

    #[test]
    fn an_address_without_emcc_is_noticed() {
        assert!(lacks_emcc("http://em/emapp/EMAppServlet?device=#DEVICENAME#"));
        assert!(!lacks_emcc("http://em/emapp/EMAppServlet?device=#DEVICENAME#&EMCC=#EMCC#"));
        assert!(!lacks_emcc(""));
    }
}
