//! Phones in the browser.

use std::time::Duration;

use app::api::{
    OFFERED_PHONES, OfferedPhone, PhoneBody, PhoneField, PhoneKey, PhoneNews, PhoneScreen, Press,
    Refused, SimulatedPhone, SimulatorPage,
};
use terms::phone_key;
use wire::phone::ReceivedScreen;

use super::{
    relay::form,
    request::{ConsoleRequest, refused},
    views,
};
use crate::{
    admin::Caller,
    em_app::{self, Wish},
};

/// The longest wait for the push of an event that the page knows.
const PATIENCE: Duration = Duration::from_secs(1);
/// The query of the log-in screen's address where the site sets no address.
const SERVICE: &str = "?device=#DEVICENAME#&EMCC=#EMCC#";
/// The longest search text, in characters.
const MAX_FIND_CHARS: usize = 100;

impl ConsoleRequest {
    pub(super) async fn simulator(&self, find: &str) -> Result<SimulatorPage, Refused> {
        let caller = self.caller().await?;
        if !self.admin.simulates_phones(&caller).map_err(refused)? {
            return Ok(SimulatorPage::default());
        }
        let find: String = find.trim().chars().take(MAX_FIND_CHARS).collect();
        let limit = u32::try_from(OFFERED_PHONES).unwrap_or(u32::MAX);
        let found = self.admin.find_phones(&caller, &find, limit).await;
        let (phones, matching) = found.map_err(refused)?;
        let offered = |phone: engine::FoundPhone| {
            let engine::FoundPhone { name, model, description } = phone;
            OfferedPhone { name, model, description }
        };
        Ok(SimulatorPage {
            is_on: true,
            phones: phones.into_iter().map(offered).collect(),
            matching,
        })
    }

    pub(super) async fn phone_news(&self, phone: &str, seen: &str) -> Result<PhoneNews, Refused> {
        // This request takes no permit for queries, because it may wait.
        let caller = self.signed_in.clone()?;
        let _place = self.admin.viewers().phones.take(caller.name()).ok_or(Refused::Unavailable)?;
        // A request for an unknown phone does not wait.
        self.shown(&caller, phone).await?;
        let since = seen.parse::<u64>().ok();
        let news = self.admin.phone_news(&caller, phone, since, PATIENCE).await.map_err(refused)?;
        let (seen, pushed) = match news {
            Some(news) => (news.number.to_string(), news.commands),
            None => (seen.to_owned(), Vec::new()),
        };
        // Read the phone after the change.
        let (phone, as_of) = self.shown(&caller, phone).await?;
        // A phone checks the credentials of a push before it obeys.
        let credentials = self.admin.push_credentials(&caller).map_err(refused)?;
        let credentials = (&*credentials.0, &*credentials.1);
        let obeys = !pushed.is_empty()
            && self.relay.authorizes(&self.asked, &phone.name, credentials).await;
        let pushed = pushed.into_iter().filter(|_| obeys).map(ToOwned::to_owned).collect();
        Ok(PhoneNews { seen, as_of, phone, pushed })
    }

    /// The current state of a phone, with the number of the last event that the state includes.
    async fn shown(&self, caller: &Caller, phone: &str) -> Result<(SimulatedPhone, u64), Refused> {
        let found = self.admin.simulated_phone(caller, phone).await.map_err(refused)?;
        let found = found.ok_or(Refused::NotFound)?;
        let engine::PhoneDetail { phone, login, effective, as_of } = found;
        let phone = SimulatedPhone {
            name: phone.name,
            model: phone.model,
            description: phone.description,
            user: login.map(|login| login.user.to_string()),
            lines: views::lines(&effective.lines),
            speed_dials: views::speed_dials(&effective.speed_dials),
        };
        Ok((phone, as_of))
    }

