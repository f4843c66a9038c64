//! The steps that change the configuration. Users, phones and administrators stand still.

use std::sync::Arc;

use async_trait::async_trait;
use engine::{
    Actor, Administrator, Configuration, OpenLogin, StoreError, Upkeep, UtcMillis, Version,
    transaction::{AdministratorSteps, ConfigurationSteps, Rows},
};
use terms::{Parameter, Release};

use super::{super::run::pause, steps::Steps};

fn stands_still<T>() -> Result<T, StoreError> {
    Err(StoreError::Failed("it stands still here".to_owned()))
}

#[async_trait]
impl<T: Send + Sync> Rows<T> for Steps<'_> {
    async fn read(&mut self, _: &[String]) -> Result<Vec<Option<T>>, StoreError> {
        stands_still()
    }

    async fn write(&mut self, _: &[T]) -> Result<(), StoreError> {
        stands_still()
    }

    async fn respell(&mut self, _: &str, _: &T) -> Result<(), StoreError> {
        stands_still()
    }
}

#[async_trait]
impl ConfigurationSteps for Steps<'_> {
    async fn cluster_id(&mut self) -> Result<String, StoreError> {
        stands_still()
    }

    async fn set_cluster_id(&mut self, _: &str) -> Result<(), StoreError> {
        stands_still()
    }

    async fn configuration(&mut self) -> Result<Configuration, StoreError> {
        pause().await;
        self.locks.change_configuration().await;
        let (version, mut parameters) = {
            let state = self.store.state();
            self.writes.read_at = state.journal.len();
            (Version(state.version), Arc::unwrap_or_clone(Arc::clone(&state.parameters)))
        };
        for (parameter, value) in &self.writes.parameters {
            parameters.set(parameter.name(), value).unwrap();
        }
        pause().await;
        Ok(Configuration { version, parameters, ..Configuration::default() })
    }

    async fn move_on(&mut self) -> Result<Version, StoreError> {
        pause().await;
        Ok(Version(self.store.state().version + 1))
    }

    async fn set_release(&mut self, _: Release) -> Result<(), StoreError> {
        stands_still()
    }

    async fn set_upkeep(&mut self, _: Upkeep) -> Result<(), StoreError> {
        stands_still()
    }

    async fn set_parameter(
        &mut self,
        _: UtcMillis,
        _: &Actor,
        parameter: Parameter,
        (_, to): (&str, &str),
    ) -> Result<(), StoreError> {
        pause().await;
        self.writes.parameters.push((parameter, to.to_owned()));
        Ok(())
    }

    async fn last_change(
        &mut self,
        _: Parameter,
    ) -> Result<Option<(Actor, UtcMillis)>, StoreError> {
        pause().await;
        Ok(None)
    }

    async fn open_of(&mut self, _: &[String]) -> Result<Vec<OpenLogin>, StoreError> {
        stands_still()
    }
}

#[async_trait]
impl AdministratorSteps for Steps<'_> {
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError> {
        stands_still()
    }

    async fn put_administrator(
        &mut self,
        _: &Administrator,
        _: UtcMillis,
    ) -> Result<(), StoreError> {
        stands_still()
    }

    async fn delete_administrator(&mut self, _: &str) -> Result<(), StoreError> {
        stands_still()
    }

    async fn end_sessions(&mut self, _: &str, _: Option<[u8; 32]>) -> Result<u64, StoreError> {
        stands_still()
    }
}
