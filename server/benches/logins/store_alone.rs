//! The store alone: the same logins without HTTP and XML.

use std::{path::Path, sync::Arc, time::Instant};

use engine::{Actor, Engine, LoginRequest, ProfileRight, RequestedDuration, ports::Outcome};
use server::cluster::{SystemClock, SystemIds, database};
use store::{Limits, SqliteStore};

use super::{Measured, setup};

pub async fn measure(folder: &Path, clients: usize, logins: usize) -> Measured {
    setup::store(folder, logins, "1000", setup::Check::Off).await.close().await;
    let store = SqliteStore::open(&database(folder), Limits::default()).await.unwrap();
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let engine = Engine::new(Arc::new(store.clone()), clock, ids);
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                for index in (client..logins).step_by(clients) {
                    let request = LoginRequest {
                        phone: setup::phone(index),
                        user: setup::user(index),
                        profile: None,
                        profile_right: ProfileRight::Any,
                        duration: RequestedDuration::Unset,
                        actor: Actor::application_user("emproxy", "192.0.2.1"),
                        phone_address: None,
                        authenticated_at: None,
                    };
                    let one = Instant::now();
                    let outcome = engine.log_in(request).await.unwrap();
                    times.push(one.elapsed());
                    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
                }
                times
            })
        })
        .collect();
    let mut times = Vec::with_capacity(logins);
    for client in clients {
        times.extend(client.await.unwrap());
    }
    let took = begun.elapsed();
    store.close().await;
    Measured::new(took, times)
}
