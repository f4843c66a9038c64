//! Lines of the log name clusters and their requests.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{Router, body::to_bytes, extract::Request, middleware, routing};
use futures::stream;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::ServiceExt;
use tracing::{Dispatch, callsite, dispatcher::DefaultGuard};
use tracing_subscriber::{EnvFilter, Registry, fmt::format::FmtSpan};

use super::*;
use crate::{
    admin::Admin,
    cli::LOG,
    cluster::TestCluster,
    edge::{Client, Via},
    http::routers,
};

const EM_API: &str = "/emservice/EMServiceServlet";

/// The log of this thread, on which a test and its clusters run.
struct Log {
    text: Text,
    _kept: DefaultGuard,
    _second: Dispatch,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl io::Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Keeps what is logged by default, and the span events that `spans` names.
    fn keep(spans: FmtSpan) -> Self {
        let text = Text::default();
        let log = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(LOG))
            .with_ansi(false)
            .with_span_events(spans)
            .with_writer(Mutex::new(text.clone()))
            .finish();
        // With one subscriber alone, a callsite that another thread reaches first is registered on that
        // thread, which has no subscriber, and is off for all threads.
        let second = Dispatch::new(Registry::default());
        let kept = tracing::subscriber::set_default(log);
        callsite::rebuild_interest_cache();
        Self { text, _kept: kept, _second: second }
    }

    fn lines(&self) -> Vec<String> {
        let text = self.text.0.lock().unwrap().clone();
        String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
    }
}

/// The routes that a cluster serves to another machine over plain HTTP.
fn plain(cluster: &TestCluster) -> Router {
    let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
    routers(cluster, Admin::of(Arc::clone(cluster)), at(8080), at(8443), None).plain
}

async fn answer(router: &Router, address: &str) -> String {
    let from = IpAddr::from([192, 0, 2, 1]);
    let client = Client { address: from, is_local: false, is_secure: None, via: Via::Nothing };
    let request = Request::get(address).extension(client).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().into()).unwrap()
}

#[tokio::test]
async fn a_line_names_its_cluster_and_its_request() {
    let log = Log::keep(FmtSpan::NONE);
    let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
    let logout = "<request><appInfo><appID>emproxy</appID><appCertificate>s3cret</appCertificate>\
                  </appInfo><logout><deviceName>SEP1</deviceName></logout></request>";
    let logout = format!("{EM_API}?xml={}", utf8_percent_encode(logout, NON_ALPHANUMERIC));
    for (cluster, without_a_fault) in [(&seoul, 2), (&busan, 0)] {
        let router = plain(cluster);
        for _ in 0..without_a_fault {
            answer(&router, EM_API).await;
        }
        let mut stopping = cluster.stopping();
        cluster.store.close().await;
        assert!(answer(&router, &logout).await.contains("<failure>"));
        stopping.wait_for(|stopping| *stopping).await.unwrap();
    }
    let lines = log.lines();
    for (cluster, number) in [("seoul", 3), ("busan", 1)] {
        let request = format!("request{{cluster={cluster} endpoint={EM_API} request={number}}}:");
        let task = format!("task{{cluster={cluster} name=writer}}:");
        let found = |span: &str, text: &str| {
            let is_found = |line: &&String| line.contains(span) && line.contains(text);
            lines.iter().filter(is_found).count()
        };
        assert_eq!(found(&task, "the cluster stops"), 1, "{lines:#?}");
        // The line is sampled over the whole process, in which other tests may have caused it just now.
        let failed = found(&format!("cluster={cluster}"), "an EM API request failed");
        assert_eq!(found(&request, "an EM API request failed"), failed, "{lines:#?}");
    }
    for line in &lines {
        assert_eq!(line.matches("cluster=").count(), 1, "{line}");
        assert!(!line.contains("s3cret"), "{line}");
    }
}

#[tokio::test]
async fn a_path_and_a_query_are_not_logged() {
    let log = Log::keep(FmtSpan::NEW);
    let cluster = TestCluster::start("seoul").await;
    let router = plain(&cluster);
    for path in ["/first-administrator/s3cret?code=s3cret", "/nowhere/s3cret", "/live?s3cret"] {
        answer(&router, path).await;
    }
    let lines = log.lines();
    for endpoint in ["/first-administrator/{code}", UNMATCHED, "/live"] {
        let span = format!("request{{cluster=seoul endpoint={endpoint}}}: ");
        assert_eq!(lines.iter().filter(|line| line.contains(&span)).count(), 1, "{lines:#?}");
    }
    assert!(!lines.concat().contains("s3cret"), "{lines:#?}");
}

#[tokio::test]
async fn a_line_of_a_handler_is_in_the_span_of_its_request() {
    let log = Log::keep(FmtSpan::NONE);
    let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
    for (cluster, id) in [(&seoul, "seoul"), (&busan, "busan")] {
        let handler = async |_: Request<Body>| {
            set_number(7);
            tracing::error!("the handler failed");
        };
        let layer = middleware::from_fn_with_state(Arc::clone(cluster), request);
        let router = Router::new().route("/failing", routing::get(handler)).layer(layer);
        answer(&router, "/failing").await;
        let line = log.lines().pop().unwrap();
        let span = format!("request{{cluster={id} endpoint=/failing request=7}}: ");
        assert!(line.contains(&span), "{line}");
    }
}

#[tokio::test]
async fn an_answer_that_is_made_while_it_is_sent_is_made_in_the_span_of_its_request() {
    let log = Log::keep(FmtSpan::NONE);
    let cluster = TestCluster::start("seoul").await;
    let download = async || {
        Body::from_stream(stream::once(async {
            tracing::error!("it broke off");
            Ok::<_, io::Error>("row")
        }))
    };
    let layer = middleware::from_fn_with_state(Arc::clone(&cluster), request);
    let router = Router::new().route("/rows.csv", routing::get(download)).layer(layer);
    assert_eq!(answer(&router, "/rows.csv").await, "row");
    let lines = log.lines();
    assert!(lines[0].contains("request{cluster=seoul endpoint=/rows.csv}: "), "{lines:#?}");
}
