//! Changing a PIN at a phone.

use engine::Actor;
use terms::{AppError, ErrorCode, PhoneAct};
use wire::phone::Screen;

use super::{Call, Failure, screens::Screens, texts::PinText};
use crate::em::PinNotChanged;

impl Call<'_> {
    /// The form; with `user`, for a user who has to choose another PIN.
    pub(super) async fn change_pin_form(&self, user: Option<&str>) -> Screen {
        let model = self.model().await;
        let screens = Screens::new(&self.phone, &self.fields);
        let typed = self.fields.user.clone().unwrap_or_default();
        match user {
            None => screens.change_pin(&model, &typed, None),
            Some(user) => {
                let code = ErrorCode::PinChangeRequired;
                let why = code.phone_text(PhoneAct::LogIn, self.phone.language);
                screens.change_pin(&model, user, Some(&why))
            }
        }
    }

    /// The phone's model, from the header of the phone or from the configuration; empty if both lack it.
    async fn model(&self) -> String {
        if let Some(model) = &self.phone.model {
            return model.clone();
        }
        let device = std::slice::from_ref(&self.fields.device);
        // The form is shown without the store as well; it is sent in the address then.
        let found = self.app.em.cluster.store.phones(device).await;
        let status = found.ok().and_then(|(_, phones)| phones.into_iter().flatten().next());
        status.map(|status| status.model).unwrap_or_default()
    }

    /// Changes the PIN of a user who knows the present one.
    pub(super) async fn change_pin(
        &mut self,
        typed: &str,
        pin: &str,
        [new, again]: &[String; 2],
    ) -> Result<Screen, Failure> {
        let id_kind = self.fields.id_kind()?;
        if typed.is_empty() || pin.is_empty() {
            return Err(self.refused(typed, AppError::Blank));
        }
        let user = self.meant(id_kind, typed).await?;
        let typed_and_meant = (typed, user.as_deref());
        let (device, origin) = (self.fields.device.clone(), self.origin.clone());
        let proof = self.app.em.shown_pin(&device, typed_and_meant, pin, &origin).await;
        let proof = proof.map_err(|code| self.unchecked(typed, code))?;
        // The new PINs are compared after this check, so that every wrong PIN gets the same answer.
        let Some(proof) = proof else {
            return Err(self.refused(typed, AppError::Authentication));
        };
        let screens = Screens::new(&self.phone, &self.fields);
        if new != again {
            return Ok(screens.pin_not_changed(PinText::Differ));
        }
        match self.app.em.change_pin(&proof, new, &origin).await {
            Ok(()) => Ok(screens.pin_changed()),
            Err(PinNotChanged::Problem(problem)) => {
                Ok(screens.pin_not_changed(PinText::Problem(problem)))
            }
            Err(PinNotChanged::Outdated) => Err(AppError::Authentication.into()),
            Err(PinNotChanged::Failed(code)) => {
                let by = Actor::user(typed, self.origin.address());
                self.app.em.refused(&self.operation(typed), by, code);
                Err(code.into())
            }
        }
    }
}
