//! Phones in the browser.

use app::api::{PhoneNews, PhoneScreen, Press, Refused, SimulatorPage};

use super::request::ConsoleRequest;

impl ConsoleRequest {
    pub(super) async fn simulator(&self, _find: &str) -> Result<SimulatorPage, Refused> {
        self.caller().await?;
        Ok(SimulatorPage::default())
    }

    pub(super) async fn phone_news(&self, _phone: &str, _seen: &str) -> Result<PhoneNews, Refused> {
        self.caller().await?;
        Err(Refused::NotFound)
    }

    pub(super) async fn press(&self, _press: Press) -> Result<PhoneScreen, Refused> {
        self.caller().await?;
        Err(Refused::NotFound)
    }
}
