//! Users at phones: a user shows a PIN, and the proof of the PIN logs the user in.

use engine::{UserCredential, UserNumber};
use terms::{ActorKind, ErrorCode, phone_key};
use wire::trace::Shape;

use super::{
    Em, Journal, Origin,
    asker::{Asker, May},
    store_code,
};
use crate::{
    cluster::{Claim, Cluster, PasswordError, Verdict},
    edge::sampled_error,
};

/// The application user that the original's EM application shows to its EM service.
pub(crate) const APPLICATION: &str = "CCMSysUser";

/// The first character of the name under which guesses at an unassigned number count.
/// No id has a control character.
const NOBODY: char = '\u{1}';

/// A typed PIN.
struct Typed<'a> {
    /// The name under which the guess counts.
    name: &'a str,
    pin: &'a str,
    /// Whether a right PIN helps: the phone is known and the user enabled. Otherwise the PIN counts as
    /// wrong.
    is_good: bool,
}

/// The proof that the PIN of a user was shown at a phone. The proof is good as long as the PIN is the
/// user's.
#[derive(Clone)]
pub(crate) struct Proof {
    /// The user's id, as stored.
    pub(super) user: String,
    /// The hash of the PIN that was shown.
    pin_hash: String,
    /// The key of the phone's name.
    phone: String,
    /// Whether the user has to choose another PIN first.
    must_change: bool,
}

impl Proof {
    fn of(credential: UserCredential, phone: &str) -> Self {
        let UserCredential { id: user, pin_hash, must_change, .. } = credential;
        Self { user, pin_hash, phone: phone_key(phone), must_change }
    }

    /// Whether the user has to choose another PIN before a log-in.
    pub(crate) fn must_change(&self) -> bool {
        self.must_change
    }

    /// The hash of the PIN that was shown.
    pub(super) fn pin_hash(&self) -> &str {
        &self.pin_hash
    }

    /// The user's id, as stored.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// Whether the PIN was shown at this phone.
    pub(crate) fn is_of(&self, phone: &str) -> bool {
        self.phone == phone_key(phone)
    }

    /// Whether the PIN is still that of an enabled user.
    fn is_good(&self, user: &UserCredential) -> bool {
        user.enabled && user.pin_hash == self.pin_hash
    }
}

impl Em {
    /// Checks the PIN of a user at a phone of this cluster.
    /// `None` means an unknown user or phone, a disabled user, a wrong PIN, or a locked name. Each of
    /// these cases takes the time of one hash, so that the time does not reveal the case. `typed` is
    /// the text that was typed as the user, and `user` the id that the text means, if any.
    ///
    /// # Errors
    /// When the PIN could not be checked.
    pub(crate) async fn shown_pin(
        &self,
        phone: &str,
        (typed, user): (&str, Option<&str>),
        pin: &str,
        origin: &Origin,
    ) -> Result<Option<Proof>, ErrorCode> {
        let store = &self.cluster.store;
        let (_, phones) = store.phones(&[phone.to_owned()]).await.map_err(store_code)?;
        let known = store.credentials(user.unwrap_or_default()).await.map_err(store_code)?.1.user;
        // A guess at an unassigned number must not count for the user whose id equals the number: no id
        // has such a name.
        let nobody = format!("{NOBODY}{typed}");
        let name = if user.is_some() { typed } else { &nobody };
        let is_known = phones.into_iter().flatten().next().is_some();
        let is_good = is_known && known.as_ref().is_some_and(|user| user.enabled);
        let typed = Typed { name, pin, is_good };
        let address = origin.address();
        let is_right = self.is_right_pin(phone, typed, known.as_ref(), &address).await?;
        let user = known.filter(|_| is_right);
        Ok(user.map(|user| Proof::of(user, phone)))
    }

