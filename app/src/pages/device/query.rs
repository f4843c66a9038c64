//! Addresses of lists that find a name.

use crate::address::address;

pub(crate) use crate::address::phone_url as phone;

/// The URL of a search at a path.
pub(super) fn found(path: &str, find: &str) -> String {
    address(path, &[("find", find.to_owned())])
}

/// The search for the logins of a user.
pub(super) fn of_user(name: &str) -> String {
    format!("user:\"{}\"", name.replace('"', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_something_in_a_url_are_escaped() {
        assert_eq!(phone("SEP/1?#"), "/phones/SEP%2F1%3F%23");
        assert_eq!(found("/login-history", "50%&more"), "/login-history?find=50%25%26more");
    }
}
