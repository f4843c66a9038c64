//! Logging in and out.

use std::net::IpAddr;

use engine::{
    Admitted, Configuration, EndedLogin, LoginRequest, LogoutRequest, NewJob, ProfileRight,
    RequestedDuration, Scope, ports::Outcome,
};
use terms::{EndCause, ErrorCode, LoginFilter, Parameter};
use wire::trace::Shape;

use super::{
    Em, Step,
    asker::{Asker, May},
    emcc,
    journal::Journal,
    request::{Answer, EmOperation, Request},
    store_code,
};
use crate::cluster::{Cluster, jobs};

/// A request to log in or out, with its authenticated asker.
pub(super) struct AuthenticatedRequest<'a> {
    pub(super) asker: &'a Asker,
    pub(super) request: &'a Request,
    /// The configuration under which the asker was authenticated.
    pub(super) configuration: &'a Configuration,
}

impl Em {
    /// Logs a user in or out, or begins the log-out of all users.
    /// Errors take precedence in this order: 10, then 28 and 30, then 26, then those of the login
    /// rules.
    pub(super) async fn log_in_or_out(
        &self,
        asked: &AuthenticatedRequest<'_>,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        let AuthenticatedRequest { asker, request, configuration } = *asked;
        match &request.operation {
            EmOperation::LogIn { user, .. } if !asker.may_act_for(user) => {
                return Ok(Step::Refused(ErrorCode::NoProxyRights));
            }
            EmOperation::LogOutAll if asker.may != May::Everybody => {
                return Ok(Step::Refused(ErrorCode::NoProxyRights));
            }
            _ => {}
        }
        let phone = request.operation.phone();
        let named = Some(phone).filter(|phone| !phone.is_empty());
        let from = self.addresses.validate(
            &self.cluster,
            configuration,
            Parameter::AllowProxy,
            &request.origin,
            named,
        );
        let address = match from.await {
            Ok(address) => address,
            Err(code @ (ErrorCode::UntrustedIp | ErrorCode::ProxyNotAllowed)) => {
                return Ok(Step::Doubtful(code));
            }
            Err(code) => return Err(code),
        };
        let limit = configuration.parameters.maximum_concurrent_requests();
        let Some(_permit) = self.throttle.enter(limit).await else {
            if let Some(address) = address
                && !self.addresses.is_own(&self.cluster, configuration, phone, address).await?
            {
                return Ok(Step::Doubtful(ErrorCode::UntrustedIp));
            }
            self.cluster.counters.throttled.inc();
            return Ok(Step::Refused(ErrorCode::Busy));
        };
        let step = match &request.operation {
            EmOperation::LogIn { .. } => self.log_in(asked, address, journal).await?,
            EmOperation::LogOut { phone } => self.log_out(asked, phone, address, journal).await?,
            _ => self.log_out_all(asked).await?,
        };
        if let Some(address) = address
            && !matches!(step, Step::Refused(ErrorCode::UntrustedIp) | Step::Moved)
        {
            self.addresses.remember(phone, address, configuration);
        }
        Ok(step)
    }

    async fn log_in(
        &self,
        asked: &AuthenticatedRequest<'_>,
        phone_address: Option<IpAddr>,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        let EmOperation::LogIn { phone, user, profile, duration } = &asked.request.operation else {
            return Err(ErrorCode::Unknown);
        };
        journal.say(Shape::ExecutingLogin, &[]);
        journal.say(Shape::GetDevice, &[phone]);
        let request = LoginRequest {
            phone: phone.clone(),
            user: user.clone(),
            profile: profile.clone(),
            profile_right: asked.asker.profile_right(),
            phone_address,
            duration: *duration,
            actor: asked.asker.actor(&asked.request.origin.address()),
            authenticated_at: Some(asked.asker.version),
        };
        match self.cluster.engine.log_in(request).await.map_err(store_code)? {
            Outcome::ConfigurationMoved => Ok(Step::Moved),
            Outcome::Refused(code) => {
                if !matches!(code, ErrorCode::NoSuchDevice | ErrorCode::UntrustedIp) {
                    journal.say(Shape::DeviceReturned, &[phone]);
                }
                if code == ErrorCode::NoSuchProfile {
                    looked_up_by_name(journal, asked);
                }
                if code == ErrorCode::LoggedInElsewhere {
                    journal.say(Shape::LoginTime, &[&0]);
                    journal.say(Shape::NobodyLoggedIn, &[]);
                }
                Ok(Step::Refused(code))
            }
            Outcome::Done(admitted) => {
                self.cluster.counters.logins.inc();
                self.cluster.counters.logouts.inc_by(admitted.ended.len() as u64);
                admitted_to(journal, &self.cluster, asked, *duration, &admitted);
                Ok(Step::Answer(Answer::Done))
            }
        }
    }

