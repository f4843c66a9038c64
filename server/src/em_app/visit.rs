//! Log-ins of users of other clusters.

use engine::{Actor, NamedUser, UserId, UserSecret};
use terms::{AppError, ErrorCode};
use wire::phone::Screen;

use super::{Call, Failure, fields::is_true, lines, screens::Screens, ticket::Ticket};
use crate::{
    em::{NotVisited, VisitRequest, Visited},
    http::listener::Listener,
};

impl Call<'_> {
    /// Whether users of other clusters may log in at this phone.
    pub(super) fn may_visit(&self) -> bool {
        self.fields.emcc.as_deref().is_some_and(is_true) && self.app.em.takes_visitors()
    }

    /// Logs a user of another cluster in by a PIN, or asks for the profile if the user has several.
    pub(super) async fn visit(
        &mut self,
        typed: &str,
        named: NamedUser,
        pin: &str,
    ) -> Result<Screen, Failure> {
        let url = Screens::new(&self.phone, &self.fields).log_out_url();
        lines::emcc_request(self.journal, typed, &url);
        let request = self.visit_request(named, None, UserSecret::Pin(pin.to_owned()), None, url);
        self.visited(typed, &request).await
    }

    /// Logs a user of another cluster in with a profile of a menu.
    pub(super) async fn visit_with(
        &mut self,
        user: UserId,
        ticket: String,
        profile: String,
    ) -> Result<Screen, Failure> {
        let url = Screens::new(&self.phone, &self.fields).log_out_url();
        let (named, id) = (NamedUser::Id(user.id.clone()), user.id.clone());
        let secret = UserSecret::Ticket(ticket);
        let request = self.visit_request(named, Some(user), secret, Some(profile), url);
        self.visited(&id, &request).await
    }

    fn visit_request(
        &self,
        named: NamedUser,
        user: Option<UserId>,
        secret: UserSecret,
        profile: Option<String>,
        log_out_url: String,
    ) -> VisitRequest {
        let (phone, origin) = (self.fields.device.clone(), self.origin.clone());
        VisitRequest { phone, named, user, secret, profile, origin, log_out_url }
    }

    async fn visited(&mut self, typed: &str, request: &VisitRequest) -> Result<Screen, Failure> {
        let mut journal = self.app.em.begin(Listener::Https.port());
        let visited = self.app.em.visit(request, &mut journal).await;
        drop(journal);
        match visited {
            Ok(Visited::LoggedIn(login)) => {
                lines::logged_in(self.journal, &login.user.id, &self.fields.device);
                Ok(Screens::new(&self.phone, &self.fields).logged_in(&login.user.id))
            }
            Ok(Visited::Choose { user, choice }) => {
                let now = self.app.em.cluster.clock.now();
                let (profiles, phone) = (choice.profiles.clone(), self.fields.device.clone());
                let ticket = self.app.tickets.give(Ticket::Visitor { user, choice, phone }, now);
                Ok(Screens::new(&self.phone, &self.fields).profiles(&ticket, &profiles))
            }
            Err(why) => {
                let by = Actor::user(typed, self.origin.address());
                self.app.em.refused(&self.operation(typed), by, why.code());
                Err(shown(why))
            }
        }
    }
}

/// The error that the phone shows.
/// Until a PIN was right, every cause looks the same: an unknown user, an unknown phone, a home cluster that does
/// not answer.
fn shown(why: NotVisited) -> Failure {
    use ErrorCode::{InvalidClusterId, NoSuchDevice, NoSuchUser, NotAuthorized};
    match why {
        NotVisited::Unproven(_)
        | NotVisited::Refused(NotAuthorized | NoSuchUser | NoSuchDevice) => {
            AppError::Authentication.into()
        }
        NotVisited::Refused(InvalidClusterId) => AppError::ClusterId.into(),
        NotVisited::Refused(code) => code.into(),
    }
}
