//! Names of clusters, users and phones, in one byte each.

use engine::LoginId;
use uuid::Uuid;

/// A cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The cluster that owns two phones, and no user.
    Seoul,
    /// The cluster that owns the users, and a phone.
    Busan,
}

/// A user of Busan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum User {
    Rak,
    Ann,
}

/// A phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phone {
    /// The first phone of Seoul.
    First,
    /// The second phone of Seoul.
    Second,
    /// The phone of Busan.
    Home,
}

/// The number of a login: later ones are greater.
pub type Number = u8;

/// The number, user and phone of a login, an intent, or a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    pub login: Number,
    pub user: User,
    pub phone: Phone,
}

impl Side {
    pub const ALL: [Self; 2] = [Self::Seoul, Self::Busan];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Seoul => "seoul",
            Self::Busan => "busan",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Seoul => Self::Busan,
            Self::Busan => Self::Seoul,
        }
    }

    /// This cluster's id in the store of `reader`: the own cluster is the empty text.
    pub const fn seen_by(self, reader: Self) -> &'static str {
        match (self, reader) {
            (Self::Seoul, Self::Seoul) | (Self::Busan, Self::Busan) => "",
            (Self::Seoul, Self::Busan) | (Self::Busan, Self::Seoul) => self.name(),
        }
    }
}

impl User {
    pub const ALL: [Self; 2] = [Self::Rak, Self::Ann];

    pub const fn id(self) -> &'static str {
        match self {
            Self::Rak => "rak",
            Self::Ann => "ann",
        }
    }

    pub fn of(id: &str) -> Self {
        Self::ALL.into_iter().find(|user| user.id() == id).unwrap()
    }
}

impl Phone {
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Home];

    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "SEP1",
            Self::Second => "SEP2",
            Self::Home => "SEP3",
        }
    }

    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|phone| phone.name() == name).unwrap()
    }

    /// The cluster that owns the phone.
    pub const fn side(self) -> Side {
        match self {
            Self::First | Self::Second => Side::Seoul,
            Self::Home => Side::Busan,
        }
    }
}

pub fn login_id(number: Number) -> LoginId {
    LoginId(Uuid::from_u128(u128::from(number)))
}

pub fn number_of(id: LoginId) -> Number {
    Number::try_from(id.0.as_u128()).unwrap()
}
