//! `sojourn subscribers`

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Write,
    path::Path,
};

use engine::{WithAccounts, ports::ConfigurationStore};

use super::{CliError, open_to_read};

/// The first line of Kamailio's table: names and types of its columns. `numbers` is ours: the numbers under which
/// an account may register, with commas between.
const COLUMNS: &str = "username(string) domain(string) password(string) numbers(string)";
/// The most numbers of an account: Kamailio goes through them one by one, a hundred at most.
const MAX_NUMBERS: usize = 64;

/// Prints the table of subscribers in the form of Kamailio's module `db_text`, one account a line, by name; on
/// standard error the problems.
pub(super) async fn print(realm: &str, data_dir: &Path) -> Result<(), CliError> {
    let store = open_to_read(data_dir).await?;
    let owners = store.with_accounts().await;
    store.close().await;
    let (table, problems) = table(realm, &owners.map_err(|error| error.to_string())?);
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
        .ok_or_else(|| "must be letters, digits, '-', '.' or '_'".to_owned())
}

/// An account of the table.
struct Subscriber<'a> {
    password: &'a str,
    numbers: Vec<&'a str>,
    /// The first phone or device profile that has it.
    owner: &'a str,
}

/// The table of the accounts of phones and device profiles, and the accounts that can't be in the table.
fn table(realm: &str, owners: &[WithAccounts]) -> (String, Vec<String>) {
    let mut subscribers = BTreeMap::new();
    let mut problems = Vec::new();
    for owner in owners {
        for (user, new) in accounts(owner, &mut problems) {
            match subscribers.entry(user) {
                Entry::Vacant(place) => {
                    place.insert(new);
                }
                Entry::Occupied(place) => merge(user, place.into_mut(), new, &mut problems),
            }
        }
    }
    let mut table = format!("{COLUMNS}\n");
    for (user, Subscriber { password, numbers, owner }) in subscribers {
        if numbers.len() > MAX_NUMBERS {
            problems.push(format!(
                "{owner}: account {user}: numbers past the first {MAX_NUMBERS} are left out"
            ));
        }
        let numbers = numbers[..numbers.len().min(MAX_NUMBERS)].join(",");
        table.push_str(&[user, realm, password, &numbers].map(escaped).join(":"));
        table.push('\n');
    }
    (table, problems)
}

/// The accounts of a phone or device profile. A phone registers its first line, and answers with that account
/// for its other lines, too, unless they have their own.
fn accounts<'a>(
    owner: &'a WithAccounts,
    problems: &mut Vec<String>,
) -> BTreeMap<&'a str, Subscriber<'a>> {
    let WithAccounts { name, lines, sip } = owner;
    let own = |dn: &str| sip.iter().find(|account| account.dn == dn);
    let first = lines.first().and_then(|line| own(&line.dn));
    let mut accounts = BTreeMap::new();
    for number in lines.iter().map(|line| line.dn.as_str()) {
        let Some(account) = own(number).or(first) else { continue };
        if account.user.is_empty() || account.password.is_empty() {
            problems.push(format!("{name}: line {number} has no user or password: left out"));
        } else if number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"*+._-".contains(&byte))
        {
            let new = Subscriber { password: &account.password, numbers: Vec::new(), owner: name };
            accounts.entry(account.user.as_str()).or_insert(new).numbers.push(number);
        } else {
            problems.push(format!(
                "{name}: line {number}: a number to call has letters, digits and *+._- alone: left out"
            ));
        }
    }
    accounts
}

/// Merges the account of another phone or device profile under the same name.
fn merge<'a>(
    user: &str,
    known: &mut Subscriber<'a>,
    new: Subscriber<'a>,
    problems: &mut Vec<String>,
) {
    let both = format!("{} and {}: account {user}", known.owner, new.owner);
    if known.password != new.password {
        problems.push(format!("{both}: two passwords, and the first one counts"));
    }
    if known.numbers != new.numbers {
        problems
            .push(format!("{both}: other lines, and whoever has one of them is reached under all"));
    }
    let more = new.numbers.into_iter().filter(|number| !known.numbers.contains(number));
    let more: Vec<_> = more.collect();
    known.numbers.extend(more);
}

/// A value of a table, in which a colon ends the value.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(':', "\\:")
}

#[cfg(test)]
mod tests {
    use engine::{Line, SipAccount};

    use super::*;

    fn owner(name: &str, lines: &[&str], sip: &[(&str, &str, &str)]) -> WithAccounts {
        let line = |dn: &&str| Line { dn: (*dn).to_owned(), label: String::new() };
        let account = |(dn, user, password): &(&str, &str, &str)| SipAccount {
            dn: (*dn).to_owned(),
            user: (*user).to_owned(),
            password: (*password).to_owned(),
        };
        WithAccounts {
            name: name.to_owned(),
            lines: lines.iter().map(line).collect(),
            sip: sip.iter().map(account).collect(),
        }
    }

    #[test]
    fn each_account_is_there_once_with_its_numbers() {
        let (table, problems) = table(
            "seoul",
            &[
                owner("SEP1", &["1001", "1002"], &[("1001", "lobby", "l:0\\b")]),
                owner("SEP2", &["1003", "1004"], &[("1003", "1003", "a"), ("1004", "1004", "b")]),
                owner("john-UDP", &["2001"], &[("2001", "john", "j")]),
            ],
        );
        let rows = "1003:seoul:a:1003\n1004:seoul:b:1004\njohn:seoul:j:2001\n\
                    lobby:seoul:l\\:0\\\\b:1001,1002\n";
        assert_eq!(table, format!("{COLUMNS}\n{rows}"));
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn what_kamailio_could_not_read_is_left_out_and_named() {
        let many: Vec<_> = (0..70).map(|number| format!("3{number:03}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let (table, problems) = table(
            "seoul",
            &[
                owner("SEP1", &["1001"], &[("1001", "", "a")]),
                owner("SEP2", &["1002"], &[("1002", "1002", "")]),
                owner("SEP3", &["10#3", "1,4"], &[("10#3", "1003", "hidden")]),
                owner("SEP4", &many, &[("3000", "many", "m")]),
                owner("a-UDP", &["2001"], &[("2001", "john", "hidden")]),
                owner("b-UDP", &["2001", "2002"], &[("2001", "john", "other")]),
            ],
        );
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.contains("john:seoul:hidden:2001,2002\n"), "{table}");
        assert!(table.contains(",3063\n") && !table.contains("3064"), "{table}");
        assert_eq!(problems.len(), 7, "{problems:#?}");
        assert!(problems.iter().all(|problem| !problem.contains("hidden")), "{problems:#?}");
    }

    #[test]
    fn a_realm_is_a_plain_word() {
        assert_eq!(realm("sip.example"), Ok("sip.example".to_owned()));
        for bad in ["", "a b", "a:b", "a\"b"] {
            assert!(realm(bad).is_err(), "{bad}");
        }
    }
}
