//! Questions to the EM service, with their trace lines.

use engine::{PhoneStatus, UserStatus};
use terms::ErrorCode;
use wire::request::{EmRequest, RequestedOperation};

use super::{Call, lines};
use crate::{
    em::{APPLICATION, Answer, AskerCredentials},
    em_service,
};

impl Call<'_> {
    /// The current and the last user of the phone.
    pub(super) async fn status(&mut self) -> Result<PhoneStatus, ErrorCode> {
        let device = self.fields.device.clone();
        let message = self.message(RequestedOperation::DeviceUsers(vec![device.clone()]));
        let (asker, origin) = (self.as_phone(), self.origin.clone());
        let answer = em_service::ask(&self.app.em, &message, asker, origin).await;
        let status = match answer {
            Ok(Answer::Phones(phones)) => Ok(phones.into_iter().flatten().next()),
            Ok(_) => Err(ErrorCode::Unknown),
            Err(code) => Err(code),
        };
        // The original knows the model before it asks the EM service.
        let model = status.as_ref().ok().and_then(Option::as_ref).map(|status| &*status.model);
        lines::no_alternate_script(self.journal, &device, model);
        lines::script(self.journal, &device);
        lines::posting(self.journal, &message);
        let status = status?;
        lines::login_status(self.journal, &device, status.as_ref());
        let status = status.ok_or(ErrorCode::NoSuchDevice)?;
        if let Some(from) = self.seen_at {
            self.app.em.cluster.phone_is_at(&status.name, status.address.as_deref(), from);
        }
        Ok(status)
    }

    /// The user of this cluster with this id, if any.
    pub(super) async fn user(&mut self, id: &str) -> Result<Option<UserStatus>, ErrorCode> {
        lines::is_user_local(self.journal, id);
        let asked = RequestedOperation::CheckUsers(vec![id.to_owned()]);
        let answer = self.ask(asked, self.as_phone()).await?;
        let Answer::Users(users) = answer else { return Err(ErrorCode::Unknown) };
        let user = users.into_iter().flatten().next();
        lines::user_checked(self.journal, user.as_ref().map(|user| user.id.as_str()));
        Ok(user)
    }

    /// The phone as the asker.
    pub(super) fn as_phone(&self) -> AskerCredentials {
        AskerCredentials::Phone(self.fields.device.clone())
    }

    /// Asks the EM service.
    pub(super) async fn ask(
        &mut self,
        operation: RequestedOperation,
        credentials: AskerCredentials,
    ) -> Result<Answer, ErrorCode> {
        let message = self.message(operation);
        lines::posting(self.journal, &message);
        em_service::ask(&self.app.em, &message, credentials, self.origin.clone()).await
    }

    fn message(&self, operation: RequestedOperation) -> EmRequest {
        let via = self.origin.via.is_some();
        EmRequest::of_application(APPLICATION, operation, &self.origin.address(), via)
    }
}
