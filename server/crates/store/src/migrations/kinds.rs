//! The tables that migration 4 keys by name, as migrations 1 to 3 leave them.

use terms::{EndCause, key, phone_key};

/// A table of named rows. In its SQL, `?1` is a row's name and `?2` the row's new name.
pub(super) struct Kind {
    /// The table.
    pub(super) table: &'static str,
    /// The column of the name.
    pub(super) name: &'static str,
    /// The audit's word for a row of the table.
    pub(super) what: &'static str,
    /// The key of a name.
    pub(super) key: fn(&str) -> String,
    /// SQL for a row's content: everything but its name and its use.
    pub(super) content: &'static str,
    /// SQL for the time at which the row's latest open login began.
    pub(super) open: &'static str,
    /// SQL for the time of the row's last other use.
    pub(super) used: &'static str,
    /// SQL that disables a row that gets a new name; empty for a row that stays usable.
    pub(super) disable: &'static [&'static str],
    /// SQL that makes references by name follow to the new name.
    pub(super) follow: &'static [&'static str],
    /// The condition for the open logins that end with the row, and the cause of their end.
    pub(super) logins: Option<(&'static str, EndCause)>,
    /// Whether a row has at most one open login, also when two rows become one.
    pub(super) one_login: bool,
}

/// All of these tables. Profiles come first, since users name them.
pub(super) const ALL: [Kind; 5] = [
    Kind {
        table: "device_profiles",
        name: "name",
        what: "device profile",
        key,
        content: "json_array(model, lines, speed_dials)",
        open: "SELECT max(from_ms) FROM logins WHERE ended_ms IS NULL AND profile = ?1",
        used: "SELECT max(ended_ms) FROM logins WHERE ended_ms IS NOT NULL AND profile = ?1",
        // A user of the profile keeps the profile under its new name.
        disable: &[],
        follow: &[
            "UPDATE logins SET profile = ?2 WHERE profile = ?1",
            // A user with both spellings of one profile keeps one of them, at the first position.
            "UPDATE users SET profiles =
                (SELECT json_group_array(name ORDER BY place) FROM
                    (SELECT iif(value = ?1, ?2, value) AS name, min(key) AS place
                       FROM json_each(profiles) GROUP BY 1))
              WHERE EXISTS (SELECT 1 FROM json_each(profiles) WHERE value = ?1)",
        ],
        logins: None,
        one_login: false,
    },
    Kind {
        table: "phones",
        name: "name",
        what: "phone",
        key: phone_key,
        content: "json_array(model, description, extension_mobility, address, lines, speed_dials)",
        open: "SELECT max(from_ms) FROM logins WHERE ended_ms IS NULL AND phone = ?1",
        // Retention may have deleted the phone's logins; `last_user` still shows that the phone was used.
        used: "SELECT coalesce(
                  (SELECT max(ended_ms) FROM logins WHERE ended_ms IS NOT NULL AND phone = ?1),
                  (SELECT 0 FROM phones WHERE name = ?1 AND last_user IS NOT NULL))",
        disable: &["UPDATE phones SET extension_mobility = 0 WHERE name = ?1"],
        follow: &["UPDATE logins SET phone = ?2 WHERE phone = ?1"],
        logins: Some(("l.phone = ?1", EndCause::PhoneRemoved)),
        one_login: true,
    },
    Kind {
        table: "users",
        name: "id",
        what: "user",
        key,
        content: "json_array(pin_hash, enabled, emcc, max_login_minutes, profiles)",
        // The query compares keys, since the user's spelling may have changed after the login.
        open: "SELECT max(from_ms) FROM logins
                WHERE ended_ms IS NULL AND user_key = (SELECT key FROM users WHERE id = ?1)",
        used: "SELECT max(ended_ms) FROM logins
                WHERE ended_ms IS NOT NULL AND user_key = (SELECT key FROM users WHERE id = ?1)",
        disable: &["UPDATE users SET enabled = 0 WHERE id = ?1"],
        follow: &[
            "UPDATE logins SET user = ?2 WHERE user_key = (SELECT key FROM users WHERE id = ?1)",
            "UPDATE phones SET last_user = ?2 WHERE last_user = ?1",
        ],
        logins: Some((
            "l.user_key = (SELECT key FROM users WHERE id = ?1)",
            EndCause::UserDisabled,
        )),
        one_login: false,
    },
    Kind {
        table: "app_users",
        name: "id",
        what: "application user",
        key,
        content: "json_array(password_hash, proxy)",
        open: "SELECT NULL",
        used: "SELECT max(at_ms) FROM
                  (SELECT max(from_ms) AS at_ms FROM logins
                    WHERE began_by_kind = 'application_user' AND began_by = ?1
                   UNION ALL
                   SELECT max(ended_ms) FROM logins
                    WHERE ended_by_kind = 'application_user' AND ended_by = ?1)",
        // A well-formed hash of no password.
        disable: &["UPDATE app_users SET proxy = 0, password_hash =
                '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$' ||
                'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
              WHERE id = ?1"],
        follow: &[],
        logins: None,
        one_login: false,
    },
    Kind {
        table: "administrators",
        name: "name",
        what: "administrator",
        key,
        content: "json_array(password_hash, role, enabled)",
        // An enabled administrator with all rights keeps the name, since one such administrator must stay.
        open: "SELECT enabled AND role = 'administrator' FROM administrators WHERE name = ?1",
        used: "SELECT max(signed_in_ms) FROM sessions JOIN administrators ON administrator = key
                WHERE name = ?1",
        disable: &[
            "UPDATE administrators SET enabled = 0 WHERE name = ?1",
            "DELETE FROM sessions WHERE administrator =
                (SELECT key FROM administrators WHERE name = ?1)",
        ],
        follow: &[],
        logins: None,
        one_login: false,
    },
];
