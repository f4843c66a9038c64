//! Running a step about stays on any store.

use engine::{
    Actor, DeviceProfile, HomeConfiguration, HomeLogin, Intent, Line, LoginId, StayEnd, Stays,
    UserId, UserSecret, UtcMillis, emcc::visiting::Outcome,
};
use model::Tables;

use super::{
    super::run::{Moment, On, login_id, text},
    StayRequest, StayStep,
    step::Visit,
};

impl Moment {
    /// Records the identities of a request before the request runs, even if the request fails.
    pub fn note_stay(&mut self, index: usize, request: &StayRequest) {
        let id = match request {
            StayRequest::Intend { user, home, phone } => {
                let id = login_id(self.number, index);
                let user = UserId { cluster: (*home).to_owned(), id: (*user).to_owned() };
                let (phone, expires) = ((*phone).to_owned(), self.now);
                self.intents.push(Intent { id, phone, user, expires });
                id
            }
            StayRequest::HomeLogIn { stay, .. } => stay.id(self.number),
            _ => return,
        };
        if !self.stays.contains(&id) {
            self.logins.push(id);
            self.stays.push(id);
        }
    }

    /// Records the identities of a step before the step runs, even if the step fails.
    pub fn note_stays(&mut self, step: &StayStep) {
        if let StayStep::Visit { user, home, phone, .. } = step {
            let (user, home, phone) = (*user, *home, *phone);
            self.note_stay(0, &StayRequest::Intend { user, home, phone });
        }
    }

    /// Puts intents that hold phones, and open stays, behind the others, since steps count from the end.
    pub fn sort_stays(&mut self, tables: &Tables) {
        let is_held = |id: LoginId| tables.intents.values().any(|intent| intent.id == id);
        let is_open = |id: LoginId| tables.open().any(|stored| stored.login.id == id);
        self.intents.sort_by_key(|intent| is_held(intent.id));
        self.stays.sort_by_key(|id| is_open(*id));
    }

    /// The intent at the position `ago`, counted from the end.
    fn intent(&self, ago: usize) -> Option<&Intent> {
        self.intents.iter().rev().nth(ago)
    }

    /// The stay at the position `ago`, counted from the end.
    fn stay(&self, ago: usize) -> Option<LoginId> {
        self.stays.iter().rev().nth(ago).copied()
    }

    /// Runs a request about a stay, and returns the answer.
    pub async fn ask_stay(&self, on: &On<'_>, index: usize, request: &StayRequest) -> String {
        let (store, now) = (on.store, self.now);
        match request {
            StayRequest::Intend { user, home, phone } => {
                let user = UserId { cluster: (*home).to_owned(), id: (*user).to_owned() };
                let id = login_id(self.number, index);
                text(engine::intend(store, id, (*phone).to_owned(), user, now).await)
            }
            StayRequest::Settle { intent, outcome, visit } => {
                let Some(intent) = self.intent(*intent).cloned() else { return String::new() };
                let by = Actor::phone(&intent.phone, "10.0.0.1");
                let visit = visit.as_ref().map(|visit| configuration(visit, &intent));
                text(engine::settle(store, intent, *outcome, visit, by, now).await)
            }
            StayRequest::HomeLogIn { stay, user, profile, ago } => {
                let request = HomeLogin {
                    login: stay.id(self.number),
                    phone: stay.phone.to_owned(),
                    model: "Cisco 8861".to_owned(),
                    description: "Far".to_owned(),
                    phone_address: "10.9.9.9".to_owned(),
                    user: (*user).to_owned(),
                    secret: UserSecret::Pin("1".to_owned()),
                    profile: profile.map(str::to_owned),
                    log_out_url: String::new(),
                };
                let version = on.version(*ago).unwrap_or(on.version);
                let visiting = stay.visiting.to_owned();
                text(engine::home_log_in(store, visiting, request, version, now).await)
            }
            StayRequest::HomeLogOut { stay, is_named, cause } => {
                let login = is_named.then(|| stay.id(self.number));
                let end = StayEnd { login, phone: stay.phone.to_owned(), cause: *cause };
                text(engine::home_log_out(store, stay.visiting.to_owned(), end, now).await)
            }
            StayRequest::VisitingLogOut { intent, home, is_named, cause } => {
                let Some(intent) = self.intent(*intent) else { return String::new() };
                let login = is_named.then_some(intent.id);
                let end = StayEnd { login, phone: intent.phone.clone(), cause: *cause };
                text(engine::visiting_log_out(store, (*home).to_owned(), end, now).await)
            }
        }
    }

    /// Runs a step about stays, and returns the answer.
    pub async fn run_stays(&self, on: &On<'_>, step: &StayStep) -> String {
        let (store, now) = (on.store, self.now);
        match step {
            StayStep::Visit { user, home, phone, visit } => {
                let (user, home, phone) = (*user, *home, *phone);
                let intend = StayRequest::Intend { user, home, phone };
                let (outcome, visit) = (Outcome::Admitted, Some(visit.clone()));
                let settle = StayRequest::Settle { intent: 0, outcome, visit };
                let held = self.ask_stay(on, 0, &intend).await;
                let begun = self.ask_stay(on, 0, &settle).await;
                format!("{held}\n{begun}")
            }
            StayStep::GiveUp { all, limit } => {
                let due = if *all { UtcMillis(i64::MAX) } else { now };
                text(engine::give_up_intents(store, due, now, *limit).await)
            }
            StayStep::Answer { peer, sender_is, stays } => {
                let logins = stays.iter().filter_map(|ago| self.stay(*ago)).collect();
                let stays = Stays { sender_is: *sender_is, logins };
                text(engine::answer_stays(store, (*peer).to_owned(), stays).await)
            }
            StayStep::End { peer, role, over, hours } => {
                let now = now.plus_minutes(hours * 60);
                let asked = self.stays.iter().rev().zip(over);
                let logins = asked.clone().map(|(id, _)| *id).collect();
                let over = asked.filter(|(_, is_over)| **is_over).map(|(id, _)| *id).collect();
                let asked = Stays { sender_is: *role, logins };
                text(engine::end_stays(store, (*peer).to_owned(), asked, over, now).await)
            }
            StayStep::Acknowledge { farewell } => {
                let number = on.outbox.get(*farewell).copied().unwrap_or_default();
                text(engine::acknowledged(store, number).await)
            }
        }
    }
}

/// The home cluster's answer to an intent.
fn configuration(visit: &Visit, Intent { user, phone, .. }: &Intent) -> HomeConfiguration {
    HomeConfiguration {
        user: user.id.to_lowercase(),
        profile: DeviceProfile {
            name: visit.profile.to_owned(),
            model: "Cisco 8861".to_owned(),
            lines: vec![Line { dn: "2001".to_owned(), label: phone.clone() }],
            speed_dials: Vec::new(),
            sip: Vec::new(),
        },
        call_server: "192.0.2.5:5060".to_owned(),
        seconds_left: visit.seconds_left,
    }
}
