//! Filters as SQL conditions on the column `search` and on the times of logins.

use terms::{LoginCondition, LoginField, Named, SoughtText};

/// A condition of `terms` and of the texts of `find` in the column `search`; `first` is the number of the first
/// text's parameter.
pub(crate) fn with_texts(mut terms: Vec<String>, find: &[SoughtText], first: usize) -> String {
    terms.extend((first..).zip(find).map(|(number, text)| has_text(text.field, number)));
    terms.join(" AND ")
}

/// A condition that the text of parameter `number` is in `search`, or in the part of it that belongs to a field.
fn has_text(field: Option<LoginField>, number: usize) -> String {
    let Some(field) = field else { return format!("instr(search, ?{number}) > 0") };
    let (before, after) = field.marks();
    let place = |mark: char| format!("instr(search, char({}))", u32::from(mark));
    let (before, after) = (place(before), place(after));
    // Without marks both places are zero, and so is the length of the part.
    format!("instr(substr(search, {before}, {after} - {before}), ?{number}) > 0")
}

/// The value of a parameter.
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// Binds values to a query.
macro_rules! bind_values {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::words::Value::Text(text) => query.bind(text.clone()),
                $crate::words::Value::Number(number) => query.bind(*number),
            };
        }
        query
    }};
}
pub(crate) use bind_values;

/// The terms of a filter over open logins, with the values of their parameters, of which `first` is the number of the
/// first.
pub(crate) fn login_terms(filter: &LoginCondition, first: usize) -> (Vec<String>, Vec<Value>) {
    let LoginCondition {
        login_type,
        texts,
        began_after_ms,
        began_before_ms,
        expires_after_ms,
        expires_before_ms,
    } = filter;
    let (mut terms, mut values) = (Vec::new(), Vec::new());
    let mut add = |term: &dyn Fn(usize) -> String, value| {
        terms.push(term(first + values.len()));
        values.push(value);
    };
    if let Some(login_type) = login_type {
        add(&|number| format!("type = ?{number}"), Value::Text(login_type.name().to_owned()));
    }
    for (bound, sql) in [
        (began_after_ms, "from_ms > "),
        (began_before_ms, "from_ms < "),
        (expires_before_ms, "until_ms < "),
    ] {
        if let Some(bound) = bound {
            add(&|number| format!("{sql}?{number}"), Value::Number(*bound));
        }
    }
    if let Some(after) = expires_after_ms {
        add(&|number| format!("(until_ms IS NULL OR until_ms > ?{number})"), Value::Number(*after));
    }
    for text in texts {
        add(&|number| has_text(text.field, number), Value::Text(text.text.clone()));
    }
    (terms, values)
}
