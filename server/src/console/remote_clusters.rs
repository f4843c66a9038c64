//! Remote clusters.

mod views;

use app::api::{
    EmccForm, FAREWELLS_SHOWN, Refused, RemoteAnswer, RemoteCluster, RemoteClusters, RemoteForm,
    RemoteIntent, RemoteOutcome, RemoteSettings, RemoteWrong,
};
use engine::EmccSettingsChange;
use terms::Role;

use super::request::{ConsoleRequest, refused};
use crate::{
    admin::{Caller, RemoteClusterChange, RemoteClusterError},
    cluster::CertificateError,
};

/// The name under which a session keeps the answer to a form without JavaScript.
const PAGE: &str = "remote-clusters";

impl ConsoleRequest {
    pub(super) async fn remote_clusters(&self) -> Result<RemoteClusters, Refused> {
        let caller = self.caller().await?;
        let known = self.admin.remote_clusters(&caller).await.map_err(refused)?;
        let own = self.admin.own_certificate(&caller).await.map_err(refused)?;
        let (emcc, needs) = self.admin.emcc_settings(&caller).await.map_err(refused)?;
        Ok(RemoteClusters {
            rows: known.iter().map(views::row).collect(),
            own: views::own(own),
            emcc: views::emcc(emcc),
            emcc_needs: needs.into_iter().map(views::need).collect(),
            may_change: caller.may(Role::Administrator),
            now_ms: self.admin.now().0,
        })
    }

    pub(super) async fn remote_cluster(&self, id: &str) -> Result<RemoteCluster, Refused> {
        let caller = self.caller().await?;
        let found = self.admin.remote_cluster(&caller, id, FAREWELLS_SHOWN).await;
        let (known, farewells) = found.map_err(refused)?.ok_or(Refused::NotFound)?;
        Ok(RemoteCluster {
            row: views::row(&known),
            farewells: farewells.into_iter().map(views::farewell).collect(),
            refuses: known
                .link
                .held_up
                .as_ref()
                .map(|held_up| views::problem(held_up.problem.clone())),
            next_try_ms: views::next_try_ms(&known.link),
            may_ask: caller.may(Role::Operator),
            may_change: caller.may(Role::Administrator),
            now_ms: self.admin.now().0,
        })
    }

    pub(super) async fn change_remote_cluster(
        &self,
        form: RemoteForm,
    ) -> Result<RemoteOutcome, Refused> {
        let caller = self.caller().await?;
        let done = match form.intent {
            RemoteIntent::Add => self.add(&caller, &form).await,
            RemoteIntent::Change => self.change_settings(&caller, &form).await,
            RemoteIntent::Certificate => self.change_certificate(&caller, &form).await,
            RemoteIntent::Test => self.test(&caller, &form.id).await,
            RemoteIntent::Ask => self.ask(&caller, &form.id).await,
            RemoteIntent::Emcc => self.change_emcc(&caller, &form).await,
        };
        let outcome = done.or_else(wrong)?;
        self.answer_form(PAGE, &RemoteAnswer { outcome: outcome.clone(), typed: form }).await;
        Ok(outcome)
    }

    /// The answer to a form of this page.
    /// An answer to a form of another page is dropped: that page was never shown.
    pub(super) async fn remote_answer(&self, page: &str) -> Result<Option<RemoteAnswer>, Refused> {
        self.caller().await?;
        let answered: Option<RemoteAnswer> = self.answered(PAGE).await;
        Ok(answered.filter(|answer| match answer.typed.intent {
            RemoteIntent::Add | RemoteIntent::Emcc => page.is_empty(),
            _ => answer.typed.id == page,
        }))
    }

    async fn add(
        &self,
        caller: &Caller,
        form: &RemoteForm,
    ) -> Result<RemoteOutcome, RemoteClusterError> {
        let id = form.id.trim();
        let new = RemoteClusterChange {
            url: Some(form.wanted.url.trim().to_owned()),
            certificate: Some(pem(&form.certificate)),
            description: Some(form.wanted.description.trim().to_owned()),
            enabled: None,
        };
        let certificate = self.admin.check_new_remote_cluster(caller, id, &new).await?;
        if form.fingerprint != certificate.fingerprint() {
            return Ok(RemoteOutcome::Compare(views::certificate(&certificate)));
        }
        let enabled = self.admin.add_remote_cluster(caller, id, new).await?;
        Ok(RemoteOutcome::Added { id: id.to_owned(), enabled })
    }

    async fn change_settings(
        &self,
        caller: &Caller,
        form: &RemoteForm,
    ) -> Result<RemoteOutcome, RemoteClusterError> {
        let RemoteForm { id, wanted, seen, .. } = form;
        let found = self.admin.remote_cluster(caller, id, 0).await?;
        let (known, _) = found.ok_or(RemoteClusterError::Unknown)?;
        let is = views::settings(&known.cluster);
        // The form sets only values that its user changed.
        let changed = |wanted: &str, seen: &str| {
            let wanted = wanted.trim();
            (wanted != seen).then(|| wanted.to_owned())
        };
        let change = RemoteClusterChange {
            url: changed(&wanted.url, &seen.url),
            description: changed(&wanted.description, &seen.description),
            enabled: (wanted.enabled != seen.enabled).then_some(wanted.enabled),
            certificate: None,
        };
        if is_conflict(&change, seen, &is) {
            return Ok(RemoteOutcome::Conflict(is));
        }
        let now = RemoteSettings {
            url: change.url.clone().unwrap_or(is.url),
            description: change.description.clone().unwrap_or(is.description),
            enabled: change.enabled.unwrap_or(is.enabled),
        };
        let is_changed = self.admin.change_remote_cluster(caller, id, change).await?;
        Ok(if is_changed { RemoteOutcome::Changed(now) } else { RemoteOutcome::Nothing })
    }

