//! The palette: what it finds, and its words. `public/palette.js` asks; the program never does.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::Role;

use super::{Json, Refused, console};
use crate::text::{I18n, language, t};

/// The most users, and the most phones, that the palette finds.
pub const FOUND_NAMES: u32 = 8;

/// A user or a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundName {
    /// The name.
    pub name: String,
    /// What is said beside the name; may be empty.
    pub note: String,
    /// The address of the page.
    pub to: String,
}

/// Users and phones of this cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Users, at most [`FOUND_NAMES`].
    pub users: Vec<FoundName>,
    /// Phones, at most [`FOUND_NAMES`].
    pub phones: Vec<FoundName>,
}

/// The words of the palette, and what the viewer may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Palette {
    /// The words by name, in the language of the page. `{}` stands for the typed text or a number.
    pub words: BTreeMap<String, String>,
    /// Whether the viewer may end logins.
    pub may_end: bool,
}

/// The words of the palette, and what the viewer may do.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "palette", input = Json, output = Json)]
pub async fn read_palette() -> Result<Palette, Refused> {
    let may_end = console().own_role().await? >= Role::Operator;
    let i18n = I18n::of(language());
    let matching = if may_end {
        t!(i18n, palette.log_out_matching, find = "{}")
    } else {
        t!(i18n, palette.find_matching, find = "{}")
    };
    let count = t!(i18n, palette.count, count = "{}");
    let words = [
        ("title", t!(i18n, palette.title)),
        ("hint", t!(i18n, palette.hint)),
        ("pages", t!(i18n, palette.pages)),
        ("users", t!(i18n, palette.users)),
        ("phones", t!(i18n, palette.phones)),
        ("actions", t!(i18n, palette.actions)),
        ("view", t!(i18n, keys.view)),
        ("language", t!(i18n, nav.language)),
        ("sign_out", t!(i18n, nav.sign_out)),
        ("log_in", t!(i18n, palette.log_in)),
        ("log_in_hint", t!(i18n, palette.log_in_hint)),
        ("nothing", t!(i18n, palette.nothing)),
        ("failed", t!(i18n, states.failed)),
        ("matching", &matching),
        ("count", &count),
    ];
    let words = words.map(|(name, word)| (name.to_owned(), word.to_owned())).into();
    Ok(Palette { words, may_end })
}

/// Users and phones by a part of their names.
///
/// # Errors
/// When nobody is signed in or the server can't look for them.
#[server(prefix = "/call", endpoint = "find", input = Json, output = Json)]
pub async fn find_names(
    /// The typed text.
    find: String,
) -> Result<Found, Refused> {
    console().find_names(find).await
}
