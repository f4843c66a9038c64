//! The search for words in the column `search`.

/// A condition of `terms` and of the words of `find`, each anywhere in the column `search`; `first` is the number of
/// the first word's parameter.
pub(crate) fn with_words(mut terms: Vec<String>, find: &[String], first: usize) -> String {
    terms.extend((first..).zip(find).map(|(number, _)| format!("instr(search, ?{number}) > 0")));
    terms.join(" AND ")
}
