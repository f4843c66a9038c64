//! The view options of a browser: how lists look, and which columns Active Logins has.

use leptos::prelude::*;
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::Named;

use crate::text::{I18n, cookie, language, t};

/// The cookie that stores the view options; the server sets and reads the cookie.
pub const VIEW_COOKIE: &str = "sojourn-view";

/// A part of the pages that a reader can switch on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ViewOption {
    /// Each row of a list is one line.
    Compact,
    /// The events beside the logins.
    Events,
    /// The column *Login Type*.
    Type,
    /// The column *Profile*.
    Profile,
    /// The column *Since*.
    Since,
    /// The column *Left*.
    Left,
    /// The column *Source*.
    Source,
    /// Keys without a modifier, such as `j`.
    Keys,
}

impl Named for ViewOption {}

/// The parts that are switched on.
/// Style sheet and script find their names in the attribute `data-view` of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewOptions(Vec<ViewOption>);

impl Default for ViewOptions {
    /// Everything but the column *Source*.
    fn default() -> Self {
        Self(ViewOption::all().filter(|one| *one != ViewOption::Source).collect())
    }
}

impl ViewOptions {
    /// The options of these names; an unknown name is left out.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let chosen: Vec<_> = names.into_iter().filter_map(ViewOption::from_name).collect();
        Self(ViewOption::all().filter(|one| chosen.contains(one)).collect())
    }

    /// The names, with `separator` between them.
    #[must_use]
    pub fn names(&self, separator: &str) -> String {
        self.0.iter().map(|one| one.name()).collect::<Vec<_>>().join(separator)
    }

    /// The options of the request's cookie, which separates the names by full stops.
    pub(crate) fn of_request() -> Self {
        cookie(VIEW_COOKIE).map_or_else(Self::default, |names| Self::named(names.split('.')))
    }

    fn has(&self, option: ViewOption) -> bool {
        self.0.contains(&option)
    }
}

/// The form of the view options, which a button with `popovertarget="view"` opens.
#[component]
pub(super) fn View() -> impl IntoView {
    let options = ViewOptions::of_request();
    let i18n = I18n::of(language());
    let switch = |option: ViewOption, text: &'static str| {
        view! {
            <label>
                <input
                    type="checkbox"
                    name="show"
                    value=option.name()
                    checked=options.has(option)
                />
                {text}
            </label>
        }
        .into_any()
    };
    let is_compact = options.has(ViewOption::Compact);
    view! {
        <div id="view" popover="auto" role="dialog" aria-labelledby="view-title">
            <form method="post" action="/view">
                <h2 id="view-title">{t!(i18n, view.title)}</h2>
                <fieldset>
                    <legend>{t!(i18n, view.rows)}</legend>
                    <label>
                        <input type="radio" name="rows" value="compact" checked=is_compact autofocus/>
                        {t!(i18n, view.compact)}
                    </label>
                    <label>
                        <input type="radio" name="rows" value="comfortable" checked=!is_compact/>
                        {t!(i18n, view.comfortable)}
                    </label>
                </fieldset>
                <fieldset>
                    <legend>{t!(i18n, view.columns)}</legend>
                    {switch(ViewOption::Type, t!(i18n, logins.login_type))}
                    {switch(ViewOption::Profile, t!(i18n, logins.profile))}
                    {switch(ViewOption::Since, t!(i18n, logins.since))}
                    {switch(ViewOption::Left, t!(i18n, logins.left))}
                    {switch(ViewOption::Source, t!(i18n, logins.source))}
                </fieldset>
                <fieldset>
                    <legend>{t!(i18n, view.more)}</legend>
                    {switch(ViewOption::Events, t!(i18n, view.events))}
                    {switch(ViewOption::Keys, t!(i18n, view.keys))}
                </fieldset>
                <button class="button without-script">{t!(i18n, view.apply)}</button>
            </form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_options_are_taken_each_once() {
        let options = ViewOptions::named(["source", "comfortable", "compact", "source", "<b>", ""]);
        assert_eq!(options.names(" "), "compact source");
        assert_eq!(ViewOptions::named([]).names("."), "");
    }

    #[test]
    fn the_column_source_is_off_until_somebody_switches_it_on() {
        let names = ViewOptions::default().names(".");
        assert_eq!(names, "compact.events.type.profile.since.left.keys");
    }
}
