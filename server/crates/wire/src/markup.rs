//! The rules of XML 1.0 for markup that quick-xml leaves to its caller: names, attributes, characters, the XML
//! declaration and the document type.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use terms::NotUnderstood;

/// The problem of a piece of markup. The text quotes nothing of the document.
pub(crate) type Problem = &'static str;

/// White space (production 3).
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A character that a document may have (production 2).
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A character with which a name may begin (production 4, without the colon).
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// A name without a colon (production 4 of Namespaces in XML).
fn is_name(name: &str) -> bool {
    let goes_on = |c: char| {
        is_name_start(c)
            || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}'
                | '\u{203f}'..='\u{2040}')
    };
    name.starts_with(is_name_start) && name.chars().all(goes_on)
}

/// The prefix and the local part of a qualified name.
pub(crate) fn qualified(name: &str) -> Result<(Option<&str>, &str), Problem> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    if !is_name(local) || prefix.is_some_and(|prefix| !is_name(prefix)) {
        return Err("a name has a character that names do not have");
    }
    Ok((prefix, local))
}

/// The attributes of a tag, from the text behind the tag's name.
pub(crate) fn attributes(tag: &str) -> Result<Vec<(&str, Cow<'_, str>)>, Problem> {
    let mut found = Vec::new();
    let mut rest = tag;
    loop {
        let next = rest.trim_start_matches(is_space);
        if next.is_empty() {
            return Ok(found);
        }
        if next.len() == rest.len() {
            return Err("there is no white space before an attribute");
        }
        let (name, value) = next.split_once('=').ok_or("an attribute has no value")?;
        let name = name.trim_end_matches(is_space);
        if name.contains(is_space) {
            return Err("an attribute has no value");
        }
        let (value, behind) = quoted(value.trim_start_matches(is_space))?;
        if value.contains('<') {
            return Err("the value of an attribute has a <");
        }
        let value = unescape(value).map_err(|_| "a reference is to nothing")?;
        if !value.chars().all(is_char) {
            return Err("a character reference is to no character");
        }
        found.push((name, value));
        rest = behind;
    }
}

/// A text in quotation marks, and the rest behind it.
fn quoted(text: &str) -> Result<(&str, &str), Problem> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quote = quote.ok_or("a value is not in quotation marks")?;
    text[1..].split_once(quote).ok_or("a quotation mark is not closed")
}

/// Checks an XML declaration, without its `xml`: version, encoding and standalone, in this order.
pub(crate) fn declaration(content: &str) -> Result<(), Problem> {
    let mut attributes = attributes(content)?.into_iter().peekable();
    let mut next = |name: &str| attributes.next_if(|(found, _)| *found == name);
    let alphabetic = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    let version = next("version").is_some_and(|(_, version)| {
        let minor = version.strip_prefix("1.").unwrap_or_default();
        !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
    });
    let encoding = next("encoding").is_none_or(|(_, encoding)| {
        alphabetic(&encoding)
            && encoding.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    });
    let standalone = next("standalone").is_none_or(|(_, value)| matches!(&*value, "yes" | "no"));
    if version && encoding && standalone && attributes.next().is_none() {
        Ok(())
    } else {
        Err("the XML declaration is not one")
    }
}

/// Checks a processing instruction, without its delimiters.
pub(crate) fn instruction(content: &str) -> Result<(), Problem> {
    let target = content.split(is_space).next().unwrap_or_default();
    if !is_name(target) || target.eq_ignore_ascii_case("xml") {
        return Err("a processing instruction has no target");
    }
    Ok(())
}

/// Checks a comment, without its delimiters.
pub(crate) fn comment(content: &str) -> Result<(), Problem> {
    if content.contains("--") || content.ends_with('-') {
        return Err("a comment has two hyphens in a row");
    }
    Ok(())
}

