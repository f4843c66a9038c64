//! Views of lists that administrators save by name.

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its number.
    pub number: u64,
    /// Whether all administrators have it.
    pub is_shared: bool,
    /// The key of the administrator who saved it.
    pub made_by: String,
    /// Its name.
    pub name: String,
    /// The path of the list with its query.
    pub address: String,
}

impl SavedView {
    /// The most views that an administrator has, and the most that are shared.
    pub const MAX: u32 = 50;
    /// The longest name, in characters.
    pub const MAX_NAME_CHARS: usize = 40;
    /// The longest address, in bytes.
    pub const MAX_ADDRESS_BYTES: usize = 1_000;
}
