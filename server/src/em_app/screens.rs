//! The screens of the application.

use engine::PhoneStatus;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use terms::{Parameter, PhoneAct, ServiceParameters, model_number};
use wire::phone::{Body, Field, InputKind, Item, Screen, SoftKey};

use super::{
    CHANGE_PIN_PATH, Failure, PATH,
    fields::{Fields, IdKind},
    reply::Phone,
    texts::{PinText, Texts},
};

/// The characters of a value that are percent-encoded in an address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
/// Series of models that can send a form in a body; other models would not show the form.
const POSTING_SERIES: [&str; 2] = ["78", "88"];

/// The longest address that a phone takes, in bytes (IP Phone Services Application Development Notes).
const MAX_URL_BYTES: usize = 256;

/// The screens that one phone gets.
pub(super) struct Screens<'a> {
    phone: &'a Phone,
    fields: &'a Fields,
    texts: Texts,
}

impl<'a> Screens<'a> {
    /// The screens of a phone that has sent these fields.
    pub(super) fn new(phone: &'a Phone, fields: &'a Fields) -> Self {
        Self { phone, fields, texts: Texts(phone.language) }
    }

    /// The form to log in.
    pub(super) fn log_in_form(
        &self,
        parameters: &ServiceParameters,
        status: &PhoneStatus,
    ) -> Screen {
        let texts = self.texts;
        let id_kind = self.fields.id_kind().unwrap_or(IdKind::UserId);
        let is_user_id = id_kind == IdKind::UserId;
        let entry = if is_user_id && parameters.is_true(Parameter::AlphanumericUserId) {
            InputKind::Lower
        } else {
            InputKind::Digits
        };
        let is_remembered = is_user_id && parameters.is_true(Parameter::RememberLastUser);
        // A visitor of another cluster is not remembered: in this cluster the id is a different user's.
        let last = status.last_user.as_ref().filter(|user| user.cluster.is_empty());
        let value = last.filter(|_| is_remembered).map_or_else(String::new, |user| user.id.clone());
        let user = Field { label: texts.user(id_kind).to_owned(), name: "userid", entry, value };
        let pin = Field {
            label: texts.pin().to_owned(),
            name: "seq",
            entry: InputKind::Secret,
            value: String::new(),
        };
        let model = self.phone.model.as_deref().unwrap_or(&status.model);
        let body =
            Body::Form { url: self.url(&[]), is_posted: can_post(model), fields: vec![user, pin] };
        let keys = vec![
            key(texts.submit(), "SoftKey:Submit"),
            key(texts.delete(), "SoftKey:<<"),
            key(texts.cancel(), "SoftKey:Cancel"),
        ];
        self.screen(texts.please_log_in(), body, keys)
    }

    /// The form to change a PIN, with the reason why the user has to.
    pub(super) fn change_pin(&self, model: &str, user: &str, why: Option<&str>) -> Screen {
        let texts = self.texts;
        let id_kind = self.fields.id_kind().unwrap_or(IdKind::UserId);
        let entry = if id_kind == IdKind::UserId { InputKind::Lower } else { InputKind::Digits };
        let user = Field {
            label: texts.user(id_kind).to_owned(),
            name: "userid",
            entry,
            value: user.to_owned(),
        };
        let secret = |label: &str, name| Field {
            label: label.to_owned(),
            name,
            entry: InputKind::Secret,
            value: String::new(),
        };
        let fields = vec![
            user,
            secret(texts.present_pin(), "seq"),
            secret(texts.new_pin(), "newpin"),
            secret(texts.new_pin_again(), "confirm"),
        ];
        let body = Body::Form { url: self.change_pin_url(), is_posted: can_post(model), fields };
        let keys = vec![
            key(texts.submit(), "SoftKey:Submit"),
            key(texts.delete(), "SoftKey:<<"),
            key(texts.cancel(), "SoftKey:Cancel"),
        ];
        self.screen(why.unwrap_or_else(|| texts.please_change_pin()), body, keys)
    }

    /// The PIN is changed.
    pub(super) fn pin_changed(&self) -> Screen {
        let (texts, log_in) = (self.texts, self.url(&[]));
        let keys = vec![key(texts.log_in(), &log_in), key(texts.exit(), "SoftKey:Exit")];
        self.screen(texts.done(), Body::Text(texts.pin_changed().to_owned()), keys)
    }

    /// The new PIN can't be chosen.
    pub(super) fn pin_not_changed(&self, why: PinText) -> Screen {
        let (texts, again) = (self.texts, self.change_pin_url());
        let keys = vec![key(texts.again(), &again), key(texts.exit(), "SoftKey:Exit")];
        self.screen(texts.not_done(), Body::Text(texts.pin_not_changed(why)), keys)
    }

