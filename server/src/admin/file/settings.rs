//! The tables of a configuration file with the settings of the cluster.

use engine::{EmccSettingsChange, LogOutRulesChange, PinRulesChange, RetentionChange, SiteChange};
use serde::Deserialize;
use terms::LogOutAt;

use super::values::secret;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::admin) struct Cluster {
    pub(in crate::admin) release: Option<String>,
    /// Days for which ended logins, the audit, events and refusals are kept.
    pub(in crate::admin) history_days: Option<u32>,
    pub(in crate::admin) audit_days: Option<u32>,
    pub(in crate::admin) event_days: Option<u32>,
    pub(in crate::admin) refusal_days: Option<u32>,
    /// Logins that a log-out job ends per second.
    pub(in crate::admin) log_outs_per_second: Option<u32>,
    /// The time of the day at which all users are logged out (`HH:MM`), or `never`.
    pub(in crate::admin) log_out_at: Option<LogOutAt>,
    /// Minutes without use of a phone after which its user is logged out; 0 is never.
    pub(in crate::admin) idle_minutes: Option<u32>,
}

impl Cluster {
    pub(in crate::admin) fn retention(&self) -> RetentionChange {
        let Self {
            history_days, audit_days, event_days, refusal_days, log_outs_per_second, ..
        } = *self;
        RetentionChange { history_days, audit_days, event_days, refusal_days, log_outs_per_second }
    }

    pub(in crate::admin) const fn log_out_rules(&self) -> LogOutRulesChange {
        LogOutRulesChange { at: self.log_out_at, idle_minutes: self.idle_minutes }
    }
}

/// The rules for PINs that users choose at a phone.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::admin) struct PinRules {
    pub(in crate::admin) min_length: Option<u32>,
    /// How many of the last PINs can't be chosen again.
    pub(in crate::admin) history: Option<u32>,
    /// Whether trivial PINs are accepted.
    pub(in crate::admin) trivial: Option<bool>,
}

impl PinRules {
    pub(in crate::admin) const fn change(&self) -> PinRulesChange {
        let Self { min_length, history, trivial } = *self;
        PinRulesChange { min_length, history, allows_trivial: trivial }
    }
}

/// The settings of EMCC that hold for all remote clusters.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::admin) struct Emcc {
    pub(in crate::admin) active: Option<bool>,
    /// Whether a new remote cluster is enabled unless its entry says otherwise.
    pub(in crate::admin) enable_new_remote_clusters: Option<bool>,
}

impl Emcc {
    pub(in crate::admin) const fn change(&self) -> EmccSettingsChange {
        let Self { active, enable_new_remote_clusters: enable_new } = *self;
        EmccSettingsChange { active, enable_new }
    }
}

/// The settings that phones get; an empty text removes a value.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::admin) struct Site {
    pub(in crate::admin) service_url: Option<String>,
    pub(in crate::admin) call_server: Option<String>,
    pub(in crate::admin) call_server_rpc: Option<String>,
    pub(in crate::admin) push_user: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub(in crate::admin) push_password: Option<String>,
    pub(in crate::admin) time_zone: Option<String>,
}

impl Site {
    pub(in crate::admin) fn change(&self) -> SiteChange {
        let Self { service_url, call_server, call_server_rpc, push_user, push_password, time_zone } =
            self;
        SiteChange {
            service_url: service_url.clone(),
            call_server: call_server.clone(),
            call_server_rpc: call_server_rpc.clone(),
            push_user: push_user.clone(),
            push_password: push_password.clone(),
            time_zone: time_zone.clone(),
        }
    }
}