    /// Lets home clusters check a PIN, within the limits on guesses at a phone of this cluster and from
    /// a source.
    /// The home cluster enforces the limit per name. `is_right` asks the home cluster; it is not called
    /// if the limits refuse the guess.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`], when too many guesses wait.
    pub(super) async fn guess_elsewhere(
        &self,
        phone: &str,
        pin: &str,
        origin: &Origin,
        is_right: impl AsyncFnOnce() -> bool,
    ) -> Result<(), ErrorCode> {
        let address = origin.address();
        let claim = Claim { kind: ActorKind::User, name: "", hash: None, address: &address, phone };
        let Cluster { secrets, store, clock, .. } = &*self.cluster;
        let look = async |_| Ok(is_right().await);
        match secrets.check_by(&**store, &claim, clock.now(), look).await {
            Ok(Verdict::Right | Verdict::Wrong) => Ok(()),
            Ok(Verdict::Refused(_)) => {
                let pretended = secrets.pretend(&claim, pin.to_owned()).await;
                pretended.map_err(|_| ErrorCode::Busy)
            }
            Err(_) => Err(ErrorCode::Busy),
        }
    }

    /// Checks the PIN of a user at a phone of another cluster, like [`Self::shown_pin`].
    /// `address` is a text of [`Source::elsewhere`](crate::cluster::Source::elsewhere).
    ///
    /// # Errors
    /// When the PIN could not be checked.
    pub(super) async fn shown_pin_elsewhere(
        &self,
        phone: &str,
        user: &str,
        pin: &str,
        address: &str,
    ) -> Result<Option<Proof>, ErrorCode> {
        let known = self.cluster.store.credentials(user).await.map_err(store_code)?.1.user;
        let is_good = known.as_ref().is_some_and(|user| user.enabled);
        let typed = Typed { name: user, pin, is_good };
        let is_right = self.is_right_pin("", typed, known.as_ref(), address).await?;
        let proof = |user: UserCredential| Proof::of(user, phone);
        Ok(known.filter(|_| is_right).map(proof))
    }

    /// The ids of the users with a number, at most two.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn users_by(&self, number: &UserNumber) -> Result<Vec<String>, ErrorCode> {
        self.cluster.store.users_by(number).await.map_err(store_code)
    }

    async fn is_right_pin(
        &self,
        phone: &str,
        Typed { name, pin, is_good }: Typed<'_>,
        user: Option<&UserCredential>,
        address: &str,
    ) -> Result<bool, ErrorCode> {
        let name = user.map_or(name, |user| &user.id);
        let hash = user.map(|user| user.pin_hash.as_str());
        let claim = Claim { kind: ActorKind::User, name, hash, address, phone };
        let (secrets, store) = (&self.cluster.secrets, &self.cluster.store);
        let now = self.cluster.clock.now();
        let checked = secrets.check_if(&**store, &claim, pin.to_owned(), is_good, now);
        let failed = |error| match error {
            PasswordError::Busy => ErrorCode::Busy,
            error @ PasswordError::Hash(_) => {
                sampled_error!(%error, "a PIN could not be checked");
                ErrorCode::UserInfo
            }
        };
        match checked.await.map_err(failed)? {
            Verdict::Right => Ok(true),
            Verdict::Wrong => Ok(false),
            Verdict::Refused(_) => {
                // The PIN was not verified; the answer takes as long as a verification all the same.
                secrets.pretend(&claim, pin.to_owned()).await.map_err(failed)?;
                Ok(false)
            }
        }
    }

    /// The user of a proof, if the proof is still good.
    pub(super) async fn by_proof(
        &self,
        proof: &Proof,
        journal: &mut Journal,
    ) -> Result<Option<Asker>, ErrorCode> {
        journal.say(Shape::CredentialCache, &[&APPLICATION]);
        self.by_proof_unsaid(proof).await
    }

    /// Like [`Self::by_proof`], without a line in the trace.
    pub(super) async fn by_proof_unsaid(&self, proof: &Proof) -> Result<Option<Asker>, ErrorCode> {
        let credentials = self.cluster.store.credentials(&proof.user).await;
        let (version, known) = credentials.map_err(store_code)?;
        let user = known.user.filter(|user| proof.is_good(user));
        Ok(user.map(|user| Asker { id: user.id, may: May::Themselves, version }))
    }

    /// A phone as the asker.
    pub(super) async fn phone_itself(
        &self,
        name: &str,
        journal: &mut Journal,
    ) -> Result<Asker, ErrorCode> {
        journal.say(Shape::CredentialCache, &[&APPLICATION]);
        let version = self.cluster.store.version().await.map_err(store_code)?;
        Ok(Asker { id: name.to_owned(), may: May::WhoIsThere, version })
    }
}
