//! The tables that are keyed by name from migration 4 on, as they are before it.

use terms::{EndCause, key, phone_key};

/// A table of named rows. `?1` in its SQL is a row's name and `?2` the name that it gets.
pub(super) struct Kind {
    /// The table.
    pub(super) table: &'static str,
    /// The column of the name.
    pub(super) name: &'static str,
    /// The name of a row in the audit.
    pub(super) what: &'static str,
    /// The key of a name.
    pub(super) key: fn(&str) -> String,
    /// Everything that distinguishes a row from others but its name and its use.
    pub(super) content: &'static str,
    /// When its latest open login began.
    pub(super) open: &'static str,
    /// When it was used otherwise.
    pub(super) used: &'static str,
    /// What keeps it from being used under its new name; empty for what need not be.
    pub(super) disable: &'static [&'static str],
    /// What refers to it by name follows.
    pub(super) follow: &'static [&'static str],
    /// Which logins end with it, and why.
    pub(super) logins: Option<(&'static str, EndCause)>,
    /// Whether it has one open login at most, also when two rows become one.
    pub(super) one_login: bool,
}

/// All of them. Profiles come first: users name them.
pub(super) const ALL: [Kind; 5] = [
    Kind {
        table: "device_profiles",
        name: "name",
        what: "device profile",
        key,
        content: "json_array(model, lines, speed_dials)",
        open: "SELECT max(from_ms) FROM logins WHERE ended_ms IS NULL AND profile = ?1",
        used: "SELECT max(ended_ms) FROM logins WHERE ended_ms IS NOT NULL AND profile = ?1",
        // Whoever has it keeps it, under its new name.
        disable: &[],
        follow: &[
            "UPDATE logins SET profile = ?2 WHERE profile = ?1",
            // A user who has both spellings of one profile has it once, at its first place.
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
        // Its logins may be forgotten; that somebody was there is not.
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
        // A login's key is that of its user, whose spelling may have changed since.
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
        // A hash that is well formed and of no password.
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
        // Who may do everything keeps the name: somebody must.
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
