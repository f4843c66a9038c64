//! Administrators: adding and changing them, and checking who signs in.

use std::sync::Arc;

use engine::{
    Actor, Administrator, AdministratorChange, AdministratorError,
    ports::{Clock, OpenSession, Store},
};
use terms::{ActorKind, Role};
use zxcvbn::{Score, zxcvbn};

use super::{AdminError, Caller, caller::Gate, refused_right::note_refusal};
use crate::cluster::{Claim, Cluster, Invitation, Secrets, Verdict};

/// The shortest password of an administrator, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The longest name and the longest password, in characters: the bound limits the cost of a hash.
const MAX_CHARS: usize = 256;
/// The lowest accepted score (zxcvbn). A password with a lower score is found within a million guesses
/// (common passwords and words, names, dates, keys beside each other).
const EASIEST_SCORE: Score = Score::Two;

/// An administrator as the caller may see it.
pub struct AdministratorSessions {
    /// The administrator.
    pub administrator: Administrator,
    /// Whether the administrator is the caller.
    pub own: bool,
    /// Open sessions, the latest first.
    pub sessions: Vec<OpenSession>,
}

/// The administrators of a store.
pub struct Administrators<'a> {
    gate: Gate<Needs<'a>>,
}

/// The dependencies of [`Administrators`].
#[derive(Clone, Copy)]
struct Needs<'a> {
    store: &'a dyn Store,
    secrets: &'a Secrets,
    clock: &'a dyn Clock,
    /// The cluster whose audit gets refused rights; a command has none.
    cluster: Option<&'a Arc<Cluster>>,
}

impl<'a> Administrators<'a> {
    /// The administrators of `store`. `secrets` hashes and checks their passwords.
    #[must_use]
    pub const fn new(store: &'a dyn Store, secrets: &'a Secrets, clock: &'a dyn Clock) -> Self {
        Self { gate: Gate::before(Needs { store, secrets, clock, cluster: None }) }
    }

    /// The administrators of a running cluster.
    #[must_use]
    pub fn of(cluster: &'a Arc<Cluster>) -> Self {
        let Cluster { store, secrets, clock, .. } = &**cluster;
        let needs = Needs { store: &**store, secrets, clock: &**clock, cluster: Some(cluster) };
        let report = |needs: &Needs<'a>, caller: &Caller, needed| {
            if let Some(cluster) = needs.cluster {
                note_refusal(cluster, caller, needed);
            }
        };
        Self { gate: Gate::reporting(needs, report) }
    }

    /// All administrators by name.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn all(&self, caller: &Caller) -> Result<Vec<Administrator>, AdminError> {
        Ok(self.gate.open(caller, Role::Administrator)?.store.administrators().await?)
    }

    /// The administrators that the caller may see, with their sessions.
    /// The role Administrator sees all administrators; every other role sees only its own account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seen_by(&self, caller: &Caller) -> Result<Vec<AdministratorSessions>, AdminError> {
        let Needs { store, clock, .. } = self.gate.open(caller, Role::Viewer)?;
        let mut seen = Vec::new();
        for administrator in store.administrators().await? {
            let name = &administrator.name;
            // An administrator whom the caller may not see is left out; the audit gets no refused right.
            if caller.is(name) || caller.may(Role::Administrator) {
                let own = caller.is(name);
                let sessions = store.sessions_of(name, clock.now()).await?;
                seen.push(AdministratorSessions { administrator, own, sessions });
            }
        }
        Ok(seen)
    }

    /// Adds an administrator.
    ///
    /// # Errors
    /// When the caller's role does not allow it, the name or the password is invalid, or the name is taken.
    pub async fn add(
        &self,
        caller: &Caller,
        name: &str,
        password: &str,
        role: Role,
    ) -> Result<(), AdminError> {
        let needs = self.gate.open(caller, Role::Administrator)?;
        needs.insert(caller.actor().clone(), name, password, role, false).await
    }

    /// Adds the first administrator if `code` is the code of the one-time link.
    /// Returns false when the code is wrong or used up, or when an administrator exists already, which
    /// uses up the code too.
    ///
    /// # Errors
    /// When the name or the password is invalid.
    pub(super) async fn add_first(
        &self,
        invitation: &Invitation,
        code: &str,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<bool, AdminError> {
        if !invitation.accepts(code) {
            return Ok(false);
        }
        let (needs, by) = (self.gate.open_to_strangers(), Actor::administrator(name, address));
        let added = needs.insert(by, name, password, Role::Administrator, true).await;
        let good = match added {
            Ok(()) => true,
            Err(AdminError::Administrator(AdministratorError::NotTheFirst)) => false,
            Err(error) => return Err(error),
        };
        invitation.use_up();
        Ok(good)
    }

    /// Changes the role or the state of an administrator, which ends that administrator's sessions.
    ///
    /// # Errors
    /// When the caller's role does not allow it, no administrator has this name, or no enabled
    /// administrator with all rights would be left.
    pub async fn change(
        &self,
        caller: &Caller,
        name: &str,
        role: Option<Role>,
        enabled: Option<bool>,
    ) -> Result<(), AdminError> {
        let needs = self.gate.open(caller, Role::Administrator)?;
        let change = AdministratorChange { password_hash: None, role, enabled };
        needs.change(caller, name, change).await
    }

    /// Sets a password, and ends all sessions with the old one.
    /// Callers set their own password only with the current one: an open session alone must not be
    /// enough to lock its owner out.
    ///
    /// # Errors
    /// When the caller's role does not allow it, a password is wrong or invalid, or no administrator has this name.
    pub async fn set_password(
        &self,
        caller: &Caller,
        name: &str,
        current: &str,
        password: &str,
    ) -> Result<(), AdminError> {
        let needs = self.gate.open_own(caller, name)?;
        if caller.is(name) {
            let verified = needs.verify(name, current, &caller.actor().address).await?;
            verified.ok_or(AdminError::CurrentPassword)?;
        }
        let password_hash = Some(needs.hash(name, password).await?);
        let change = AdministratorChange { password_hash, ..AdministratorChange::default() };
        needs.change(caller, name, change).await
    }

    /// Ends all sessions of an administrator except the one whose hash is `keep`.
    /// Every caller may end its own sessions.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub async fn sign_out_everywhere(
        &self,
        caller: &Caller,
        name: &str,
        keep: Option<[u8; 32]>,
    ) -> Result<(), AdminError> {
        let Needs { store, clock, .. } = *self.gate.open_own(caller, name)?;
        let (name, actor) = (name.to_owned(), caller.actor().clone());
        engine::sign_out_everywhere(store, name, keep, actor, clock.now()).await?;
        Ok(())
    }

    /// Removes an administrator.
    ///
    /// # Errors
    /// As [`Administrators::change`].
    pub async fn remove(&self, caller: &Caller, name: &str) -> Result<(), AdminError> {
        let Needs { store, clock, .. } = *self.gate.open(caller, Role::Administrator)?;
        let (name, actor) = (name.to_owned(), caller.actor().clone());
        Ok(engine::remove_administrator(store, name, actor, clock.now()).await?)
    }

    /// The administrator if the password is right and the administrator is enabled.
    ///
    /// # Errors
    /// When there were too many wrong passwords, or the store or hashing fails.
    pub(super) async fn verify(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<Option<Administrator>, AdminError> {
        self.gate.open_to_strangers().verify(name, password, address).await
    }
}

