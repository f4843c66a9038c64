//! The settings of EMCC that hold for all remote clusters.

use engine::{
    ConfigurationChange, EmccSettings, EmccSettingsChange, PhoneEntry, RemoteClusterEntry,
};

use super::{Database, fixture::apply};

fn change(emcc: EmccSettingsChange, clusters: &[(&str, Option<bool>)]) -> ConfigurationChange {
    let entry = |(id, enabled): &(&str, Option<bool>)| RemoteClusterEntry {
        id: (*id).to_owned(),
        url: "https://em.example/".to_owned(),
        certificate: Some("-----".to_owned()),
        description: None,
        enabled: *enabled,
    };
    let remote_clusters = clusters.iter().map(entry).collect();
    ConfigurationChange { emcc, remote_clusters, ..ConfigurationChange::default() }
}

pub async fn a_new_remote_cluster_is_enabled_as_the_setting_says(database: &impl Database) {
    let node = database.node().await;
    let unchanged = EmccSettingsChange::default();
    let enabled = async || {
        let clusters = node.configuration().await.unwrap().remote_clusters;
        clusters.into_iter().map(|one| (one.id, one.enabled)).collect::<Vec<_>>()
    };
    apply(&node, change(unchanged, &[("busan", None)])).await.unwrap();
    let off = EmccSettingsChange { active: Some(false), enable_new: Some(false) };
    // The setting of a change holds for the new clusters of the change, and not for those that exist.
    let all = [("busan", None), ("daegu", None), ("jeju", Some(true))];
    apply(&node, change(off, &all)).await.unwrap();
    let of = |id: &str, enabled| (id.to_owned(), enabled);
    assert_eq!(enabled().await, [of("busan", true), of("daegu", false), of("jeju", true)]);
    apply(&node, change(unchanged, &[("ulsan", None)])).await.unwrap();
    assert!(enabled().await.contains(&of("ulsan", false)));
}

pub async fn an_inactive_cluster_has_no_partners(database: &impl Database) {
    let node = database.node().await;
    let unchanged = EmccSettingsChange::default();
    apply(&node, change(unchanged, &[("busan", None), ("daegu", Some(false))])).await.unwrap();
    let before = node.configuration().await.unwrap();
    assert_eq!(before.emcc, EmccSettings::default());
    assert!(before.is_emcc_partner("busan") && !before.is_emcc_partner("daegu"));
    let off = EmccSettingsChange { active: Some(false), ..unchanged };
    assert_eq!(apply(&node, change(off, &[])).await.unwrap().len(), 1);
    let after = node.configuration().await.unwrap();
    assert_eq!(after.emcc, EmccSettings { active: false, enable_new: true });
    assert!(after.version > before.version && after.emcc_partners().next().is_none());
    assert!(apply(&node, change(off, &[])).await.unwrap().is_empty());
}

/// The setting is in the first part of a large change, and the remote cluster in the last.
pub async fn a_dry_run_of_a_large_change_enables_what_the_run_enables(database: &impl Database) {
    let node = database.node().await;
    let off = EmccSettingsChange { active: None, enable_new: Some(false) };
    let phone = |number: u32| PhoneEntry { name: format!("SEP{number}"), ..PhoneEntry::default() };
    let large = ConfigurationChange {
        phones: (0..1_001).map(phone).collect(),
        ..change(off, &[("busan", None)])
    };
    let foreseen = engine::differences(&*node, large.clone(), &|_| {}).await.unwrap();
    assert_eq!(foreseen, apply(&node, large).await.unwrap());
    assert!(!node.configuration().await.unwrap().remote_clusters[0].enabled);
}
