//! The frame around the pages of the console: brand bar, menu, the list of keys and the view options.
//!
//! The server alone renders the frame, outside of the program, and `public/frame.js` operates it: the frame adds
//! nothing to the program, and works before the program runs.

mod brand;
mod keys;
mod menu;
mod saved;
mod view;

use leptos::prelude::*;

use self::{brand::Brand, keys::Keys, menu::Menu, saved::SavedViews, view::View};
pub use self::{
    saved::SavedViewLink,
    view::{VIEW_COOKIE, ViewOptions},
};

/// What the frame shows.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The administrator who is signed in; `None` when the session could not be read.
    pub viewer: Option<String>,
    /// The id of the cluster.
    pub cluster: String,
    /// The release of the cluster.
    pub release: String,
    /// The saved views of the viewer, by name.
    pub views: Vec<SavedViewLink>,
    /// Whether the viewer may save a view for all.
    pub may_share: bool,
}

/// The part of the frame above the page.
#[component]
pub(crate) fn Above(frame: Frame) -> impl IntoView {
    let (views, may_share) = (frame.views.clone(), frame.may_share);
    view! {
        <Brand frame/>
        <Menu/>
        <SavedViews views may_share/>
    }
}

/// The part of the frame that opens over the page; `script` is the address of `frame.js`.
#[component]
pub(crate) fn Over(script: String, nonce: Option<String>) -> impl IntoView {
    view! {
        <View/>
        <Keys/>
        <script nonce=nonce src=script></script>
    }
}
