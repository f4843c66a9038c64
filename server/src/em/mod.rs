//! The EM service without transport: authentication, source addresses, permits, the operations, and the
//! lines of the trace. An adapter, such as the EM API, converts its message to a [`Request`], and the
//! [`Answer`] to a message.

mod addresses;
mod asker;
mod authenticate;
mod change_pin;
mod emcc;
mod journal;
mod logins;
mod pin;
mod queries;
mod refusals;
mod remembered;
mod request;
mod shared;
mod threads;
mod throttle;
mod tickets;
mod trusted_names;

use std::sync::Arc;

use engine::{Actor, Configuration, ports::StoreError};
use terms::{AppError, ErrorCode, NotUnderstood};
use wire::trace::Shape;

use crate::{cluster::Cluster, edge::sampled_error};
use addresses::AddressValidation;
use asker::{Asker, May};
use authenticate::Authenticator;
use emcc::{HomeTicket, Visits};
use refusals::{Refusals, Subject};
use threads::Threads;
use throttle::Throttle;

pub(crate) use change_pin::PinNotChanged;
pub(crate) use emcc::{NotVisited, Peer, VisitRequest, Visited};
pub(crate) use journal::Journal;
pub(crate) use pin::{APPLICATION, Proof};
pub(crate) use request::{Answer, AskerCredentials, EmOperation, Origin, Request};
pub(crate) use tickets::Tickets;

/// The most times that a request is authenticated while the configuration changes.
const ATTEMPTS: usize = 8;

/// The EM service of a cluster, which all adapters share.
pub(crate) struct Em {
    /// The cluster.
    pub(crate) cluster: Arc<Cluster>,
    authenticator: Authenticator,
    addresses: AddressValidation,
    throttle: Throttle,
    refusals: Refusals,
    home_tickets: Tickets<HomeTicket>,
    visits: Visits,
    threads: Arc<Threads>,
}

/// The outcome of one attempt at a request.
enum Step {
    /// The answer.
    Answer(Answer),
    /// A refusal by the rules, from facts that the transaction has read.
    Refused(ErrorCode),
    /// A refusal from remembered configuration, which may be old.
    Doubtful(ErrorCode),
    /// The configuration changed meanwhile: authenticate again.
    Moved,
}

impl Em {
    /// The EM service of a cluster.
    pub(crate) fn new(cluster: Arc<Cluster>) -> Self {
        Self {
            authenticator: Authenticator::new(),
            addresses: AddressValidation::new(),
            throttle: Throttle::default(),
            refusals: Refusals::default(),
            home_tickets: Tickets::default(),
            visits: Visits::default(),
            threads: Arc::default(),
            cluster,
        }
    }

    /// Begins the trace of a request to the EM service. `port` is the original's port.
    pub(crate) fn begin(&self, port: u16) -> Journal {
        Journal::of_service(Arc::clone(&self.cluster), port, Threads::enter(&self.threads))
    }

    /// Begins the trace of a request to the EM application.
    pub(crate) fn begin_at_application(&self, port: u16) -> Journal {
        Journal::of_application(Arc::clone(&self.cluster), port, Threads::enter(&self.threads))
    }

    /// Notes a request that was not understood, with its source address.
    pub(crate) fn not_understood(&self, why: NotUnderstood, address: String) {
        let by = Actor::application_user("", address);
        let code = ErrorCode::Parsing.number();
        self.refusals.note(&self.cluster, Subject::NotUnderstood(why), by, code);
    }

    /// Notes an operation that was refused before the EM service was asked.
    pub(crate) fn refused(&self, operation: &EmOperation, by: Actor, code: ErrorCode) {
        self.refusals.note(&self.cluster, Subject::Operation(operation), by, code.number());
    }

    /// Notes a log-in or log-out at a phone that the EM application refused by itself.
    pub(crate) fn refused_at_application(&self, operation: &EmOperation, by: Actor, why: AppError) {
        self.refusals.note(&self.cluster, Subject::Operation(operation), by, why.number());
    }

    /// Authenticates the asker, and does the operation.
    ///
    /// # Errors
    /// The reason for the refusal, or the fault; either is recorded.
    pub(crate) async fn ask(
        &self,
        request: &Request,
        journal: &mut Journal,
    ) -> Result<Answer, ErrorCode> {
        if request.operation.is_login_or_logout() {
            self.cluster.counters.attempted.inc();
        }
        let mut by = request.credentials.actor(request.origin.address());
        let asked = self.authenticated(request, journal, &mut by).await;
        if let Err(code) = asked {
            let subject = Subject::Operation(&request.operation);
            self.refusals.note(&self.cluster, subject, by, code.number());
        }
        asked
    }

