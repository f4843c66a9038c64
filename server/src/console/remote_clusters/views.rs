//! Remote clusters as the console shows them.

use app::api::{
    CertificateView, EmccNeed, EmccSettings, FarewellRow, LinkProblem, LinkView,
    OwnCertificateView, OwnCertificatesView, RemoteClusterRow, RemoteSettings,
};
use engine::{PostedFarewell, RemoteCluster, ports::PeerError};
use terms::ErrorCode;

use crate::{
    admin::{self, KnownCluster, OwnCertificates, ShownCertificate},
    cluster::{ClusterCertificate, Failing, Link},
};

/// A remote cluster as a row.
pub(super) fn row(known: &KnownCluster) -> RemoteClusterRow {
    let KnownCluster { cluster, is_on, link: of, open, farewells } = known;
    let read = |pem: &str| ClusterCertificate::from_pem(pem).ok().map(|one| certificate(&one));
    RemoteClusterRow {
        id: cluster.id.clone(),
        settings: settings(cluster),
        is_on: *is_on,
        link: link(of),
        release: of.info.as_ref().map(|info| info.release.to_string()),
        takes_part: of.info.as_ref().is_none_or(|info| info.emcc),
        visiting: open.visiting,
        elsewhere: open.elsewhere,
        farewells: *farewells,
        certificate: read(&cluster.certificate),
        next: read(&cluster.next_certificate),
    }
}

/// The settings of a remote cluster.
pub(super) fn settings(cluster: &RemoteCluster) -> RemoteSettings {
    RemoteSettings {
        url: cluster.url.clone(),
        description: cluster.description.clone(),
        enabled: cluster.enabled,
    }
}

/// The settings of EMCC.
pub(super) const fn emcc(settings: engine::EmccSettings) -> EmccSettings {
    let engine::EmccSettings { active, enable_new } = settings;
    EmccSettings { active, enable_new }
}

/// A condition that EMCC needs and that does not hold.
pub(super) const fn need(need: admin::EmccNeed) -> EmccNeed {
    match need {
        admin::EmccNeed::Active => EmccNeed::Active,
        admin::EmccNeed::RemoteCluster => EmccNeed::RemoteCluster,
        admin::EmccNeed::EnabledCluster => EmccNeed::EnabledCluster,
        admin::EmccNeed::AnsweringCluster => EmccNeed::AnsweringCluster,
        admin::EmccNeed::WillingCluster => EmccNeed::WillingCluster,
        admin::EmccNeed::User => EmccNeed::User,
        admin::EmccNeed::ServiceUrl => EmccNeed::ServiceUrl,
    }
}

/// A certificate.
pub(super) fn certificate(one: &ClusterCertificate) -> CertificateView {
    CertificateView {
        cluster: one.cluster.clone(),
        fingerprint: one.fingerprint(),
        expires_ms: one.expires_s.saturating_mul(1_000),
    }
}

/// The certificates of this cluster.
pub(super) fn own(own: OwnCertificates) -> OwnCertificatesView {
    let view = |one: ShownCertificate| OwnCertificateView {
        view: certificate(&one.certificate),
        pem: one.pem,
    };
    OwnCertificatesView { current: view(own.current), next: own.next.map(view) }
}

/// A log-out that waits to be sent.
pub(super) fn farewell(posted: PostedFarewell) -> FarewellRow {
    let PostedFarewell { number, posted, farewell } = posted;
    FarewellRow {
        number,
        phone: farewell.phone,
        own_phone: farewell.to_home,
        cause: farewell.cause,
        since_ms: posted.0,
    }
}

/// When the waiting log-outs are sent next; `None` while they are being sent.
pub(super) fn next_try_ms(link: &Link) -> Option<i64> {
    let failing = link.failing.as_ref().map(|failing| failing.next);
    let next = failing.or_else(|| link.held_up.as_ref().map(|held_up| held_up.next));
    next.map(|next| next.0)
}

fn link(link: &Link) -> LinkView {
    match (&link.failing, link.answered) {
        (Some(Failing { since, tries, problem: why, next }), _) => LinkView::Failing {
            since_ms: since.0,
            tries: *tries,
            problem: problem(why.clone()),
            next_ms: next.0,
        },
        (None, Some(at)) => LinkView::Answers { at_ms: at.0 },
        (None, None) => LinkView::NotAsked,
    }
}

/// Why a remote cluster does not answer.
pub(super) fn problem(problem: PeerError) -> LinkProblem {
    match problem {
        PeerError::NotReached(why) => LinkProblem::NotReached(why),
        PeerError::NotTrusted => LinkProblem::OtherCertificate,
        PeerError::NoAnswer(why) => LinkProblem::NoAnswer(why),
        PeerError::NotUnderstood => LinkProblem::NotUnderstood,
        PeerError::Refused(ErrorCode::VisitingClusterUnknown) => LinkProblem::Unknown,
        PeerError::Refused(ErrorCode::InvalidClusterId) => LinkProblem::OtherId,
        PeerError::Refused(code) => LinkProblem::Refused(code.number(), code.text().to_owned()),
        PeerError::NoSuchCluster => LinkProblem::NotYet,
    }
}
