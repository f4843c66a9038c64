//! The phones on the page and the search text, from the address.

use terms::{LoginFilter, phone_key};

use crate::address::{Query, address};

/// The path of the page.
pub(super) const PATH: &str = "/phone-simulator";
/// The most phones on the page.
pub(super) const MOST_PHONES: usize = 4;

/// The values of the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Desk {
    /// The names of the phones, in the order of the page.
    pub phones: Vec<String>,
    /// The search text for the list of phones.
    pub find: String,
}

impl Desk {
    /// Reads an address; phones beyond [`MOST_PHONES`] are left out.
    pub fn read(query: &Query) -> Self {
        let find = LoginFilter::new(&query.get("find").unwrap_or_default(), None).find;
        let named = query.get_all("phone").into_iter().map(|name| name.trim().to_owned());
        named.filter(|name| !name.is_empty()).fold(Self { phones: Vec::new(), find }, Self::add)
    }

    /// Whether the phone is on the page; the spelling of the name may differ.
    pub fn has(&self, name: &str) -> bool {
        self.phones.iter().any(|one| phone_key(one) == phone_key(name))
    }

    /// Whether the page has [`MOST_PHONES`] phones.
    pub fn is_full(&self) -> bool {
        self.phones.len() >= MOST_PHONES
    }

    /// The address with the phone added.
    /// The search text is cleared.
    pub fn url_with(&self, name: &str) -> String {
        self.found("").add(name.to_owned()).url()
    }

    /// The address with the phone removed.
    pub fn url_without(&self, name: &str) -> String {
        let phones = self.phones.iter().filter(|one| *one != name).cloned().collect();
        Self { phones, find: self.find.clone() }.url()
    }

    /// The same phones with another search text.
    pub fn found(&self, find: &str) -> Self {
        let LoginFilter { find, .. } = LoginFilter::new(find, None);
        Self { phones: self.phones.clone(), find }
    }

    /// The address.
    pub fn url(&self) -> String {
        let phones = self.phones.iter().map(|name| ("phone", name.clone()));
        let pairs: Vec<_> = phones.chain([("find", self.find.clone())]).collect();
        address(PATH, &pairs)
    }

    fn add(mut self, name: String) -> Self {
        if !self.is_full() && !self.has(&name) {
            self.phones.push(name);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(query: &str) -> Desk {
        Desk::read(&Query::read(query))
    }

    #[test]
    fn an_address_names_each_phone_once_and_four_at_most() {
        let phones = |query| desk(query).phones;
        assert_eq!(phones("phone=SEPA&phone=SEPB"), ["SEPA", "SEPB"]);
        assert_eq!(phones("phone=SEPA&phone=sepa&phone=+&phone="), ["SEPA"]);
        assert_eq!(phones("phone=a&phone=b&phone=c&phone=d&phone=e"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_phone_is_put_there_and_taken_away() {
        let one = desk("phone=SEPA&find=lobby");
        assert_eq!(one.url_with("SEP B&C"), "/phone-simulator?phone=SEPA&phone=SEP%20B%26C");
        assert_eq!(one.url_with("sepa"), "/phone-simulator?phone=SEPA");
        assert_eq!(one.url_without("SEPA"), "/phone-simulator?find=lobby");
        assert_eq!(one.found(" hall ").url(), "/phone-simulator?phone=SEPA&find=hall");
        assert_eq!(desk("").url(), "/phone-simulator");
    }
}
