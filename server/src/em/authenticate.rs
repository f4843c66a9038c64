//! Authentication: application users by id and password, end users by id and PIN.
//!
//! A right password is remembered until it is unused for two minutes; a PIN is not remembered. All
//! other secrets go through the limits that all interfaces with secrets share. A secret of a locked
//! name is not verified, and gets the answer of a wrong secret (error 3). During a back-off, and when
//! too many secrets wait for verification, the answer is busy (error 26).

use engine::{UserCredential, Version};
use terms::{ActorKind, ErrorCode, key};
use wire::trace::Shape;

use super::{
    asker::{Asker, May},
    journal::Journal,
    remembered::{Remembered, Secret},
    shared::Shared,
    store_code,
};
use crate::{
    cluster::{Claim, Cluster, PasswordError, Source, Verdict},
    edge::sampled_error,
};

/// The source of a request.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    /// The address; empty where it is not known.
    pub(super) address: &'a str,
    /// The phone that is asked about; empty where there is none.
    pub(super) phone: &'a str,
}

/// The asker that an id and a secret authenticate; `None` if one of them is wrong.
type Authenticated = Result<Option<Asker>, ErrorCode>;

pub(super) struct Authenticator {
    remembered: Remembered,
    /// Concurrent requests with the same id, secret and source share one verification.
    verifying: Shared<(Secret, Source), Authenticated>,
}

impl Authenticator {
    pub(super) fn new() -> Self {
        Self { remembered: Remembered::new(), verifying: Shared::default() }
    }

    /// The asker with this id and password or PIN; `None` if one of them is wrong.
    pub(super) async fn authenticate(
        &self,
        cluster: &Cluster,
        (id, secret): (&str, &str),
        from: From<'_>,
        journal: &mut Journal,
    ) -> Authenticated {
        // All spellings of a name share one entry.
        let (key, source) = (key(id), Source::of_text(from.address));
        let digest = self.remembered.digest(&key, secret);
        journal.say(Shape::CredentialCache, &[&id]);
        let remembered = self.remembered.get(&key, source.clone(), digest, cluster.clock.now());
        if let Some((asker, remaining)) = remembered {
            journal.say(Shape::CredentialCached, &[&id, &remaining]);
            return Ok(Some(asker));
        }
        let verified = self.verify(cluster, (id, secret), from, digest);
        self.verifying.get((digest, source), verified).await
    }

    async fn verify(
        &self,
        cluster: &Cluster,
        (id, secret): (&str, &str),
        from: From<'_>,
        digest: Secret,
    ) -> Authenticated {
        let (key, source) = (key(id), Source::of_text(from.address));
        let (version, known) = cluster.store.credentials(id).await.map_err(store_code)?;
        let Some(stored) = known.app_user else {
            return end_user(cluster, (id, known.user), secret, from, version).await;
        };
        let now = cluster.clock.now();
        let hash = stored.password_hash;
        let right = self.remembered.has(&key, source.clone(), digest, &hash, now) || {
            let kind = ActorKind::ApplicationUser;
            is_right(cluster, kind, &stored.id, Some(&hash), secret, from).await?
        };
        if !right {
            return Ok(None);
        }
        let may = if stored.proxy { May::Everybody } else { May::Nobody };
        let asker = Asker { id: stored.id, may, version };
        self.remembered.remember(&key, source, digest, hash, (asker.clone(), now));
        Ok(Some(asker))
    }

    /// Makes the next request read the user again, because the configuration has changed.
    pub(super) fn recheck(&self, id: &str) {
        self.remembered.recheck(&key(id));
    }
}

/// Authenticates an end user by PIN. A user who may not log in may not ask either.
async fn end_user(
    cluster: &Cluster,
    (id, user): (&str, Option<UserCredential>),
    pin: &str,
    from: From<'_>,
    version: Version,
) -> Authenticated {
    let name = user.as_ref().map_or(id, |user| &user.id);
    let hash = user.as_ref().map(|user| user.pin_hash.as_str());
    let right = is_right(cluster, ActorKind::User, name, hash, pin, from).await?;
    let user = user.filter(|user| right && user.enabled);
    Ok(user.map(|user| Asker { id: user.id, may: May::Themselves, version }))
}

/// Whether a secret belongs to the name, within the limits on guesses.
async fn is_right(
    cluster: &Cluster,
    kind: ActorKind,
    name: &str,
    hash: Option<&str>,
    secret: &str,
    From { address, phone }: From<'_>,
) -> Result<bool, ErrorCode> {
    let Cluster { secrets, store, clock, .. } = cluster;
    let claim = Claim { kind, name, hash, address, phone };
    match secrets.check(&**store, &claim, secret.to_owned(), clock.now()).await {
        Ok(Verdict::Right) => Ok(true),
        Ok(Verdict::Wrong) => Ok(false),
        Ok(Verdict::Refused(refusal)) if refusal.is_locked => Ok(false),
        Ok(Verdict::Refused(_)) | Err(PasswordError::Busy) => Err(ErrorCode::Busy),
        Err(error @ PasswordError::Hash(_)) => {
            sampled_error!(%error, "who asks could not be checked");
            Err(ErrorCode::UserInfo)
        }
    }
}
