//! The certificates that remote clusters announce and use.

use async_trait::async_trait;

use crate::{
    Actor, EventKind, RemoteCluster, StoreError, UtcMillis,
    operations::work::Work,
    transaction::{Act, Names, Rows, Transaction},
};

/// A certificate that a remote cluster has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Learnt {
    /// The remote cluster announces this certificate (PEM).
    Next(String),
    /// The remote cluster uses this certificate (PEM), which it has announced.
    Uses(String),
}

/// Stores a certificate that a remote cluster has shown; returns whether the stored row has the certificate now.
/// The result is false for a certificate that is neither in use nor announced any more.
pub(crate) struct Learn {
    /// The remote cluster.
    pub(crate) id: String,
    pub(crate) learnt: Learnt,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Learn {
    type Output = bool;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<bool, StoreError> {
        let names = [self.id.clone()];
        let stored = Rows::<RemoteCluster>::read(tx, &names).await?.into_iter().flatten().next();
        let Some(mut cluster) = stored else { return Ok(false) };
        let action = match &self.learnt {
            Learnt::Next(next) if *next != cluster.next_certificate => {
                cluster.next_certificate.clone_from(next);
                "announced_certificate"
            }
            Learnt::Uses(shown) if *shown == cluster.next_certificate => {
                cluster.certificate = std::mem::take(&mut cluster.next_certificate);
                "uses_certificate"
            }
            Learnt::Next(_) => return Ok(true),
            Learnt::Uses(shown) => return Ok(*shown == cluster.certificate),
        };
        Rows::<RemoteCluster>::write(tx, &[cluster]).await?;
        let version = tx.move_on().await?;
        let subject = format!("remote cluster {}", self.id);
        let act = Act { action, subject, detail: String::new() };
        tx.audit(self.now, &Actor::cluster(&self.id), act).await?;
        tx.event(self.now, EventKind::ConfigurationChanged { version }).await?;
        Ok(true)
    }
}
