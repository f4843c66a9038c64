//! The names of the kinds of rows that have a retention.

use crate::{
    api::KeptKind,
    text::{t, use_i18n},
};

/// The name of a kind of row.
pub(super) fn kind_name(kind: KeptKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        KeptKind::History => t!(i18n, settings.history),
        KeptKind::Audit => t!(i18n, settings.audit),
        KeptKind::Events => t!(i18n, settings.events),
        KeptKind::Refusals => t!(i18n, settings.refusals),
    }
}
