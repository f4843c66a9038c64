//! The words on screens, in the languages of phones.

use engine::PinProblem;
use terms::Language;

use super::fields::IdKind;

/// The words of a language.
#[derive(Clone, Copy)]
pub(super) struct Texts(pub(super) Language);

/// Why a PIN is not changed.
#[derive(Clone, Copy)]
pub(super) enum PinText {
    /// The two new PINs differ.
    Differ,
    /// A rule refuses the new PIN.
    Problem(PinProblem),
}

/// Words without a variable part, in each language.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $english:literal, $korean:literal;)+) => {
        impl Texts {
            $($(#[$doc])*
            pub(super) const fn $name(self) -> &'static str {
                match self.0 {
                    Language::English => $english,
                    Language::Korean => $korean,
                }
            })+
        }
    };
}

words! {
    /// The title of every screen.
    title = "Extension Mobility", "내선 이동";
    /// The prompt of a form.
    please_log_in = "Please enter ID and PIN", "ID와 PIN을 입력하세요";
    /// The label of the PIN.
    pin = "PIN", "PIN";
    /// The prompt of a menu.
    choose_profile = "Please choose a profile", "프로필을 선택하세요";
    /// The prompt of a question.
    please_answer = "Please answer Yes or No", "예 또는 아니요를 누르세요";
    /// The prompt beside an error.
    not_done = "That did not work", "처리하지 못했습니다";
    /// The prompt beside a success.
    done = "Done", "완료";
    /// A soft key.
    submit = "Submit", "확인";
    /// A soft key that deletes a character.
    delete = "<<", "<<";
    /// A soft key.
    cancel = "Cancel", "취소";
    /// A soft key.
    select = "Select", "선택";
    /// A soft key.
    exit = "Exit", "나가기";
    /// A soft key.
    yes = "Yes", "예";
    /// A soft key.
    no = "No", "아니요";
    /// A soft key that leads to the form.
    again = "Retry", "다시";
    /// The answer to a page of another site.
    phones_alone = "Only a phone can do this.", "전화기에서만 할 수 있습니다.";
    /// The prompt of the form to change a PIN.
    please_change_pin = "Please choose a new PIN", "새 PIN을 입력하세요";
    /// The label of the present PIN.
    present_pin = "Current PIN", "현재 PIN";
    /// The label of the new PIN.
    new_pin = "New PIN", "새 PIN";
    /// The label of the new PIN, typed once more.
    new_pin_again = "New PIN again", "새 PIN 확인";
    /// The text after a change of the PIN.
    pin_changed = "Your PIN is changed", "PIN을 변경했습니다";
    /// A soft key that leads to the form to log in.
    log_in = "Log in", "로그인";
    /// The text after a log-out.
    logged_out = "Logout successful", "로그아웃했습니다";
}

impl Texts {
    /// The label of the user.
    pub(super) const fn user(self, id_kind: IdKind) -> &'static str {
        match (id_kind, self.0) {
            (IdKind::UserId, Language::English) => "User ID",
            (IdKind::UserId, Language::Korean) => "사용자 ID",
            (IdKind::Extension, Language::English) => "Extension",
            (IdKind::Extension, Language::Korean) => "내선 번호",
            (IdKind::SelfService, Language::English) => "Self-Service ID",
            (IdKind::SelfService, Language::Korean) => "셀프 서비스 ID",
        }
    }

    /// The question whether to log out.
    pub(super) fn log_out(self, user: &str) -> String {
        match self.0 {
            Language::English => format!("{user} is logged in. Log out?"),
            Language::Korean => format!("{user} 사용자가 로그인되어 있습니다. 로그아웃할까요?"),
        }
    }

    /// Why a PIN is not changed.
    pub(super) fn pin_not_changed(self, why: PinText) -> String {
        let (english, korean) = match why {
            PinText::Differ => ("The two new PINs differ", "두 새 PIN이 다릅니다"),
            PinText::Problem(PinProblem::NotDigits) => {
                ("A PIN has digits alone", "PIN은 숫자로만 되어 있습니다")
            }
            PinText::Problem(PinProblem::TooShort(least)) => {
                return match self.0 {
                    Language::English => format!("A PIN has at least {least} digits"),
                    Language::Korean => format!("PIN은 {least}자리 이상입니다"),
                };
            }
            PinText::Problem(PinProblem::Trivial) => {
                ("This PIN is easy to guess", "추측하기 쉬운 PIN입니다")
            }
            PinText::Problem(PinProblem::UsedBefore) => {
                ("You have had this PIN before", "이전에 사용한 PIN입니다")
            }
        };
        match self.0 {
            Language::English => english.to_owned(),
            Language::Korean => korean.to_owned(),
        }
    }

    /// The text after a log-in.
    pub(super) fn logged_in(self, user: &str) -> String {
        match self.0 {
            Language::English => format!("Login successful: {user}"),
            Language::Korean => format!("{user} 사용자가 로그인했습니다"),
        }
    }
}
