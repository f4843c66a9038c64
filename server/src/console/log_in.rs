//! Logging a user in at a phone, from the phone's page.

use app::api::{InTheWay, LogInAnswer, LogInOutcome, LogInWish, Refused};
use engine::{Login, LoginId, NotAdmitted};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::request::{ConsoleRequest, refused};
use crate::admin::LogIn;

/// The name under which a session keeps the answer to the form.
const LOG_IN: &str = "log-in";

impl ConsoleRequest {
    /// Logs a user in, keeps the answer for the phone's page, and returns the path of the page.
    pub(super) async fn log_in(&self, wish: LogInWish) -> Result<String, Refused> {
        let caller = self.caller().await?;
        let named = wish.named.split(',').filter_map(|id| id.parse::<Uuid>().ok()).map(LoginId);
        let profile = Some(wish.profile.trim().to_owned()).filter(|profile| !profile.is_empty());
        let (phone, user) = (wish.phone.clone(), wish.user.trim().to_owned());
        let log_in = LogIn { phone, user, profile, named: named.collect() };
        let outcome = match self.admin.log_in(&caller, log_in).await.map_err(refused)? {
            Ok(_) => LogInOutcome::Done,
            Err(NotAdmitted { code, in_the_way }) if in_the_way.is_empty() => {
                LogInOutcome::Refused(code.number())
            }
            Err(NotAdmitted { in_the_way, .. }) => {
                LogInOutcome::InTheWay(in_the_way.iter().map(shown).collect())
            }
        };
        let page = format!("/phones/{}", utf8_percent_encode(&wish.phone, NON_ALPHANUMERIC));
        self.answer_form(LOG_IN, &LogInAnswer { wish, outcome }).await;
        Ok(page)
    }

    /// The answer to the form on a phone's page.
    /// An answer to another phone's form belongs to a page that was never shown: it is dropped.
    pub(super) async fn log_in_answer(&self, phone: &str) -> Result<Option<LogInAnswer>, Refused> {
        self.caller().await?;
        let answered: Option<LogInAnswer> = self.answered(LOG_IN).await;
        Ok(answered.filter(|answer| answer.wish.phone == phone))
    }
}

fn shown(open: &Login) -> InTheWay {
    let Login { id, user, phone, .. } = open;
    InTheWay { id: id.0.to_string(), user: user.to_string(), phone: phone.to_string() }
}