    /// The question whether to log out.
    pub(super) fn log_out_question(&self, user: &str) -> Screen {
        let texts = self.texts;
        let yes = self.log_out_url();
        let keys = vec![key(texts.yes(), &yes), key(texts.no(), "SoftKey:Exit")];
        self.screen(texts.please_answer(), Body::Question(texts.log_out(user)), keys)
    }

    /// A menu of device profiles.
    pub(super) fn profiles(&self, ticket: &str, profiles: &[String]) -> Screen {
        let texts = self.texts;
        let item = |(number, name): (usize, &String)| Item {
            name: name.clone(),
            url: self.url(&[("ticket", ticket), ("choice", &number.to_string())]),
        };
        let items = (1..).zip(profiles).map(item).collect();
        let keys =
            vec![key(texts.select(), "SoftKey:Select"), key(texts.cancel(), "SoftKey:Cancel")];
        self.screen(texts.choose_profile(), Body::Menu(items), keys)
    }

    /// A user is logged in.
    pub(super) fn logged_in(&self, user: &str) -> Screen {
        self.told(self.texts.done(), self.texts.logged_in(user))
    }

    /// The user is logged out.
    pub(super) fn logged_out(&self) -> Screen {
        self.told(self.texts.done(), self.texts.logged_out().to_owned())
    }

    /// The request came from a page of another site.
    pub(super) fn phones_alone(&self) -> Screen {
        self.told(self.texts.not_done(), self.texts.phones_alone().to_owned())
    }

    /// The request failed. The screen does not repeat the typed text: two answers to the same phone are
    /// equally long.
    pub(super) fn failed(&self, failure: Failure, act: PhoneAct) -> Screen {
        let (texts, language) = (self.texts, self.phone.language);
        let text = match failure {
            Failure::App(error) => error.phone_text(act, language),
            Failure::Service(code) => code.phone_text(act, language),
        };
        let again = self.url(&[]);
        // Without the phone's name, or with an address that is too long for a phone, the request would
        // fail again.
        let may_try = !self.fields.device.is_empty() && again.len() <= MAX_URL_BYTES;
        let again = may_try.then(|| key(texts.again(), &again));
        let keys = again.into_iter().chain([key(texts.exit(), "SoftKey:Exit")]).collect();
        self.screen(texts.not_done(), Body::Text(text), keys)
    }

    fn told(&self, prompt: &str, text: String) -> Screen {
        self.screen(prompt, Body::Text(text), vec![key(self.texts.exit(), "SoftKey:Exit")])
    }

    fn screen(&self, prompt: &str, body: Body, keys: Vec<SoftKey>) -> Screen {
        let (title, prompt) = (self.texts.title().to_owned(), prompt.to_owned());
        Screen { title, prompt, body, keys }
    }

    /// The address that logs the phone out.
    pub(super) fn log_out_url(&self) -> String {
        self.url(&[("doLogout", "true")])
    }

    /// The address at which a user of this phone changes the PIN.
    fn change_pin_url(&self) -> String {
        self.address(CHANGE_PIN_PATH, &[])
    }

    /// An address of the application for this phone, with more fields.
    fn url(&self, more: &[(&str, &str)]) -> String {
        self.address(PATH, more)
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let Fields { device, emcc, id_kind, .. } = self.fields;
        // An invalid login type would fail again.
        let id_kind = id_kind.as_ref().filter(|_| self.fields.id_kind().is_ok());
        let named = [
            ("device", Some(device.as_str())),
            ("EMCC", emcc.as_deref()),
            ("loginType", id_kind.map(String::as_str)),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let fields = named
            .chain(more.iter().copied())
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ESCAPED)));
        let fields: Vec<_> = fields.collect();
        format!("{}{path}?{}", self.phone.base, fields.join("&"))
    }
}

fn key(label: &str, url: &str) -> SoftKey {
    SoftKey { label: label.to_owned(), url: url.to_owned() }
}

/// Whether a model sends a form in a body if the form says so: `CP-8861`, `Cisco 7841`.
fn can_post(model: &str) -> bool {
    let is_of_series = |number: &str| {
        number.len() == 4 && POSTING_SERIES.iter().any(|series| number.starts_with(series))
    };
    model_number(model).is_some_and(is_of_series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_two_series_send_forms_in_a_body() {
        for model in ["CP-8861", "Cisco 7841", "CP-8832-K9", "8845", "CP-7811"] {
            assert!(can_post(model), "{model}");
        }
        for model in ["", "CP-7965G", "Cisco 9971", "CP-88", "Cisco 788", "CP-79-8861"] {
            assert!(!can_post(model), "{model}");
        }
    }
}