    pub(super) async fn press(&self, press: Press) -> Result<PhoneScreen, Refused> {
        let caller = self.caller().await?;
        let Press { phone, url, fields, is_posted } = press;
        let (SimulatedPhone { name, model, .. }, _) = self.shown(&caller, &phone).await?;
        let url = if url.is_empty() { self.service_url(&caller)? } else { url };
        let url = url.replace("#DEVICENAME#", &name).replace("#EMCC#", "true");
        let path = path(&url).ok_or(Refused::NotFound)?;
        let form = form(fields.iter().map(|(name, value)| (&**name, &**value)));
        let (path, body) = match (is_posted, form.is_empty()) {
            (true, _) => (path.to_owned(), Some(form)),
            (false, true) => (path.to_owned(), None),
            (false, false) => (format!("{path}{}{form}", joint(path)), None),
        };
        let Wish { device, change } = em_app::wish(&path, body.as_deref());
        // A phone may name only itself as the device, so that the audit names the right phone.
        if !device.is_empty() && phone_key(&device) != phone_key(&name) {
            return Err(Refused::NotFound);
        }
        // A request for a screen, or without a device, changes nothing and is not audited.
        if let Some(change) = change.filter(|_| !device.is_empty()) {
            self.admin.note_use_of_phone(&caller, &name, change).await.map_err(refused)?;
        }
        let answer = self.relay.ask(&self.asked, &model, &path, body).await;
        let answer = answer.map_err(Refused::Transport)?;
        let shown =
            ReceivedScreen::read(&answer).map_err(|why| Refused::Transport(why.to_string()))?;
        Ok(screen(shown))
    }

    /// The address of the log-in screen.
    fn service_url(&self, caller: &Caller) -> Result<String, Refused> {
        let set = self.admin.service_url(caller).map_err(refused)?;
        let own = || format!("http://{}{}{SERVICE}", self.asked.host, em_app::PATH);
        // A site may serve its phones under another name; this cluster's own services are the same.
        Ok(Some(set).filter(|set| !set.is_empty()).unwrap_or_else(own))
    }
}

/// The character that joins more fields to an address.
fn joint(path: &str) -> char {
    if path.contains('?') { '&' } else { '?' }
}

/// Path and query of an address of this cluster's phone services; `None` for any other.
fn path(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = &rest[rest.find('/')?..];
    let before_query = path.split(['?', '#']).next()?;
    let is_service = [em_app::PATH, em_app::CHANGE_PIN_PATH].contains(&before_query);
    (is_service && !path.contains('#')).then_some(path)
}

fn screen(shown: ReceivedScreen) -> PhoneScreen {
    let ReceivedScreen { title, prompt, text, form, items, keys, commands } = shown;
    let key = |(label, url): (String, String)| PhoneKey { label, url };
    let body = if let Some(form) = form {
        let field = |field: wire::phone::ReceivedField| {
            let wire::phone::ReceivedField { label, name, flags, value } = field;
            PhoneField { label, name, flags, value }
        };
        let fields = form.fields.into_iter().map(field).collect();
        PhoneBody::Form { url: form.url, is_posted: form.is_posted, fields }
    } else if !items.is_empty() {
        PhoneBody::Menu(items.into_iter().map(key).collect())
    } else if !commands.is_empty() {
        PhoneBody::Commands(commands)
    } else {
        PhoneBody::Text(text)
    };
    PhoneScreen { title, prompt, body, keys: keys.into_iter().map(key).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_the_phone_services_and_nowhere_else() {
        let good = "/emapp/EMAppServlet?device=SEP1";
        assert_eq!(path(&format!("http://em.example:8080{good}")), Some(good));
        assert_eq!(path(&format!("https://other.example{good}")), Some(good));
        let change = "/changecredential/ChangeCredentialServlet?device=SEP1";
        assert_eq!(path(&format!("http://em.example:8080{change}")), Some(change));
        for bad in [
            "",
            "http://em.example",
            "http://em.example/call/trace",
            "http://em.example/emapp/EMAppServlet/../../call/trace",
            "http://em.example/emapp/EMAppServlet#x",
            "Init:Services",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