    async fn change_certificate(
        &self,
        caller: &Caller,
        form: &RemoteForm,
    ) -> Result<RemoteOutcome, RemoteClusterError> {
        let pem = pem(&form.certificate);
        let certificate = self.admin.check_certificate(caller, &form.id, &pem)?;
        if form.fingerprint != certificate.fingerprint() {
            return Ok(RemoteOutcome::Compare(views::certificate(&certificate)));
        }
        let change =
            RemoteClusterChange { certificate: Some(pem), ..RemoteClusterChange::default() };
        let is_changed = self.admin.change_remote_cluster(caller, &form.id, change).await?;
        Ok(if is_changed { RemoteOutcome::Replaced } else { RemoteOutcome::Nothing })
    }

    async fn change_emcc(
        &self,
        caller: &Caller,
        form: &RemoteForm,
    ) -> Result<RemoteOutcome, RemoteClusterError> {
        // A Boolean has no conflict: another save that changed the seen value has set the wanted value.
        let changed = |wanted: bool, seen: bool| (wanted != seen).then_some(wanted);
        let EmccForm { wanted, seen } = form.emcc;
        let change = EmccSettingsChange {
            active: changed(wanted.active, seen.active),
            enable_new: changed(wanted.enable_new, seen.enable_new),
        };
        let is_changed = self.admin.change_emcc_settings(caller, change).await?;
        Ok(if is_changed { RemoteOutcome::EmccChanged } else { RemoteOutcome::Nothing })
    }

    async fn test(&self, caller: &Caller, id: &str) -> Result<RemoteOutcome, RemoteClusterError> {
        let tested = self.admin.test_remote_cluster(caller, id).await?;
        Ok(match tested.ok_or(RemoteClusterError::Unknown)? {
            Ok((info, took)) => RemoteOutcome::Answers {
                ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                release: info.release.to_string(),
                takes_part: info.emcc,
            },
            Err(problem) => RemoteOutcome::Fails(views::problem(problem)),
        })
    }

    async fn ask(&self, caller: &Caller, id: &str) -> Result<RemoteOutcome, RemoteClusterError> {
        let is_there = self.admin.ask_remote_cluster(caller, id).await?;
        if is_there { Ok(RemoteOutcome::Asked) } else { Err(RemoteClusterError::Unknown) }
    }
}

/// Whether another administrator has changed one of these values since it was seen.
fn is_conflict(change: &RemoteClusterChange, seen: &RemoteSettings, is: &RemoteSettings) -> bool {
    (change.url.is_some() && seen.url != is.url)
        || (change.description.is_some() && seen.description != is.description)
        || (change.enabled.is_some() && seen.enabled != is.enabled)
}

/// A certificate (PEM) with the line ends of a file: a browser ends the lines of a field with CR LF.
fn pem(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n");
    format!("{}\n", text.trim())
}

/// The invalid value, as the page reports it.
fn wrong(error: RemoteClusterError) -> Result<RemoteOutcome, Refused> {
    Ok(RemoteOutcome::Wrong(match error {
        RemoteClusterError::Id => RemoteWrong::Id,
        RemoteClusterError::OwnId => RemoteWrong::OwnId,
        RemoteClusterError::Taken => RemoteWrong::Taken,
        RemoteClusterError::Unknown => RemoteWrong::Unknown,
        RemoteClusterError::Url => RemoteWrong::Url,
        RemoteClusterError::Description => RemoteWrong::Description,
        RemoteClusterError::Certificate(CertificateError::NotOne) => RemoteWrong::NotOne,
        RemoteClusterError::Certificate(CertificateError::Broken | CertificateError::Nameless) => {
            RemoteWrong::Broken
        }
        RemoteClusterError::OtherCluster { named, .. } => RemoteWrong::OtherCluster(named),
        RemoteClusterError::Admin(error) => return Err(refused(error)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_about_what_is_to_be_changed_alone() {
        let settings = |url: &str, enabled| RemoteSettings {
            url: url.to_owned(),
            description: String::new(),
            enabled,
        };
        let off = RemoteClusterChange { enabled: Some(false), ..RemoteClusterChange::default() };
        let seen = settings("https://a/", true);
        assert!(!is_conflict(&off, &seen, &seen));
        assert!(!is_conflict(&off, &seen, &settings("https://b/", true)));
        assert!(is_conflict(&off, &seen, &settings("https://a/", false)));
    }

    #[test]
    fn a_certificate_is_kept_as_files_have_it() {
        assert_eq!(pem("  -----BEGIN\r\nx\r\n-----END\r\n\r\n"), "-----BEGIN\nx\n-----END\n");
    }
}