impl Needs<'_> {
    async fn insert(
        &self,
        by: Actor,
        name: &str,
        password: &str,
        role: Role,
        first: bool,
    ) -> Result<(), AdminError> {
        let name = name.trim();
        if !is_name(name) {
            return Err(AdminError::Name);
        }
        let password_hash = self.hash(name, password).await?;
        let new = Administrator { name: name.to_owned(), password_hash, role, enabled: true };
        Ok(engine::add_administrator(self.store, new, first, by, self.clock.now()).await?)
    }

    async fn change(
        &self,
        caller: &Caller,
        name: &str,
        change: AdministratorChange,
    ) -> Result<(), AdminError> {
        let (name, actor) = (name.to_owned(), caller.actor().clone());
        let now = self.clock.now();
        Ok(engine::change_administrator(self.store, name, change, actor, now).await?)
    }

    /// The hash of a new password for the administrator of this name.
    async fn hash(&self, name: &str, password: &str) -> Result<String, AdminError> {
        if !(MIN_PASSWORD_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
            return Err(AdminError::Password);
        }
        if zxcvbn(password, &[name, "sojourn"]).score() < EASIEST_SCORE {
            return Err(AdminError::EasyPassword);
        }
        Ok(self.secrets.passwords().hash(password.to_owned()).await?)
    }

    async fn verify(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<Option<Administrator>, AdminError> {
        if name.chars().count() > MAX_CHARS || password.chars().count() > MAX_CHARS {
            return Ok(None);
        }
        let known = self.store.administrator(name.trim()).await?.filter(|known| known.enabled);
        let claim = Claim {
            kind: ActorKind::Administrator,
            name: known.as_ref().map_or(name, |known| &known.name),
            hash: known.as_ref().map(|known| known.password_hash.as_str()),
            address,
            phone: "",
        };
        let (password, now) = (password.to_owned(), self.clock.now());
        match self.secrets.check(self.store, &claim, password, now).await? {
            Verdict::Right => Ok(known),
            Verdict::Wrong => Ok(None),
            Verdict::Refused(refusal) => Err(AdminError::Wait(refusal.seconds())),
        }
    }
}

