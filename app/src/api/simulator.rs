//! Simulated phones: the server relays between the browser and this cluster's phone services.

use std::fmt;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Labelled, Refused};

/// The most phones in one answer.
pub const OFFERED_PHONES: usize = 50;

/// Phones that the simulator can show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulatorPage {
    /// Whether this server simulates phones.
    pub is_on: bool,
    /// Phones of this cluster by name, at most [`OFFERED_PHONES`].
    pub phones: Vec<OfferedPhone>,
    /// The number of all phones that match.
    pub matching: u64,
}

/// A phone that the simulator can show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPhone {
    /// The phone's name.
    pub name: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
}

/// The present state of a phone, from its configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulatedPhone {
    /// The phone's name.
    pub name: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The user who is logged in.
    pub user: Option<String>,
    /// The phone's lines, with their labels.
    pub lines: Vec<Labelled>,
    /// The phone's speed dials, with their labels.
    pub speed_dials: Vec<Labelled>,
}

/// The news of a phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNews {
    /// The marker to send as `seen` with the next request.
    pub seen: String,
    /// The number of the last event that the news includes.
    pub as_of: u64,
    /// The present state of the phone.
    pub phone: SimulatedPhone,
    /// Commands that were pushed to the phone since `seen`, in order: addresses and actions such as
    /// `Init:CallHistory`.
    pub pushed: Vec<String>,
}

/// A screen that a service sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneScreen {
    /// The title.
    pub title: String,
    /// The line above the soft keys.
    pub prompt: String,
    /// The content.
    pub body: PhoneBody,
    /// The soft keys by position.
    pub keys: Vec<PhoneKey>,
}

/// The content of a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhoneBody {
    /// A text.
    Text(String),
    /// A form.
    Form {
        /// The address that receives the fields.
        url: String,
        /// Whether the fields are sent in a body.
        is_posted: bool,
        /// The fields.
        fields: Vec<PhoneField>,
    },
    /// Names with the addresses to which the names lead.
    Menu(Vec<PhoneKey>),
    /// Commands to the phone, in the form that pushes use.
    Commands(Vec<String>),
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneField {
    /// The label.
    pub label: String,
    /// The name of the parameter that the field sends.
    pub name: String,
    /// The phone's input flags, for instance `L` (lower case) or `NP` (digits that are not shown).
    pub flags: String,
    /// The initial value.
    pub value: String,
}

/// A soft key, or an item of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneKey {
    /// The label.
    pub label: String,
    /// The address to which the key leads, or an action such as `SoftKey:Submit`.
    pub url: String,
}

/// A phone's request to an address.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// The phone.
    pub phone: String,
    /// The address; empty for the log-in screen of the phone's configuration.
    pub url: String,
    /// The fields that are sent with the request. The fields may hold a PIN.
    pub fields: Vec<(String, String)>,
    /// Whether the fields are sent in a body.
    pub is_posted: bool,
}

/// The output omits the fields' values, because a field may hold a PIN.
impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press").field("phone", &self.phone).finish_non_exhaustive()
    }
}

/// Phones that the simulator can show, with `find` in the name, model or description.
///
/// # Errors
/// When nobody is signed in, or the role is too low.
#[server(prefix = "/call", endpoint = "simulator", input = Json, output = Json)]
pub async fn read_simulator(find: String) -> Result<SimulatorPage, Refused> {
    console().simulator(find).await
}

/// Reads the news of a phone since `seen`.
/// The server waits up to 1 s for news, because the tab's socket can report an event before the push to the phone
/// is queued. Without `seen` the server answers at once.
///
/// # Errors
/// As [`read_simulator`]; [`Refused::NotFound`] when there is no such phone.
#[server(prefix = "/call", endpoint = "simulator-news", input = Json, output = Json)]
pub async fn read_phone_news(phone: String, seen: String) -> Result<PhoneNews, Refused> {
    console().phone_news(phone, seen).await
}

/// Requests an address as the phone would.
///
/// # Errors
/// As [`read_phone_news`]; also [`Refused::NotFound`] for an address that is not one of this cluster's phone
/// services, and [`Refused::Transport`] with the phone's own message where no screen came.
#[server(prefix = "/call", endpoint = "simulator-press", input = Json, output = Json)]
pub async fn press_key(press: Press) -> Result<PhoneScreen, Refused> {
    console().press(press).await
}
