//! Properties that hold in every state, and states that the exploration has to reach.

use stateright::{Model, Property};
use terms::MultipleLoginBehavior;

use super::{
    clusters::Clusters,
    names::{Side, Stay, User},
    state::State,
};

/// Properties of every state, and states that some path has to reach: an exploration without them
/// proves nothing.
pub fn all(behavior: MultipleLoginBehavior) -> Vec<Property<Clusters>> {
    let mut all = vec![
        Property::always("a phone has one login", |_, state| has_one_a_phone(state)),
        Property::always("a stay is held by both clusters, or a farewell is owed", |_, state| {
            is_held_or_owed(state)
        }),
        Property::always("at rest the clusters agree", |_, state| agrees_at_rest(state)),
        Property::always("each step towards rest shortens the distance", is_nearer_to_rest),
        Property::sometimes("two log-ins are in flight", |_, state: &State| {
            state.waiting.len() > 1
        }),
        Property::sometimes("a stay goes on at rest", |_, state: &State| {
            state.is_at_rest() && !state.seoul.open.is_empty()
        }),
        Property::sometimes(
            "a stay is over before Seoul knows that it began",
            |_, state: &State| {
                state.waiting.iter().any(|stay| state.busan.buried.contains(&stay.login))
            },
        ),
    ];
    all.push(match behavior {
        MultipleLoginBehavior::Allowed => {
            Property::sometimes("a user is logged in twice", |_, state: &State| {
                !has_one_a_user(state)
            })
        }
        MultipleLoginBehavior::NotAllowed | MultipleLoginBehavior::AutoLogout => {
            Property::always("a user is logged in once", |_, state| has_one_a_user(state))
        }
    });
    all
}

/// The promise, at home. No login is open at first and the behavior stays the same, so it holds for all
/// open logins, not only for those of a request.
fn has_one_a_user(state: &State) -> bool {
    let count = |user| state.busan.stays().filter(|stay| stay.user == user).count();
    User::ALL.into_iter().all(|user| count(user) <= 1)
}

/// A phone has one login, or one intent that holds the phone.
fn has_one_a_phone(state: &State) -> bool {
    Side::ALL.into_iter().map(|side| state.of(side)).all(|cluster| {
        let held = cluster.stays().chain(cluster.intents.iter().copied());
        let held: Vec<_> = held.map(|stay| stay.phone).collect();
        (1..held.len()).all(|at| !held[..at].contains(&held[at]))
    })
}

/// A stay held by one cluster is held by the other too, or one of them has stored a farewell. Messages
/// in flight don't count, since they may be lost.
fn is_held_or_owed(state: &State) -> bool {
    let State { seoul, busan, .. } = state;
    let home_knows = |stay: Stay| busan.has_open(stay.login) || busan.will_tell(stay.login);
    let visiting_knows = |stay: Stay| {
        let Stay { login, .. } = stay;
        seoul.has_open(login) || seoul.has_intent(login) || seoul.will_tell(login)
    };
    stays(state, Side::Seoul).all(home_knows) && stays(state, Side::Busan).all(visiting_knows)
}

fn agrees_at_rest(state: &State) -> bool {
    !state.is_at_rest() || stays(state, Side::Seoul).eq(stays(state, Side::Busan))
}

/// The stays of Busan's users at Seoul's phones, as one of the clusters holds them.
fn stays(state: &State, side: Side) -> impl Iterator<Item = Stay> {
    state.of(side).stays().filter(|stay| stay.phone.side() == Side::Seoul)
}

/// Each step towards rest is possible and decreases the distance, so every state has a finite path to
/// rest.
fn is_nearer_to_rest(clusters: &Clusters, state: &State) -> bool {
    let Some(step) = state.towards_rest() else { return state.is_at_rest() };
    let next = clusters.next_state(state, step);
    next.is_some_and(|next| next.distance_from_rest() < state.distance_from_rest())
}
