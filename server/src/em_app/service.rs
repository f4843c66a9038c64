//! Questions to the EM service, with what the trace says of them.

use engine::{PhoneStatus, UserStatus};
use terms::ErrorCode;
use wire::request::{EmRequest, Operation};

use super::{Call, lines};
use crate::{
    em::{APPLICATION, Answer, Credentials},
    em_service,
};

impl Call<'_> {
    /// Who is and was at the phone.
    pub(super) async fn status(&mut self) -> Result<PhoneStatus, ErrorCode> {
        let asked = Operation::DeviceUsers(vec![self.fields.device.clone()]);
        let answer = self.ask(asked, self.as_phone()).await?;
        let Answer::Phones(phones) = answer else { return Err(ErrorCode::Unknown) };
        let status = phones.into_iter().flatten().next();
        lines::login_status(self.journal, &self.fields.device, status.as_ref());
        let status = status.ok_or(ErrorCode::NoSuchDevice)?;
        if let Some(from) = self.origin.peer {
            self.app.em.cluster.phone_is_at(&status.name, status.address.as_deref(), from);
        }
        Ok(status)
    }

    /// A user of this cluster, if there is one of this id.
    pub(super) async fn user(&mut self, id: &str) -> Result<Option<UserStatus>, ErrorCode> {
        lines::is_user_local(self.journal, id);
        let asked = Operation::CheckUsers(vec![id.to_owned()]);
        let answer = self.ask(asked, self.as_phone()).await?;
        let Answer::Users(users) = answer else { return Err(ErrorCode::Unknown) };
        Ok(users.into_iter().flatten().next())
    }

    /// The phone as the asker.
    pub(super) fn as_phone(&self) -> Credentials {
        Credentials::Phone(self.fields.device.clone())
    }

    /// Asks the EM service.
    pub(super) async fn ask(
        &mut self,
        operation: Operation,
        credentials: Credentials,
    ) -> Result<Answer, ErrorCode> {
        let via = self.origin.via.is_some();
        let address = self.origin.address();
        let message = EmRequest::of_application(APPLICATION, operation, &address, via);
        lines::posting(self.journal, &message);
        em_service::ask(&self.app.em, &message, credentials, self.origin.clone()).await
    }
}
