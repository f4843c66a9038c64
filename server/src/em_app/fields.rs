//! The fields of a phone's request.

use engine::UserNumber;
use terms::{AppError, PhoneAct};
use wire::{Form, request::MAX_NAME_CHARS};

use super::CHANGE_PIN_PATH;

/// The fields, in the query or the body, in any order. Other fields are ignored, such as
/// `headsetbasedem`.
#[derive(Clone, Default)]
pub(super) struct Fields {
    /// The phone's name.
    pub(super) device: String,
    /// Whether the phone takes part in EMCC, as the phone states; `None` without the field.
    pub(super) emcc: Option<String>,
    /// The user, in the form that `id_kind` names.
    pub(super) user: Option<String>,
    /// The PIN.
    pin: Option<String>,
    /// The kind of `user`.
    pub(super) id_kind: Option<String>,
    /// Whether to log out.
    pub(super) log_out: Option<String>,
    /// The ticket of a choice of profiles.
    ticket: Option<String>,
    /// The chosen profile, by its number in the menu.
    pub(super) choice: Option<String>,
    /// Whether the request is about changing a PIN.
    is_change: bool,
    /// The new PIN, and the new PIN once more.
    new_pin: [Option<String>; 2],
}

/// The action that a request asks for.
pub(super) enum ScreenRequest {
    /// The phone's screen.
    Screen,
    /// To log in.
    LogIn {
        /// The user, as typed.
        user: String,
        /// The PIN, as typed.
        pin: String,
    },
    /// To log in with a profile of a menu.
    Choice {
        /// The ticket of the menu.
        ticket: String,
        /// The number of the profile.
        choice: String,
    },
    /// To log out.
    LogOut,
    /// The form to change a PIN.
    ChangePinForm,
    /// To change a PIN.
    ChangePin {
        /// The user, as typed.
        user: String,
        /// The present PIN, as typed.
        pin: String,
        /// The new PIN, typed twice.
        new_pin: [String; 2],
    },
}

/// The kind of number or name by which a user logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdKind {
    /// The user id.
    UserId,
    /// The primary extension.
    Extension,
    /// The self-service id.
    SelfService,
}

impl IdKind {
    /// The typed text as a number; `None` for a user id.
    pub(super) fn number(self, typed: &str) -> Option<UserNumber> {
        match self {
            Self::UserId => None,
            Self::Extension => Some(UserNumber::PrimaryExtension(typed.to_owned())),
            Self::SelfService => Some(UserNumber::SelfServiceId(typed.to_owned())),
        }
    }
}

impl Fields {
    /// Reads a form that was sent to this path.
    pub(super) fn read(path: &str, form: &Form) -> Self {
        // One character more than any stored name has: a longer text matches no name, and is not kept
        // whole.
        let cut = |text: String| text.trim().chars().take(MAX_NAME_CHARS + 1).collect::<String>();
        let text = |name: &str| form.field(name).map(cut);
        let filled = |name: &str| text(name).filter(|text| !text.is_empty());
        Self {
            device: text("device").unwrap_or_default(),
            emcc: filled("EMCC"),
            user: text("userid"),
            pin: text("seq"),
            id_kind: filled("loginType"),
            log_out: filled("doLogout"),
            ticket: filled("ticket"),
            choice: filled("choice"),
            is_change: path == CHANGE_PIN_PATH,
            new_pin: [text("newpin"), text("confirm")],
        }
    }

    /// The action that is asked for. A request with user or PIN is a log-in, even if either is blank.
    pub(super) fn asked(&self) -> ScreenRequest {
        if self.is_change {
            let (user, pin, new_pin) = (&self.user, &self.pin, &self.new_pin);
            if pin.is_none() && new_pin.iter().all(Option::is_none) {
                return ScreenRequest::ChangePinForm;
            }
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            return ScreenRequest::ChangePin {
                user: text(user),
                pin: text(pin),
                new_pin: [text(&new_pin[0]), text(&new_pin[1])],
            };
        }
        let is_log_out = self.log_out.as_ref().is_some_and(|value| is_true(value));
        match (&self.ticket, &self.user, &self.pin) {
            _ if is_log_out => ScreenRequest::LogOut,
            (Some(ticket), ..) => {
                let choice = self.choice.clone().unwrap_or_default();
                ScreenRequest::Choice { ticket: ticket.clone(), choice }
            }
            (None, None, None) => ScreenRequest::Screen,
            (None, user, pin) => ScreenRequest::LogIn {
                user: user.clone().unwrap_or_default(),
                pin: pin.clone().unwrap_or_default(),
            },
        }
    }

    /// Whether the request changes anything.
    pub(super) fn changes(&self) -> bool {
        !matches!(self.asked(), ScreenRequest::Screen | ScreenRequest::ChangePinForm)
    }

    /// The action that the user at the phone tried.
    pub(super) fn act(&self) -> PhoneAct {
        match self.asked() {
            ScreenRequest::LogOut => PhoneAct::LogOut,
            _ => PhoneAct::LogIn,
        }
    }

    /// The kind of `user`.
    pub(super) fn id_kind(&self) -> Result<IdKind, AppError> {
        match self.id_kind.as_deref().map(str::to_ascii_uppercase).as_deref() {
            None | Some("UID") => Ok(IdKind::UserId),
            Some("DN") => Ok(IdKind::Extension),
            Some("SP") => Ok(IdKind::SelfService),
            Some(_) => Err(AppError::LoginType),
        }
    }
}

/// Whether a value of a field is true, in upper or lower case.
pub(super) fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> &'static str {
        let form = Form::new(query.as_bytes().to_vec(), Vec::new(), None);
        let path = if query.contains("newpin") { CHANGE_PIN_PATH } else { super::super::PATH };
        match Fields::read(path, &form).asked() {
            ScreenRequest::Screen => "screen",
            ScreenRequest::LogIn { .. } => "log in",
            ScreenRequest::Choice { .. } => "choice",
            ScreenRequest::LogOut => "log out",
            ScreenRequest::ChangePinForm => "change form",
            ScreenRequest::ChangePin { .. } => "change",
        }
    }

    #[test]
    fn fields_say_what_is_asked_in_any_order() {
        assert_eq!(asked("device=SEP1&EMCC=%23EMCC%23&headsetbasedem=true"), "screen");
        assert_eq!(asked("seq=1&EMCC=true&device=SEP1&userid=john"), "log in");
        assert_eq!(asked("device=SEP1&userid="), "log in");
        assert_eq!(asked("doLogout=TRUE&device=SEP1&userid=john&seq=1"), "log out");
        assert_eq!(asked("device=SEP1&doLogout=false"), "screen");
        assert_eq!(asked("ticket=ab&choice=2&device=SEP1"), "choice");
        assert_eq!(asked("device=SEP1&userid=john&seq=1&newpin=2&confirm=2"), "change");
    }
}
