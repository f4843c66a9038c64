//! A second, sequential implementation of the rules, after the design's table.

use std::collections::BTreeMap;

use engine::ProfileRight;
use terms::Parameter;

use super::{
    people::{PHONES, PROFILES, USERS},
    run::{Answered, Asked, What},
};

struct Stay {
    user: &'static str,
    until_ms: Option<i64>,
}

/// The model: the open login of each phone.
#[derive(Default)]
pub struct Model {
    phones: BTreeMap<String, Stay>,
    parameters: BTreeMap<Parameter, String>,
    version: u64,
    /// The number of ended logins by cause.
    pub ended: BTreeMap<&'static str, u32>,
    /// The number of refusals by error code.
    pub refused: BTreeMap<u16, u32>,
}

impl Model {
    pub fn new() -> Self {
        let parameters = [
            (Parameter::MultipleLoginBehavior, "Multiple Logins Not Allowed"),
            (Parameter::EnforceIntraMaximum, "False"),
            (Parameter::IntraMaximum, "8:00"),
        ];
        let owned = |(parameter, value): (Parameter, &str)| (parameter, value.to_owned());
        Self { parameters: parameters.map(owned).into(), ..Self::default() }
    }

    fn is(&self, parameter: Parameter, value: &str) -> bool {
        self.parameters[&parameter] == value
    }

    /// Minutes until the end of a login without another limit; zero is unlimited.
    fn limit_minutes(&self) -> i64 {
        if !self.is(Parameter::EnforceIntraMaximum, "True") {
            return 0;
        }
        let limit = &self.parameters[&Parameter::IntraMaximum];
        let (hours, minutes) = limit.split_once(':').unwrap_or((limit, "0"));
        hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap()
    }

    /// Sets a parameter, unless its value is no longer the one that was seen.
    fn save(&mut self, parameter: Parameter, seen: &str, value: &str) -> Result<(), Answered> {
        let current = &self.parameters[&parameter];
        if current != seen && current != value {
            return Err(Answered::Conflict);
        }
        if current != value {
            self.version += 1;
            self.parameters.insert(parameter, value.to_owned());
        }
        Ok(())
    }