/// Checks a document type, with its delimiters. An external subset is never fetched; an internal subset is
/// refused, because it can hold an entity bomb.
pub(crate) fn document_type(markup: &str) -> Result<(), NotUnderstood> {
    let rest = markup.strip_prefix("<!DOCTYPE").and_then(|rest| rest.strip_suffix('>'));
    let behind =
        rest.and_then(external_id).ok_or_else(|| not_well_formed("the DOCTYPE is not one"));
    match behind?.trim_matches(is_space) {
        "" => Ok(()),
        internal if internal.starts_with('[') => Err(NotUnderstood::InternalSubset),
        _ => Err(not_well_formed("the DOCTYPE is not one")),
    }
}

/// The text behind the name and the optional external id.
fn external_id(text: &str) -> Option<&str> {
    let name = spaced(text)?;
    let end = name.find(|c: char| is_space(c) || c == '[').unwrap_or(name.len());
    qualified(&name[..end]).ok()?;
    let behind = &name[end..];
    let Some(id) = spaced(behind) else { return Some(behind) };
    let literal = if let Some(public) = id.strip_prefix("PUBLIC") {
        let (public, behind) = quoted(spaced(public)?).ok()?;
        let is_public =
            |b: u8| b.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&b);
        public.bytes().all(is_public).then_some(behind)?
    } else if let Some(system) = id.strip_prefix("SYSTEM") {
        system
    } else {
        return Some(behind);
    };
    quoted(spaced(literal)?).ok().map(|(_, behind)| behind)
}

/// The text behind at least one character of white space.
fn spaced(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(is_space);
    (rest.len() < text.len()).then_some(rest)
}

/// The reason for a problem.
pub(crate) fn not_well_formed(problem: Problem) -> NotUnderstood {
    NotUnderstood::NotWellFormed { problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_type_is_passed_over_unless_it_declares_something() {
        for passed in [
            "<!DOCTYPE query SYSTEM \"http://em:8080/emservice/jsp/LoginQuery.dtd\">",
            "<!DOCTYPE query>",
            "<!DOCTYPE\n query\tSYSTEM\n'a[b' >",
            "<!DOCTYPE query PUBLIC \"-//A//B\" \"http://[::1]/a.dtd\">",
        ] {
            assert_eq!(document_type(passed), Ok(()), "{passed}");
        }
        for internal in [
            "<!DOCTYPE a []>",
            "<!DOCTYPE a[<!ENTITY b 'c'>]>",
            "<!DOCTYPE a SYSTEM 'b' [<!ENTITY b 'c'>]>",
        ] {
            assert_eq!(document_type(internal), Err(NotUnderstood::InternalSubset), "{internal}");
        }
        for wrong in [
            "<!DOCTYPE >",
            "<!DOCTYPEa>",
            "<!doctype a>",
            "<!DOCTYPE a SYSTEM>",
            "<!DOCTYPE a SYSTEM b>",
            "<!DOCTYPE a SYSTEM'b'>",
            "<!DOCTYPE a PUBLIC 'b'>",
            "<!DOCTYPE a PUBLIC 'b''c'>",
            "<!DOCTYPE a PUBLIC 'ä' 'c'>",
            "<!DOCTYPE a b>",
            "<!DOCTYPE 1>",
        ] {
            assert!(document_type(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_declaration_has_its_three_parts_in_order() {
        for good in [
            " version=\"1.0\"",
            " version='1.0' encoding='UTF-8'",
            " version='1.0' encoding='UTF-8' standalone='yes' ",
            " version = '1.0' standalone='no'",
        ] {
            assert_eq!(declaration(good), Ok(()), "{good}");
        }
        for wrong in [
            "",
            " encoding='UTF-8'",
            " version='2.0'",
            " version='1.'",
            " version='1.0'encoding='UTF-8'",
            " encoding='UTF-8' version='1.0'",
            " version='1.0' encoding='8'",
            " version='1.0' standalone='maybe'",
            " version='1.0' version='1.0'",
            " version=1.0",
        ] {
            assert!(declaration(wrong).is_err(), "{wrong}");
        }
    }
}
