//! Prefixes in scope (Namespaces in XML 1.0).

use std::collections::{HashMap, HashSet};

use crate::markup::{Problem, attributes, qualified};

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The namespaces to which the open elements bind prefixes.
#[derive(Default)]
pub(crate) struct Namespaces {
    /// The bindings of each open element itself.
    scopes: Vec<HashMap<String, String>>,
}

impl Namespaces {
    /// Enters an element: checks its name and its attributes.
    pub(crate) fn enter(&mut self, name: &str, tag: &str) -> Result<(), Problem> {
        let attributes = attributes(tag)?;
        let mut bound = HashMap::new();
        let mut names = HashSet::new();
        for (name, value) in &attributes {
            if !names.insert(*name) {
                return Err("an attribute stands twice in a tag");
            }
            match qualified(name)? {
                (Some("xmlns"), prefix) => {
                    bind(prefix, value)?;
                    bound.insert(prefix.to_owned(), value.to_string());
                }
                (None, "xmlns") if matches!(&**value, XML | XMLNS) => {
                    return Err("a reserved namespace is bound");
                }
                _ => {}
            }
        }
        self.scopes.push(bound);
        if let (Some(prefix), _) = qualified(name)? {
            self.namespace(prefix)?;
        }
        let mut expanded = HashSet::new();
        for (name, _) in &attributes {
            let (Some(prefix), local) = qualified(name)? else { continue };
            if prefix != "xmlns" && !expanded.insert((self.namespace(prefix)?, local)) {
                return Err("an attribute stands twice in a tag");
            }
        }
        Ok(())
    }

    /// Leaves the element that was entered last.
    pub(crate) fn leave(&mut self) {
        self.scopes.pop();
    }

    fn namespace(&self, prefix: &str) -> Result<&str, Problem> {
        if prefix == "xml" {
            return Ok(XML);
        }
        let bound = self.scopes.iter().rev().find_map(|scope| scope.get(prefix));
        bound.map(String::as_str).ok_or("a prefix is not declared")
    }
}

/// Checks that a prefix may be bound to this namespace.
fn bind(prefix: &str, namespace: &str) -> Result<(), Problem> {
    let is_xml = namespace == XML;
    if prefix == "xmlns" || namespace == XMLNS || (prefix == "xml") != is_xml {
        return Err("a reserved namespace is bound");
    }
    if namespace.is_empty() {
        return Err("a prefix is bound to nothing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_known_where_it_is_declared() {
        let mut namespaces = Namespaces::default();
        assert_eq!(namespaces.enter("p:a", " xmlns:p='u' p:b='1' b='2' xml:lang='de'"), Ok(()));
        assert_eq!(namespaces.enter("p:b", ""), Ok(()));
        namespaces.leave();
        namespaces.leave();
        assert!(namespaces.enter("p:b", "").is_err());
    }

    #[test]
    fn what_the_standard_forbids_is_refused() {
        for (name, tag) in [
            ("p:a", ""),
            ("a", " p:b='1'"),
            ("a", " b='1' b='2'"),
            ("a", " xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'"),
            ("a", " xmlns:p=''"),
            ("a", " xmlns:xmlns='u'"),
            ("a", " xmlns:xml='u'"),
            ("a", " xmlns:p='http://www.w3.org/XML/1998/namespace'"),
            ("a", " xmlns='http://www.w3.org/2000/xmlns/'"),
            ("xmlns:a", ""),
            ("a:b:c", " xmlns:a='u'"),
            (":a", ""),
            ("a:", ""),
            ("1a", ""),
            ("a", " 1b='1'"),
        ] {
            assert!(Namespaces::default().enter(name, tag).is_err(), "{name}{tag}");
        }
    }
}
