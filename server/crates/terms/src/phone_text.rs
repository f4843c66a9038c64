//! The texts that a phone shows for errors (Feature Configuration Guide 12.5(1), error tables of the EM
//! service and the EM application). Texts and their spaces are the original's: people know them.

use crate::ErrorCode;

/// The thing that a person at a phone tried to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneAct {
    /// To log in.
    LogIn,
    /// To log out.
    LogOut,
}

/// An error of the EM application, which serves the phones: numbers from 201.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppError {
    /// The user id or the PIN is wrong. A phone that does not exist and a user who is locked say the same:
    /// nobody learns from it which.
    Authentication,
    /// The user id or the PIN is blank.
    Blank,
    /// The PIN could not be checked.
    Directory,
    /// The user has no device profile, or it does not read.
    NoProfile,
    /// The request names no phone.
    NoDevice,
    /// The EM service does not answer.
    NoService,
    /// The database does not answer.
    NoDatabase,
    /// The login type is none of UID, DN and SP.
    LoginType,
    /// More than one user has this primary extension.
    DnAmbiguous,
}

impl AppError {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Authentication,
        Self::Blank,
        Self::Directory,
        Self::NoProfile,
        Self::NoDevice,
        Self::NoService,
        Self::NoDatabase,
        Self::LoginType,
        Self::DnAmbiguous,
    ];

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Authentication => 201,
            Self::Blank => 202,
            Self::Directory => 204,
            Self::NoProfile => 205,
            Self::NoDevice => 207,
            Self::NoService => 208,
            Self::NoDatabase => 210,
            Self::LoginType => 215,
            Self::DnAmbiguous => 216,
        }
    }

    /// The text on the phone.
    #[must_use]
    pub fn phone_text(self, act: PhoneAct) -> String {
        let number = self.number();
        match self {
            Self::Authentication | Self::Blank => format!("Please try to login again ({number})"),
            Self::Directory => format!("Login is unavailable ({number})"),
            Self::NoProfile | Self::NoDevice | Self::NoService | Self::NoDatabase => {
                format!("{} ({number})", unavailable(act))
            }
            Self::LoginType => format!("LoginType invalid({number})"),
            Self::DnAmbiguous => format!("DN has multiple users({number})"),
        }
    }
}

impl ErrorCode {
    /// The text on the phone. Errors that would tell a guesser something say what a wrong PIN says.
    #[must_use]
    pub fn phone_text(self, act: PhoneAct) -> String {
        let number = self.number();
        match self {
            Self::LoggedInElsewhere => format!("Multi-Login Not Allowed ({number})"),
            Self::NoSuchUser => format!("Login is Unavailable ({number})"),
            Self::NoResponse => "Please try to login again (23)".to_owned(),
            Self::EmccConfiguration | Self::ClusterIdConfiguration => {
                AppError::Authentication.phone_text(act)
            }
            Self::RemoteVersion | Self::RemoteSecurityMode => {
                format!("Login is unsuccessful({number})")
            }
            Self::DnAmbiguous => format!("DN has multiple users({number})"),
            _ => format!("{}({number})", unavailable(act)),
        }
    }
}

const fn unavailable(act: PhoneAct) -> &'static str {
    match act {
        PhoneAct::LogIn => "Login is unavailable",
        PhoneAct::LogOut => "Logout is unavailable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_the_tables() {
        use ErrorCode::{Busy, DeviceTaken, LoggedInElsewhere, NoSuchUser, NobodyLoggedIn};
        let log_in = |code: ErrorCode| code.phone_text(PhoneAct::LogIn);
        assert_eq!(log_in(LoggedInElsewhere), "Multi-Login Not Allowed (25)");
        assert_eq!(log_in(DeviceTaken), "Login is unavailable(18)");
        assert_eq!(log_in(NoSuchUser), "Login is Unavailable (23)");
        assert_eq!(log_in(Busy), "Login is unavailable(26)");
        assert_eq!(log_in(ErrorCode::RemoteVersion), "Login is unsuccessful(45)");
        assert_eq!(log_in(ErrorCode::EmccConfiguration), "Please try to login again (201)");
        assert_eq!(NobodyLoggedIn.phone_text(PhoneAct::LogOut), "Logout is unavailable(19)");
        let of_app = |error: AppError| error.phone_text(PhoneAct::LogOut);
        assert_eq!(of_app(AppError::Authentication), "Please try to login again (201)");
        assert_eq!(of_app(AppError::NoProfile), "Logout is unavailable (205)");
        assert_eq!(of_app(AppError::LoginType), "LoginType invalid(215)");
    }

    /// A title or prompt has 32 characters.
    #[test]
    fn each_text_fits_a_phones_line_and_has_its_number() {
        for act in [PhoneAct::LogIn, PhoneAct::LogOut] {
            let codes = ErrorCode::ALL.iter().map(|code| code.phone_text(act));
            for text in codes.chain(AppError::ALL.map(|error| error.phone_text(act))) {
                assert!(text.chars().count() <= 32 && text.ends_with(')'), "{text}");
            }
        }
    }
}
