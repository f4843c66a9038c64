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
        let answers = |id: &str| {
            let link = cluster.peers.links.link(id);
            link.info.is_some() && link.failing.is_none()
        };
        let clusters = clusters_need(&configuration, answers);
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

/// The unmet need that concerns the remote clusters.
fn clusters_need(
    configuration: &Configuration,
    answers: impl Fn(&str) -> bool,
) -> Option<EmccNeed> {
    let mut enabled = configuration.remote_clusters.iter().filter(|one| one.enabled).peekable();
    if configuration.remote_clusters.is_empty() {
        Some(EmccNeed::RemoteCluster)
    } else if enabled.peek().is_none() {
        Some(EmccNeed::EnabledCluster)
    } else if enabled.any(|one| answers(&one.id)) {
        None
    } else {
        Some(EmccNeed::AnsweringCluster)
    }
}

/// Whether the address lets a phone not say that it can do EMCC. Without an address, phones get one that does.
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
            clusters_need(&configuration, |id| id == "busan")
        };
        assert_eq!(need(vec![]), Some(EmccNeed::RemoteCluster));
        assert_eq!(need(vec![remote("busan", false)]), Some(EmccNeed::EnabledCluster));
        assert_eq!(
            need(vec![remote("busan", false), remote("daegu", true)]),
            Some(EmccNeed::AnsweringCluster)
        );
        assert_eq!(need(vec![remote("busan", true), remote("daegu", true)]), None);
    }

    #[test]
    fn an_address_without_emcc_is_noticed() {
        assert!(lacks_emcc("http://em/emapp/EMAppServlet?device=#DEVICENAME#"));
        assert!(!lacks_emcc("http://em/emapp/EMAppServlet?device=#DEVICENAME#&EMCC=#EMCC#"));
        assert!(!lacks_emcc(""));
    }
}
