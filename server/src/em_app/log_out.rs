//! Logging out the user at a phone.

use wire::{phone::Screen, request::RequestedOperation};

use super::{Call, Failure, fields::is_true, lines, screens::Screens};

impl Call<'_> {
    /// Logs out the user at the phone. Anybody at the phone may do so.
    pub(super) async fn log_out(&mut self) -> Result<Screen, Failure> {
        let operation = RequestedOperation::Logout { device: self.fields.device.clone() };
        self.ask(operation, self.as_phone()).await?;
        let emcc = self.fields.emcc.as_deref().is_some_and(is_true);
        lines::logged_out(self.journal, &self.fields.device, emcc);
        Ok(Screens::new(&self.phone, &self.fields).logged_out())
    }
}