    /// Carries out a request: the ended logins by phone and cause, or the refusal.
    ///
    /// Expiry locks no user and no phone, so it may miss a login that is committed concurrently. Of the
    /// logins that are due, those in `seen` end.
    pub fn ask(
        &mut self,
        asked: &Asked,
        seen: &[(String, &'static str)],
    ) -> Result<Vec<(String, &'static str)>, Answered> {
        if asked.version.is_some_and(|version| version != self.version) {
            return Err(Answered::Moved);
        }
        let now = asked.now.0;
        match &asked.what {
            What::LogIn { user, phone, profile, profile_right, minutes } => {
                let profile = profile.as_deref().map(|name| (name, *profile_right));
                self.log_in(now, user, phone, profile, *minutes).map_err(Answered::Refused)
            }
            What::LogOut { phone } => {
                let cause = self.log_out(now, phone).map_err(Answered::Refused)?;
                Ok(vec![(phone.clone(), cause)])
            }
            What::MakeJob | What::CancelJob => Ok(Vec::new()),
            What::Save { parameter, seen, value } => {
                self.save(*parameter, seen, value).map(|()| Vec::new())
            }
            // A job's list is checked elsewhere; the model checks that the listed logins are open.
            What::StepJob => {
                let ended = seen.iter().filter(|(phone, cause)| {
                    *cause == "forced" && self.phones.remove(phone).is_some()
                });
                let ended: Vec<_> = ended.cloned().collect();
                let count = u32::try_from(ended.len()).unwrap();
                *self.ended.entry("forced").or_default() += count;
                Ok(ended)
            }
            What::EndDue => {
                let is_seen = |phone: &str| seen.iter().any(|(seen, _)| seen == phone);
                let ended = self.expire(now, |phone, _| is_seen(phone));
                Ok(ended.into_iter().map(|phone| (phone, "expired")).collect())
            }
        }
    }

    /// The open logins as phone and user, for comparison.
    pub fn open(&self) -> Vec<(String, String)> {
        self.phones.iter().map(|(phone, stay)| (phone.clone(), stay.user.to_owned())).collect()
    }

    fn log_in(
        &mut self,
        now: i64,
        user: &str,
        phone: &str,
        profile: Option<(&str, ProfileRight)>,
        minutes: Option<u32>,
    ) -> Result<Vec<(String, &'static str)>, u16> {
        let refuse = |model: &mut Self, code| {
            *model.refused.entry(code).or_default() += 1;
            Err(code)
        };
        match PHONES.iter().find(|(name, _)| *name == phone) {
            None => return refuse(self, 11),
            Some((_, false)) => return refuse(self, 22),
            Some((_, true)) => {}
        }
        let known = USERS.iter().find(|(id, ..)| id.eq_ignore_ascii_case(user));
        let Some(&(user, true, maximum, profiles)) = known else { return refuse(self, 23) };
        let found = match profile {
            None => !profiles.is_empty(),
            Some((name, ProfileRight::Own)) => profiles.contains(&name),
            Some((name, ProfileRight::Any)) => PROFILES.contains(&name),
        };
        if !found {
            return refuse(self, 12);
        }
        let is_open = |stay: &Stay| stay.until_ms.is_none_or(|until| until > now);
        if self.phones.get(phone).is_some_and(is_open) {
            return refuse(self, 18);
        }
        let elsewhere: Vec<String> = self
            .phones
            .iter()
            .filter(|(_, stay)| stay.user == user && is_open(stay))
            .map(|(phone, _)| phone.clone())
            .collect();
        if self.is(Parameter::MultipleLoginBehavior, "Multiple Logins Not Allowed")
            && !elsewhere.is_empty()
        {
            return refuse(self, 25);
        }
        let mut ended: Vec<(String, &'static str)> = self
            .expire(now, |at, stay| at == phone || stay.user == user)
            .into_iter()
            .map(|phone| (phone, "expired"))
            .collect();
        if self.is(Parameter::MultipleLoginBehavior, "Auto Logout") {
            for other in elsewhere {
                self.phones.remove(&other);
                *self.ended.entry("auto_logout").or_default() += 1;
                ended.push((other, "auto_logout"));
            }
        }
        ended.sort();
        let minutes = match (minutes, maximum) {
            (Some(asked), _) => i64::from(asked),
            (None, Some(maximum)) => i64::from(maximum),
            (None, None) => self.limit_minutes(),
        };
        let until_ms = (minutes > 0).then(|| now + minutes * 60_000);
        self.phones.insert(phone.to_owned(), Stay { user, until_ms });
        Ok(ended)
    }

    fn log_out(&mut self, now: i64, phone: &str) -> Result<&'static str, u16> {
        let code = match PHONES.iter().find(|(name, _)| *name == phone) {
            None => 11,
            Some((_, false)) => 5,
            Some((_, true)) => match self.phones.remove(phone) {
                Some(stay) => {
                    let due = stay.until_ms.is_some_and(|until| until <= now);
                    let cause = if due { "expired" } else { "logout" };
                    *self.ended.entry(cause).or_default() += 1;
                    return Ok(cause);
                }
                None => 19,
            },
        };
        *self.refused.entry(code).or_default() += 1;
        Err(code)
    }

    /// Ends the logins that are past their end time and that `concerns` selects; their phones.
    fn expire(&mut self, now: i64, concerns: impl Fn(&str, &Stay) -> bool) -> Vec<String> {
        let due = |stay: &Stay| stay.until_ms.is_some_and(|until| until <= now);
        let ended: Vec<String> = self
            .phones
            .iter()
            .filter(|(phone, stay)| concerns(phone, stay) && due(stay))
            .map(|(phone, _)| phone.clone())
            .collect();
        self.phones.retain(|phone, _| !ended.contains(phone));
        *self.ended.entry("expired").or_default() += u32::try_from(ended.len()).unwrap();
        ended
    }
}