    async fn log_out(
        &self,
        asked: &AuthenticatedRequest<'_>,
        phone: &str,
        phone_address: Option<IpAddr>,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        journal.say(Shape::ExecutingLogout, &[&phone]);
        let request = LogoutRequest {
            phone: phone.to_owned(),
            phone_address,
            only: asked.asker.only(),
            actor: asked.asker.actor(&asked.request.origin.address()),
            authenticated_at: Some(asked.asker.version),
        };
        match self.cluster.engine.log_out(request).await.map_err(store_code)? {
            Outcome::ConfigurationMoved => Ok(Step::Moved),
            Outcome::Refused(code) => Ok(Step::Refused(code)),
            Outcome::Done(EndedLogin { phone, .. }) => {
                self.cluster.counters.logouts.inc();
                journal.say(Shape::SendingLogout, &[&phone]);
                journal.say(Shape::RemoveLogout, &[&phone]);
                journal.say(Shape::DeviceLogoutReturned, &[&phone]);
                journal.say(Shape::LogoutSuccessful, &[&phone]);
                Ok(Step::Answer(Answer::Done))
            }
        }
    }

    /// Begins the job that logs out everybody.
    /// On return the job and its first log-outs are durable; the other log-outs follow at the cluster's
    /// rate.
    async fn log_out_all(&self, asked: &AuthenticatedRequest<'_>) -> Result<Step, ErrorCode> {
        let cluster = &self.cluster;
        let job = NewJob {
            id: cluster.ids.job_id(),
            scope: Scope::Matching { filter: LoginFilter::default() },
            cause: EndCause::LogoutAll,
            reason: String::new(),
            by: asked.asker.actor(&asked.request.origin.address()),
        };
        let (version, now) = (asked.asker.version, cluster.clock.now());
        let made = engine::make_job_at(&*cluster.store, job, version, now);
        let job = match made.await.map_err(store_code)? {
            Outcome::ConfigurationMoved => return Ok(Step::Moved),
            Outcome::Refused(code) => return Ok(Step::Refused(code)),
            Outcome::Done(job) => job,
        };
        // If the first log-outs fail, the job is durable all the same, and continues by itself.
        jobs::begin(cluster, job.id).await.map_err(store_code)?;
        Ok(Step::Answer(Answer::Done))
    }
}

/// The lines of a login that began, in the order of the original.
fn admitted_to(
    journal: &mut Journal,
    cluster: &Cluster,
    asked: &AuthenticatedRequest<'_>,
    duration: RequestedDuration,
    admitted: &Admitted,
) {
    let Admitted { login, ended, .. } = admitted;
    let phone = &login.phone;
    journal.say(Shape::DeviceReturned, &[phone]);
    journal.say(Shape::LoginTime, &[&0]);
    journal.say(Shape::NobodyLoggedIn, &[]);
    for ended in ended {
        emcc::ended_for(journal, cluster, ended);
    }
    let minutes = match duration {
        RequestedDuration::Unset => -1,
        RequestedDuration::Indefinite => 0,
        RequestedDuration::Minutes(minutes) => i64::from(minutes),
    };
    journal.say(Shape::ComputeDuration, &[phone, &false, &true, &minutes]);
    if minutes < 0 {
        let user = format!("'{}'", login.user);
        journal.say_unnumbered(Shape::MaxLoginTime, &[&user]);
    }
    let seconds = login.until.map_or(0, |until| until.millis_since(login.from) / 1000);
    journal.say_unnumbered(Shape::EffectiveDuration, &[&seconds]);
    journal.say(Shape::SendingLogin, &[phone]);
    looked_up_by_name(journal, asked);
    let arguments = format!("{phone}, {}, {}, {seconds}, false, 0", login.profile, login.user);
    journal.say(Shape::DeviceLogin, &[phone, &arguments]);
    journal.say(Shape::DeviceLoginReturned, &[phone]);
    if seconds > 0 {
        journal.say(Shape::ScheduleLogout, &[&seconds]);
        journal.say(Shape::SetLogout, &[phone, &seconds]);
    }
    journal.say(Shape::LoginSuccessful, &[phone]);
}

/// Notes that the device profile is looked up by its name alone, whatever user it belongs to.
fn looked_up_by_name(journal: &mut Journal, asked: &AuthenticatedRequest<'_>) {
    if let EmOperation::LogIn { profile: Some(profile), .. } = &asked.request.operation
        && asked.asker.profile_right() == ProfileRight::Any
    {
        journal.say_unnumbered(Shape::ProfileInfo, &[profile]);
    }
}
