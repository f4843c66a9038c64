//! Identities of users and phones: a cluster, and a name in it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use terms::{key, phone_key};

/// A user of a cluster. The `john` of another cluster is not the `john` of this cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId {
    /// The id of the cluster that owns the user; empty for this cluster.
    pub cluster: String,
    /// The user id in its stored spelling, or as a request spells it.
    pub id: String,
}

/// A phone of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneId {
    /// The id of the cluster that owns the phone; empty for this cluster.
    pub cluster: String,
    /// The phone's name in its stored spelling, or as a request spells it.
    pub name: String,
}

impl UserId {
    /// A user of this cluster.
    #[must_use]
    pub fn own(id: impl Into<String>) -> Self {
        Self { cluster: String::new(), id: id.into() }
    }

    /// Whether both identities mean the same user; ids are compared by their keys.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.cluster == other.cluster && key(&self.id) == key(&other.id)
    }
}

impl PhoneId {
    /// A phone of this cluster.
    #[must_use]
    pub fn own(name: impl Into<String>) -> Self {
        Self { cluster: String::new(), name: name.into() }
    }

    /// Whether both identities mean the same phone; names are compared by their keys.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.cluster == other.cluster && phone_key(&self.name) == phone_key(&other.name)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, &self.cluster, &self.id)
    }
}

impl fmt::Display for PhoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, &self.cluster, &self.name)
    }
}

fn display(f: &mut fmt::Formatter<'_>, cluster: &str, name: &str) -> fmt::Result {
    // An id may contain an @, as a mail address does.
    if cluster.is_empty() { f.write_str(name) } else { write!(f, "{name} ({cluster})") }
}

/// The form of an identity in events. A name of this cluster is a plain text, as in events from programs
/// without support for several clusters.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Own(T),
    Of { cluster: T, name: T },
}

impl<'a> Written<&'a str> {
    const fn of(cluster: &'a str, name: &'a str) -> Self {
        if cluster.is_empty() { Self::Own(name) } else { Self::Of { cluster, name } }
    }
}

impl Written<String> {
    fn parts(self) -> (String, String) {
        match self {
            Self::Own(name) => (String::new(), name),
            Self::Of { cluster, name } => (cluster, name),
        }
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(&self.cluster, &self.id).serialize(serializer)
    }
}

impl Serialize for PhoneId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(&self.cluster, &self.name).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (cluster, id) = Written::deserialize(deserializer)?.parts();
        Ok(Self { cluster, id })
    }
}

impl<'de> Deserialize<'de> for PhoneId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (cluster, name) = Written::deserialize(deserializer)?.parts();
        Ok(Self { cluster, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_of_another_cluster_is_another_user() {
        let (own, visiting) = (UserId::own("john"), UserId { cluster: "busan".into(), ..john() });
        assert!(own.is(&UserId::own("JOHN")) && !own.is(&visiting));
        assert_eq!((own.to_string(), visiting.to_string()), ("john".into(), "john (busan)".into()));
    }

    #[test]
    fn events_of_one_cluster_read_as_before() {
        for (user, json) in [
            (john(), r#""john""#),
            (UserId { cluster: "busan".into(), ..john() }, r#"{"cluster":"busan","name":"john"}"#),
        ] {
            assert_eq!(serde_json::to_string(&user).unwrap(), json);
            assert_eq!(serde_json::from_str::<UserId>(json).unwrap(), user);
        }
    }

    fn john() -> UserId {
        UserId::own("john")
    }
}
