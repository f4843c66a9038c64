//! The texts of a login, and the texts that a filter looks for in them.

/// A field of a login that a filter can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginField {
    /// The user id.
    User,
    /// The phone's name.
    Phone,
    /// The device profile.
    Profile,
    /// The phone's model.
    Model,
    /// The phone's description.
    Description,
    /// Who logged the user in.
    Source,
    /// The address from which the user was logged in.
    Address,
}

impl LoginField {
    /// The field of a typed name, in the languages of the console.
    pub(super) fn typed(name: &str) -> Option<Self> {
        Some(match &*crate::key(name.trim()) {
            "user" | "사용자" => Self::User,
            "phone" | "device" | "전화기" => Self::Phone,
            "profile" | "프로파일" => Self::Profile,
            "model" | "모델" => Self::Model,
            "description" | "설명" => Self::Description,
            "source" | "요청자" => Self::Source,
            "address" | "ip" | "주소" => Self::Address,
            _ => return None,
        })
    }

    /// The characters before and after the field in [`LoginTexts::searched`].
    #[must_use]
    pub const fn marks(self) -> (char, char) {
        match self {
            Self::User => ('\u{1}', '\u{2}'),
            Self::Phone => ('\u{2}', '\u{3}'),
            Self::Profile => ('\u{3}', '\u{4}'),
            Self::Model => ('\u{4}', '\u{5}'),
            Self::Description => ('\u{5}', '\u{6}'),
            Self::Source => ('\u{6}', '\u{7}'),
            Self::Address => ('\u{7}', '\u{8}'),
        }
    }

    /// The part of a searched text that belongs to the field; empty if the text has no marks.
    fn part(self, searched: &str) -> &str {
        let (before, after) = self.marks();
        let part = searched.split_once(before).and_then(|(_, rest)| rest.split_once(after));
        part.map_or("", |(part, _)| part)
    }
}

/// The texts of a login that lists show.
#[derive(Clone, Copy, Debug)]
pub struct LoginTexts<'t> {
    /// The user id, with the user's cluster if that is another one.
    pub user: &'t str,
    /// The phone's name, with the phone's cluster if that is another one.
    pub phone: &'t str,
    /// The device profile.
    pub profile: &'t str,
    /// The phone's model.
    pub model: &'t str,
    /// The phone's description.
    pub description: &'t str,
    /// Who logged the user in.
    pub source: &'t str,
    /// The address from which the user was logged in.
    pub address: &'t str,
}

impl LoginTexts<'_> {
    /// The text in which a filter looks for words: the folded texts, each after the mark of its field. The phone's
    /// name stands with and without the separators of its MAC address.
    #[must_use]
    pub fn searched(&self) -> String {
        let (phone, key) = (sought_part(self.phone), crate::phone_key(self.phone));
        let phone = if phone.contains(&key) { phone } else { format!("{phone}\n{key}") };
        let mut searched = String::new();
        for (field, text) in [
            (LoginField::User, sought_part(self.user)),
            (LoginField::Phone, phone),
            (LoginField::Profile, sought_part(self.profile)),
            (LoginField::Model, sought_part(self.model)),
            (LoginField::Description, sought_part(self.description)),
            (LoginField::Source, sought_part(self.source)),
            (LoginField::Address, sought_part(self.address)),
        ] {
            searched.push(field.marks().0);
            searched.push_str(&text);
        }
        searched.push(LoginField::Address.marks().1);
        searched
    }
}

/// A text to look for, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtText {
    /// The field that must have the text; `None` for any.
    pub field: Option<LoginField>,
    /// The text.
    pub text: String,
}

impl From<&str> for SoughtText {
    /// A typed text, looked for in all fields.
    fn from(typed: &str) -> Self {
        Self { field: None, text: sought(typed) }
    }
}

impl SoughtText {
    /// Whether a searched text has this one.
    #[must_use]
    pub fn is_in(&self, searched: &str) -> bool {
        self.field.map_or(searched, |field| field.part(searched)).contains(&self.text)
    }
}

/// A folded text without characters that searched texts use as marks.
fn sought_part(text: &str) -> String {
    crate::key(text).replace(char::is_control, " ")
}

/// The form in which a typed text is looked for.
pub(super) fn sought(text: &str) -> String {
    crate::phone_key(&text.replace(char::is_control, " ")).trim().to_owned()
}
