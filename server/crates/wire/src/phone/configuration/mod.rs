//! The configuration file of a Cisco phone with SIP firmware, `SEP<MAC>.cnf.xml`: the account that it
//! registers, the labels of its buttons and the service that it offers.
//!
//! Names, order and values of the elements are those of a file that CUCM 12.5 made for a 7821, and of
//! the documentation at usecallmanager.nz (SEPMAC.cnf.xml, Line Keys, Phone Services). A phone asks for
//! the file when it starts, and at no other time.

mod fixed;
mod read;
#[cfg(test)]
mod test;
mod time_zone;
mod write;

use std::fmt;

pub use time_zone::phone_time_zone;

/// The most buttons of a phone, lines and speed dials together: an 8861 has ten line keys, and 36 on each
/// of three expansion modules.
pub const MAX_BUTTONS: usize = 118;
/// The longest label of a button, in characters.
pub const MAX_LABEL_CHARS: usize = 30;
/// The longest number, user or secret that a phone reads, in characters. A longer text is in the file uncut
/// nevertheless: a cut text would name something else.
pub const MAX_NAME_CHARS: usize = 30;
/// The longest address that a phone reads, in characters. A longer address is left out: a cut address would
/// lead somewhere else.
pub const MAX_URL_CHARS: usize = 255;
/// The default port of a call server.
pub const SIP_PORT: u16 = 5060;
/// The name under which a phone offers its service.
pub const SERVICE_NAME: &str = "Extension Mobility";

/// The `featureID` of a line.
const LINE: &str = "9";
/// The `featureID` of a speed dial.
const SPEED_DIAL: &str = "2";

/// The content of the file. Characters that XML does not have, and control characters, are left out of every
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneConfiguration {
    /// The lines, from the first button on. A line without a number is left out. A phone without lines gets a
    /// line without a number, and doesn't register: firmware requires a line in every file.
    pub lines: Vec<Line>,
    /// The speed dials, on the buttons after the lines. A speed dial without a number or beyond [`MAX_BUTTONS`]
    /// is left out.
    pub speed_dials: Vec<SpeedDial>,
    /// The server at which the phone registers; with `None` the phone doesn't register. The phone speaks SIP
    /// over TCP: over UDP its firmware retransmits requests that were answered.
    pub call_server: Option<CallServer>,
    /// The address of the service that the phone offers as [`SERVICE_NAME`]. The phone itself replaces
    /// `#DEVICENAME#` and `#EMCC#` in the address.
    pub service_url: Option<String>,
    /// The address at which the phone checks whether the sender of a push is authorized. Without an address
    /// the phone obeys every sender.
    pub authentication_url: Option<String>,
    /// The address that the phone requests when nobody uses it.
    pub idle: Option<Idle>,
    /// The time zone, an IANA name (`Asia/Seoul`), as CUCM writes it for newer firmware; for older
    /// firmware see [`phone_time_zone`].
    pub time_zone: Option<String>,
    /// The version stamp, which differs whenever any other field differs.
    pub version: String,
}

/// The address that an idle phone requests, and after how long.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Idle {
    /// The address.
    pub url: String,
    /// The time without use, in seconds.
    pub seconds: u32,
}

/// The address has a secret.
impl fmt::Debug for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idle").field("seconds", &self.seconds).finish_non_exhaustive()
    }
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The directory number: the user of the line's address of record and of its contact.
    pub dn: String,
    /// The label beside the line's button, and the caller's name of the line; cut to [`MAX_LABEL_CHARS`].
    pub label: String,
    /// The account. A phone registers its first line only, and answers all challenges with one account:
    /// lines after the first have the first line's account, or none.
    pub credentials: Option<LineCredentials>,
}

/// An account for digest authentication.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LineCredentials {
    /// The user.
    pub user: String,
    /// The secret.
    pub secret: String,
}

impl fmt::Debug for LineCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineCredentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A speed dial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeedDial {
    /// The number to dial; a comma is a pause of two seconds.
    pub number: String,
    /// The label beside the speed dial's button; cut to [`MAX_LABEL_CHARS`].
    pub label: String,
}

/// A server at which phones register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallServer {
    /// The server's name or address. An empty text means no server.
    pub host: String,
    /// The server's port for SIP over TCP.
    pub port: u16,
}