    /// Authenticates the asker, puts the asker into `by`, and does the operation.
    /// Repeats these steps while the configuration changes, at most `ATTEMPTS` times.
    async fn authenticated(
        &self,
        request: &Request,
        journal: &mut Journal,
        by: &mut Actor,
    ) -> Result<Answer, ErrorCode> {
        let Request { credentials, origin, operation } = request;
        if let AskerCredentials::Secret(id, secret) = credentials
            && (id.is_empty() || secret.as_deref() == Some(""))
        {
            return Err(ErrorCode::NotAuthorized);
        }
        let begun = journal.mark();
        for _ in 0..ATTEMPTS {
            journal.back_to(begun);
            let asker = match credentials {
                AskerCredentials::Secret(id, Some(secret)) => {
                    let address = origin.address();
                    let from = authenticate::From { address: &address, phone: operation.phone() };
                    let who = (id.as_str(), secret.as_str());
                    self.authenticator.authenticate(&self.cluster, who, from, journal).await?
                }
                AskerCredentials::Secret(_, None) => None,
                AskerCredentials::Proof(proof) => self.by_proof(proof, journal).await?,
                AskerCredentials::Phone(name) => Some(self.phone_itself(name, journal).await?),
            };
            let Some(asker) = asker else {
                return Err(ErrorCode::InvalidAppUser);
            };
            *by = asker.actor(&origin.address());
            journal.say(Shape::Authenticated, &[]);
            match self.perform(&asker, request, journal).await? {
                Step::Answer(answer) => return Ok(answer),
                Step::Refused(code) => return Err(code),
                Step::Doubtful(code) if self.is_current(&asker).await? => return Err(code),
                Step::Doubtful(_) | Step::Moved => {}
            }
            if let AskerCredentials::Secret(id, _) = credentials {
                self.authenticator.recheck(id);
            }
        }
        Err(ErrorCode::Busy)
    }

    async fn is_current(&self, asker: &Asker) -> Result<bool, ErrorCode> {
        Ok(self.cluster.store.version().await.map_err(store_code)? == asker.version)
    }

    /// Does the operation, under the configuration at which the asker was authenticated.
    ///
    /// # Errors
    /// When the store fails; the outcome of the operation is unknown then.
    async fn perform(
        &self,
        asker: &Asker,
        request: &Request,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        if asker.may == May::Nobody {
            return Ok(Step::Doubtful(ErrorCode::NoProxyRights));
        }
        match &request.operation {
            EmOperation::Unknown => Ok(Step::Refused(ErrorCode::QueryUndetermined)),
            EmOperation::Phones(names) => self.phones(asker, names).await,
            EmOperation::Users(ids) => self.users(asker, ids).await,
            EmOperation::LogIn { .. } | EmOperation::LogOut { .. } | EmOperation::LogOutAll => {
                let Some(configuration) = self.configuration(asker).await? else {
                    return Ok(Step::Moved);
                };
                let configuration = &*configuration;
                self.log_in_or_out(
                    &logins::AuthenticatedRequest { asker, request, configuration },
                    journal,
                )
                .await
            }
        }
    }

    /// The configuration at which the asker was authenticated; `None` if it has changed since.
    async fn configuration(&self, asker: &Asker) -> Result<Option<Arc<Configuration>>, ErrorCode> {
        let known = Arc::clone(&self.cluster.configuration.borrow());
        if known.version == asker.version {
            return Ok(Some(known));
        }
        let read = self.cluster.store.configuration().await.map_err(store_code)?;
        Ok((read.version == asker.version).then(|| Arc::new(read)))
    }
}

/// The error code of a store error; the log has the error itself.
fn store_code(error: StoreError) -> ErrorCode {
    match error {
        StoreError::Busy => ErrorCode::Busy,
        error => {
            sampled_error!(%error, "an EM API request failed");
            match error {
                // Facts that the rules need can't be parsed.
                StoreError::BadRow(_) => ErrorCode::PolicyValidation,
                _ => ErrorCode::Database,
            }
        }
    }
}
