//! `sojourn subscribers`

use std::{collections::BTreeMap, io::Write, path::Path};

use engine::{SipAccount, ports::ConfigurationStore};

use super::{CliError, open_existing};

/// The first line of Kamailio's table: names and types of its columns. `numbers` is ours: the numbers under which
/// an account may register, with commas between.
const COLUMNS: &str = "username(string) domain(string) password(string) numbers(string)";

/// Prints the table of subscribers in the form of Kamailio's module `db_text`, one account a line, by name.
pub(super) async fn print(realm: &str, data_dir: &Path) -> Result<(), CliError> {
    let store = open_existing(data_dir).await?;
    let accounts = store.sip_accounts().await;
    store.close().await;
    let (table, problems) = table(realm, accounts.map_err(|error| error.to_string())?);
    for problem in problems {
        let _ = writeln!(std::io::stderr(), "sojourn: {problem}");
    }
    let mut out = std::io::stdout();
    let written = out.write_all(table.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| format!("the table can't be written: {error}"))
}

/// The realm, if Kamailio can show it to phones.
pub(super) fn realm(text: &str) -> Result<String, String> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_realm = !text.is_empty() && text.bytes().all(is_good);
    is_realm
        .then(|| text.to_owned())
        .ok_or_else(|| "must be letters, digits, '-', '.' or '_'".into())
}

/// The table of the accounts, each with the phone or device profile that has it; and what can't be in it.
fn table(realm: &str, owners: Vec<(String, Vec<SipAccount>)>) -> (String, Vec<String>) {
    let mut subscribers: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (owner, accounts) in owners {
        for SipAccount { dn, user, password } in accounts {
            if password.is_empty() {
                problems.push(format!("{owner}: account {user} has no password: left out"));
                continue;
            }
            let known = subscribers.entry(user.clone()).or_insert((password.clone(), Vec::new()));
            if known.0 != password {
                problems.push(format!(
                    "{owner}: account {user} has another password elsewhere: the first one counts"
                ));
            }
            if !known.1.contains(&dn) {
                known.1.push(dn);
            }
        }
    }
    let mut table = format!("{COLUMNS}\n");
    for (user, (password, numbers)) in subscribers {
        let row = [user.as_str(), realm, password.as_str(), &numbers.join(",")].map(escaped);
        table.push_str(&row.join(":"));
        table.push('\n');
    }
    (table, problems)
}

/// A value of a table, in which a colon ends the value.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(':', "\\:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_is_there_once_with_its_numbers() {
        let account = |dn: &str, user: &str, password: &str| SipAccount {
            dn: dn.to_owned(),
            user: user.to_owned(),
            password: password.to_owned(),
        };
        let lobby = vec![account("1001", "lobby", "l:0\\b"), account("1002", "lobby", "l:0\\b")];
        let owners = vec![
            ("SEP1".to_owned(), lobby),
            ("john-UDP".to_owned(), vec![account("2001", "john", "j"), account("2002", "jo", "")]),
            ("jane-UDP".to_owned(), vec![account("2001", "john", "other")]),
        ];
        let (table, problems) = table("seoul", owners);
        assert_eq!(
            table,
            format!("{COLUMNS}\njohn:seoul:j:2001\nlobby:seoul:l\\:0\\\\b:1001,1002\n")
        );
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(!format!("{problems:?}").contains("other\""), "no password: {problems:?}");
    }

    #[test]
    fn a_realm_is_a_plain_word() {
        assert_eq!(realm("sip.example"), Ok("sip.example".to_owned()));
        for bad in ["", "a b", "a:b", "a\"b"] {
            assert!(realm(bad).is_err(), "{bad}");
        }
    }
}