/// Whether an administrator may get this name: letters, digits and `. _ - @`, of which a letter or a digit is the
/// first. So no character is invisible, turns the text around, or means something in a message or a file.
fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    (1..=MAX_CHARS).contains(&name.chars().count())
        && name.starts_with(char::is_alphanumeric)
        && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use engine::{UtcMillis, ports::SessionRow};

    use super::*;
    use crate::cluster::TestCluster;

    const PASSWORD: &str = "correct horse";

    fn administrators(cluster: &TestCluster) -> Administrators<'_> {
        Administrators::new(&*cluster.store, &cluster.secrets, &*cluster.clock)
    }

    /// A cluster with kim, an administrator, and vera, a viewer; each has a session.
    async fn house() -> TestCluster {
        let cluster = TestCluster::start("seoul").await;
        let by = Caller::command_line("admin add");
        for (number, name, role) in [(1, "kim", Role::Administrator), (2, "vera", Role::Viewer)] {
            administrators(&cluster).add(&by, name, PASSWORD, role).await.unwrap();
            let session = SessionRow {
                id_hash: [number; 32],
                body: "{}".to_owned(),
                expires: UtcMillis(i64::MAX),
                administrator: name.to_owned(),
                address: "192.0.2.1".to_owned(),
                signed_in: UtcMillis(0),
            };
            cluster.store.create_session(session).await.unwrap();
        }
        cluster
    }

    #[tokio::test]
    async fn who_may_change_nobody_sees_nobody_else() {
        let house = house().await;
        let seen = async |caller: &Caller| {
            let seen = administrators(&house).seen_by(caller).await.unwrap();
            let line =
                |one: AdministratorSessions| (one.administrator.name, one.own, one.sessions.len());
            seen.into_iter().map(line).collect::<Vec<_>>()
        };
        for role in [Role::Viewer, Role::Operator] {
            assert_eq!(seen(&Caller::of_test("VERA", role)).await, [("vera".to_owned(), true, 1)]);
        }
        let all = [("kim".to_owned(), false, 1), ("vera".to_owned(), true, 1)];
        assert_eq!(seen(&Caller::of_test("vera", Role::Administrator)).await, all);
        let command = Caller::command_line("vera");
        assert!(!command.is("vera"), "a command is nobody's own, whatever it is called");
    }

    #[tokio::test]
    async fn ones_own_password_takes_the_current_one() {
        let house = house().await;
        let administrators = administrators(&house);
        let (kim, vera) =
            (Caller::of_test("kim", Role::Administrator), Caller::of_test("vera", Role::Viewer));
        for (caller, name) in [(&vera, "Vera"), (&kim, "kim")] {
            let wrong = administrators.set_password(caller, name, "", "another horse").await;
            assert!(matches!(wrong, Err(AdminError::CurrentPassword)), "{name}");
        }
        let other = administrators.set_password(&vera, "kim", PASSWORD, "another horse").await;
        assert!(matches!(other, Err(AdminError::NotAllowed(Role::Administrator))));
        administrators.set_password(&vera, "vera", PASSWORD, "another horse").await.unwrap();
        assert!(administrators.verify("vera", "another horse", "").await.unwrap().is_some());
        // An administrator sets another administrator's password, and the command line sets any password.
        administrators.set_password(&kim, "vera", "", "a third horse").await.unwrap();
        let recovery = Caller::command_line("admin set-password");
        administrators.set_password(&recovery, "kim", "", "a third horse").await.unwrap();
    }

    #[tokio::test]
    async fn a_name_has_letters_digits_and_few_signs() {
        let house = house().await;
        let administrators = administrators(&house);
        let kim = Caller::of_test("kim", Role::Administrator);
        let unseen = ["ki\u{200b}m", "\u{202e}mik", "kim\u{2066}", "k\u{ad}im", "k\nim"];
        for name in ["", " ", "a b", "<b>", "-kim", "kim;", "a/b"].into_iter().chain(unseen) {
            let added = administrators.add(&kim, name, PASSWORD, Role::Viewer).await;
            assert!(matches!(added, Err(AdminError::Name)), "{name:?}");
        }
        for name in ["김민수", "Jörg.B", "vera-2", "kim@example.com", "7"] {
            administrators.add(&kim, name, PASSWORD, Role::Viewer).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_link_is_no_good_once_there_is_an_administrator() {
        let house = house().await;
        let invitation = Invitation::default();
        let code = invitation.make();
        let administrators = administrators(&house);
        for code in ["0", code.as_str(), code.as_str()] {
            let added = administrators.add_first(&invitation, code, "mallory", PASSWORD, "").await;
            assert!(!added.unwrap());
        }
        assert!(!invitation.accepts(&code));
    }
}
