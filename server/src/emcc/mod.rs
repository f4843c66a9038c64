//! Messages between clusters: XML over HTTPS, on connections that both clusters authenticate by their certificates.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use engine::{Learnt, PeerAnswer, PeerMessage, PeerRequest, RemoteCluster};
use terms::{Alarm, ErrorCode};
use wire::emcc;

use crate::{
    cluster::{About, CertificateOwner, ClusterCertificate, PROTOCOL},
    edge::{Client, Sampled, TlsSession},
    em::{Em, Peer},
    form::form,
    http::{listener::Listener, span},
    to_its_end::to_its_end,
};

/// The messages of other clusters to this cluster.
#[derive(Clone)]
pub(crate) struct Messages(Arc<Inner>);

struct Inner {
    em: Arc<Em>,
    /// Messages with an unknown certificate; the log reports a sample to the operator.
    unknown: Sampled,
}

impl Messages {
    /// The messages to the cluster of this EM service.
    pub(crate) fn to(em: Arc<Em>) -> Self {
        Self(Arc::new(Inner { em, unknown: Sampled::default() }))
    }
}

/// Answers peers, on any path; all other requests go on to the router.
pub(crate) async fn peers(
    State(messages): State<Messages>,
    request: Request,
    next: Next,
) -> Response {
    let session = request.extensions().get::<TlsSession>();
    let is_peer = session.is_some_and(|session| session.protocol.as_deref() == Some(PROTOCOL));
    if !is_peer {
        return next.run(request).await;
    }
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
    }
    let certificate = session.and_then(|session| session.certificate.clone());
    let address = request.extensions().get::<Client>().map(|client| client.address);
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let message = form(request).and_then(|form| {
        let xml = form.field("xml").ok_or(terms::NotUnderstood::NoField)?;
        emcc::parse(&xml)
    });
    let xml = match message {
        Ok(message) => messages.answer(certificate, address, message).await,
        Err(why) => {
            tracing::debug!(%why, "a message of another cluster was not understood");
            failure(ErrorCode::Parsing)
        }
    };
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], xml).into_response()
}

/// A refusal of a message that is not read further.
pub(crate) fn failure(code: ErrorCode) -> String {
    let request = PeerRequest::CheckUser(engine::NamedUser::Id(String::new()));
    emcc::answer(&request, &PeerAnswer::Refused(code))
}

impl Messages {
    async fn answer(
        &self,
        certificate: Option<rustls::pki_types::CertificateDer<'static>>,
        address: String,
        message: PeerMessage,
    ) -> String {
        let em = Arc::clone(&self.0.em);
        let cluster = match self.sender(certificate, &address, &message).await {
            Ok(cluster) => cluster,
            Err(code) => return failure(code),
        };
        em.cluster.counters.emcc_messages.inc();
        if let PeerRequest::Update(_) | PeerRequest::Stays(_) = &message.request {
            // Each cluster sends an update every 4 s, and the original's trace has no such messages.
            let answer = em.answer_maintenance(&cluster.id, &message.request).await;
            return emcc::answer(&message.request, &answer);
        }
        let mut journal = em.begin(Listener::Https.port());
        span::set_number(journal.number());
        let tasks = em.cluster.tasks.clone();
        // A started operation runs to completion even if the other cluster disconnects.
        let work = async move {
            let peer = Peer { cluster, address };
            let answer = em.answer_peer(&peer, &message, &mut journal).await;
            emcc::answer(&message.request, &answer)
        };
        to_its_end(&tasks, work).await.unwrap_or_else(|| failure(ErrorCode::Unknown))
    }

    /// The remote cluster that sends a message, by its certificate.
    async fn sender(
        &self,
        certificate: Option<rustls::pki_types::CertificateDer<'static>>,
        address: &str,
        message: &PeerMessage,
    ) -> Result<RemoteCluster, ErrorCode> {
        let cluster = &self.0.em.cluster;
        let shown = certificate.as_ref().map(|shown| cluster.owner_of(shown));
        let known = match shown {
            Some(CertificateOwner::Known(known)) => known,
            Some(CertificateOwner::Announced(known)) => {
                let uses = Learnt::Uses(known.next_certificate.clone());
                let is_known = cluster.learn(&known.id, uses).await.map_err(|error| {
                    tracing::error!(%error, "the new certificate of a cluster was not noted");
                    ErrorCode::Database
                })?;
                // The announcement may have been taken back since the configuration was read.
                if !is_known {
                    return Err(ErrorCode::VisitingClusterUnknown);
                }
                known
            }
            Some(CertificateOwner::Unknown) | None => {
                let read = certificate.and_then(|one| ClusterCertificate::from_der(one).ok());
                // The first message raises no alarm: the sender may have added this cluster just before this
                // cluster adds the sender.
                if let Some(times) = self.0.unknown.count().filter(|times| *times > 1) {
                    let named = read.as_ref().map(|one| one.cluster.as_str());
                    let fingerprint = read.as_ref().map(ClusterCertificate::fingerprint);
                    let hint = "is it to be a remote cluster, and is its certificate the one here?";
                    cluster.alarm(Alarm::NodeNotTrusted, About::default());
                    tracing::warn!(
                        times,
                        address,
                        named,
                        fingerprint,
                        hint,
                        "a cluster is unknown"
                    );
                }
                return Err(ErrorCode::VisitingClusterUnknown);
            }
        };
        // The certificate identifies the sender, whatever the message says.
        if message.sender == known.id { Ok(known) } else { Err(ErrorCode::InvalidClusterId) }
    }
}
