//! The texts that a phone shows for errors (Feature Configuration Guide 12.5(1), error tables of the EM
//! service and the EM application). English texts and their spaces are the original's, which users know.

use crate::{ErrorCode, Language};

/// The operation that a person at a phone attempted.
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
    /// The user id or the PIN is wrong. An unknown phone and a locked user give the same error, so that the
    /// error does not reveal the cause.
    Authentication,
    /// The user id or the PIN is blank.
    Blank,
    /// The PIN could not be checked.
    Directory,
    /// The user has no device profile, or the device profile can't be read.
    NoProfile,
    /// The request names no phone.
    NoDevice,
    /// The EM service does not answer.
    NoService,
    /// The database does not answer.
    NoDatabase,
    /// The home cluster knows this cluster under another cluster id.
    ClusterId,
    /// The login type is none of UID, DN and SP.
    LoginType,
    /// More than one user has this primary extension.
    DnAmbiguous,
}

impl AppError {
    /// All errors of the EM application.
    pub const ALL: [Self; 10] = [
        Self::Authentication,
        Self::Blank,
        Self::Directory,
        Self::NoProfile,
        Self::NoDevice,
        Self::NoService,
        Self::NoDatabase,
        Self::ClusterId,
        Self::LoginType,
        Self::DnAmbiguous,
    ];

    /// The error's number.
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
            Self::ClusterId => 212,
            Self::LoginType => 215,
            Self::DnAmbiguous => 216,
        }
    }

    /// The error with this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.number() == number)
    }

    /// The quick description, for administrators.
    #[must_use]
    pub const fn quick(self) -> &'static str {
        match self {
            Self::Authentication => "Authentication Error",
            Self::Blank => "Blank userid or pin",
            Self::Directory => "Directory server error",
            Self::NoProfile => "User Profile Absent",
            Self::NoDevice => "Device Name Empty",
            Self::NoService => "EMService Connection Error",
            Self::NoDatabase => "Init Fail-Contact Admin",
            Self::ClusterId => "Cluster ID is invalid",
            Self::LoginType => "Login Type is invalid",
            Self::DnAmbiguous => "DN has multiple users",
        }
    }

    /// The text on the phone.
    #[must_use]
    pub fn phone_text(self, act: PhoneAct, language: Language) -> String {
        let number = self.number();
        match self {
            Self::Authentication | Self::Blank => format!("{} ({number})", try_again(language)),
            Self::Directory => format!("{} ({number})", unavailable(PhoneAct::LogIn, language)),
            Self::NoProfile | Self::NoDevice | Self::NoService | Self::NoDatabase => {
                format!("{} ({number})", unavailable(act, language))
            }
            Self::ClusterId => format!("{}({number})", unavailable(PhoneAct::LogIn, language)),
            Self::LoginType => match language {
                Language::English => format!("LoginType invalid({number})"),
                Language::Korean => format!("로그인 유형이 올바르지 않음({number})"),
            },
            Self::DnAmbiguous => format!("{}({number})", ambiguous(language)),
        }
    }
}

impl ErrorCode {
    /// The text on the phone. An error that would help a guesser has the text of a wrong PIN.
    #[must_use]
    pub fn phone_text(self, act: PhoneAct, language: Language) -> String {
        let number = self.number();
        match self {
            Self::LoggedInElsewhere => match language {
                Language::English => format!("Multi-Login Not Allowed ({number})"),
                Language::Korean => format!("다중 로그인이 허용되지 않음 ({number})"),
            },
            Self::NoSuchUser => match language {
                Language::English => format!("Login is Unavailable ({number})"),
                Language::Korean => format!("로그인할 수 없음 ({number})"),
            },
            Self::NoResponse => format!("{} (23)", try_again(language)),
            Self::EmccConfiguration | Self::ClusterIdConfiguration => {
                AppError::Authentication.phone_text(act, language)
            }
            Self::RemoteVersion | Self::RemoteSecurityMode => match language {
                Language::English => format!("Login is unsuccessful({number})"),
                Language::Korean => format!("로그인하지 못함({number})"),
            },
            Self::DnAmbiguous => format!("{}({number})", ambiguous(language)),
            _ => format!("{}({number})", unavailable(act, language)),
        }
    }
}

const fn try_again(language: Language) -> &'static str {
    match language {
        Language::English => "Please try to login again",
        Language::Korean => "다시 로그인해 주세요",
    }
}

const fn ambiguous(language: Language) -> &'static str {
    match language {
        Language::English => "DN has multiple users",
        Language::Korean => "내선 번호의 사용자가 여러 명임",
    }
}

const fn unavailable(act: PhoneAct, language: Language) -> &'static str {
    match (act, language) {
        (PhoneAct::LogIn, Language::English) => "Login is unavailable",
        (PhoneAct::LogIn, Language::Korean) => "로그인할 수 없음",
        (PhoneAct::LogOut, Language::English) => "Logout is unavailable",
        (PhoneAct::LogOut, Language::Korean) => "로그아웃할 수 없음",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_the_tables() {
        use ErrorCode::{Busy, DeviceTaken, LoggedInElsewhere, NoSuchUser, NobodyLoggedIn};
        let english = Language::English;
        let log_in = |code: ErrorCode| code.phone_text(PhoneAct::LogIn, english);
        assert_eq!(log_in(LoggedInElsewhere), "Multi-Login Not Allowed (25)");
        assert_eq!(log_in(DeviceTaken), "Login is unavailable(18)");
        assert_eq!(log_in(NoSuchUser), "Login is Unavailable (23)");
        assert_eq!(log_in(Busy), "Login is unavailable(26)");
        assert_eq!(log_in(ErrorCode::RemoteVersion), "Login is unsuccessful(45)");
        assert_eq!(log_in(ErrorCode::EmccConfiguration), "Please try to login again (201)");
        assert_eq!(
            NobodyLoggedIn.phone_text(PhoneAct::LogOut, english),
            "Logout is unavailable(19)"
        );
        let of_app = |error: AppError| error.phone_text(PhoneAct::LogOut, english);
        assert_eq!(of_app(AppError::Authentication), "Please try to login again (201)");
        assert_eq!(of_app(AppError::NoProfile), "Logout is unavailable (205)");
        assert_eq!(of_app(AppError::LoginType), "LoginType invalid(215)");
    }

    /// A title or prompt has at most 32 characters.
    #[test]
    fn each_text_fits_a_phones_line_and_has_its_number() {
        for (act, language) in [
            (PhoneAct::LogIn, Language::English),
            (PhoneAct::LogOut, Language::English),
            (PhoneAct::LogIn, Language::Korean),
            (PhoneAct::LogOut, Language::Korean),
        ] {
            let codes = ErrorCode::ALL.iter().map(|code| code.phone_text(act, language));
            for text in codes.chain(AppError::ALL.map(|error| error.phone_text(act, language))) {
                assert!(text.chars().count() <= 32 && text.ends_with(')'), "{text}");
            }
        }
    }
}
