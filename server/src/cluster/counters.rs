//! The counters of a cluster, named after the original's performance object *Cisco Extension
//! Mobility* (Managed Services Guide 12.5(1)), and in the form that Prometheus reads.

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// The counters, since the start.
pub struct Counters {
    /// `RequestsHandled`: HTTP requests to the EM service.
    pub handled: Counter,
    /// HTTP requests to the EM application, which serves the phones.
    pub app_handled: Counter,
    /// `RequestsInProgress`: requests that are being handled.
    pub in_progress: Gauge,
    /// `RequestsThrottled`: refused because Maximum Concurrent Requests was reached.
    pub throttled: Counter,
    /// `Total Login/LogoutRequestsAttempted`
    pub attempted: Counter,
    /// `LoginsSuccessful`
    pub logins: Counter,
    /// `LogoutsSuccessful`
    pub logouts: Counter,
    /// `Total Number of EMCC Messages`: messages from other clusters.
    pub emcc_messages: Counter,
    refused: Family<[(&'static str, u16); 1], Counter>,
    /// Sign-ins to the console with a wrong name or password.
    pub sign_ins_refused: Counter,
    /// Remote clusters that answered when they were last asked.
    pub emcc_answering: Gauge,
    /// Pushes that a phone did not take.
    pub pushes_failed: Counter,
    /// Phones that did not read their configuration anew when a change required it.
    pub restarts_failed: Counter,
    /// Messages to phones that were not sent because the queue was full.
    pub pushes_lost: Counter,
    /// Entries of the trace that were lost because the disk was too slow or full.
    pub trace_lost: Counter,
    /// Events of a newer program, of kinds unknown to this program.
    pub unknown_events: Counter,
    registry: Registry,
}

impl Default for Counters {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sojourn");
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let handled = counter("em_requests_handled", "Requests to the EM service");
        let app_handled = counter("em_app_requests_handled", "Requests of phones");
        let throttled = counter(
            "em_requests_throttled",
            "Requests refused because Maximum Concurrent Requests was reached",
        );
        let attempted = counter("em_login_logout_attempted", "Log-ins and log-outs asked for");
        let logins = counter("em_logins_successful", "Logins begun");
        let logouts = counter("em_logouts_successful", "Logins ended by a log-out");
        let emcc_messages = counter("emcc_messages", "Messages of other clusters");
        let sign_ins_refused =
            counter("console_sign_ins_refused", "Sign-ins with a wrong name or password");
        let pushes_failed = counter("phone_pushes_failed", "Pushes that a phone did not take");
        let restarts_failed =
            counter("phone_restarts_failed", "Phones that did not read their configuration anew");
        let pushes_lost =
            counter("phone_pushes_lost", "Messages to phones for which there was no room");
        let trace_lost = counter("trace_entries_lost", "Entries of the trace that were lost");
        let unknown_events = counter("events_unknown", "Events of a newer program");
        let refused = Family::default();
        registry.register("em_requests_refused", "Requests refused, by error", refused.clone());
        let in_progress = Gauge::default();
        registry.register("em_requests_in_progress", "Requests worked on now", in_progress.clone());
        let emcc_answering = Gauge::default();
        let help = "Remote clusters that answered when they were last asked";
        registry.register("emcc_clusters_answering", help, emcc_answering.clone());
        Self {
            handled,
            app_handled,
            in_progress,
            throttled,
            attempted,
            logins,
            logouts,
            emcc_messages,
            refused,
            sign_ins_refused,
            emcc_answering,
            pushes_failed,
            restarts_failed,
            pushes_lost,
            trace_lost,
            unknown_events,
            registry,
        }
    }
}

impl Counters {
    /// Counts a request that was refused, by the number of its error.
    pub fn refused(&self, code: u16) {
        self.refused.get_or_create(&[("code", code)]).inc();
    }

    /// All counters as text (`OpenMetrics`).
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
