//! The form of saved views, which the frame of each page has.

use app::SavedViewLink;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Web,
    choices::back_of,
    request::{refused, status},
};
use crate::admin::{Admin, AdminError, Caller, SHARES_VIEWS};

/// What the form asks for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The name under which the list is saved.
    #[serde(default)]
    name: String,
    /// Any text: all administrators get the view.
    #[serde(default)]
    shared: String,
    /// The number of the view to remove, instead of saving one.
    remove: Option<u64>,
    /// The administrator whom the page was shown to.
    #[serde(default, rename = "shown-to")]
    shown_to: String,
}

/// Saves the list whose page sent the form, or removes a view, and goes back to the page.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Response {
    let Wanted { name, shared, remove, shown_to } = wanted;
    let back = back_of(&headers).to_owned();
    // Another administrator has signed in since: nothing is done in that name.
    if !caller.is(&shown_to) {
        return Redirect::to(&back).into_response();
    }
    let done = match remove {
        Some(number) => web.admin.remove_view(&caller, number).await.map(drop),
        None => web.admin.save_view(&caller, &name, &back, !shared.is_empty()).await,
    };
    match done {
        Ok(()) => Redirect::to(&back).into_response(),
        Err(AdminError::Invalid(text)) => (StatusCode::BAD_REQUEST, text + ".\n").into_response(),
        Err(error) => status(&refused(error)).into_response(),
    }
}

/// Whether a caller may save a view for all.
pub(super) fn may_share(caller: &Caller) -> bool {
    caller.may(SHARES_VIEWS)
}

/// The views that the frame shows; none where they can't be read, because the page itself says so.
pub(super) async fn of(admin: &Admin, caller: &Caller) -> Vec<SavedViewLink> {
    let views = admin.saved_views(caller).await.unwrap_or_default();
    let link = |(view, may_remove): (engine::SavedView, bool)| SavedViewLink {
        number: view.number,
        name: view.name,
        address: view.address,
        is_shared: view.is_shared,
        may_remove,
    };
    views.into_iter().map(link).collect()
}
