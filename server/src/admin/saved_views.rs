//! Views of lists that administrators save by name.

use engine::SavedView;
use terms::Role;

use super::{Admin, AdminError, Caller};

/// The role that shares a view with all administrators.
pub const SHARES_VIEWS: Role = Role::Operator;

impl Admin {
    /// The caller's views and the shared ones, by name, each with whether the caller may remove it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn saved_views(&self, caller: &Caller) -> Result<Vec<(SavedView, bool)>, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let views = cluster.store.saved_views(caller.name()).await?;
        let key = terms::key(caller.name());
        let may_remove = |view: &SavedView| {
            view.made_by == key || (view.is_shared && caller.may(Role::Administrator))
        };
        Ok(views
            .into_iter()
            .map(|view| (may_remove(&view), view))
            .map(|(may, view)| (view, may))
            .collect())
    }

    /// Saves the list at an address under a name, for the caller or for all.
    ///
    /// # Errors
    /// When the caller's role does not allow it, the name or the address is invalid, or there are too many views.
    pub async fn save_view(
        &self,
        caller: &Caller,
        name: &str,
        address: &str,
        is_shared: bool,
    ) -> Result<(), AdminError> {
        let needed = if is_shared { SHARES_VIEWS } else { Role::Viewer };
        let cluster = self.gate.open(caller, needed)?;
        let name = name.trim().to_owned();
        if name.is_empty()
            || name.chars().count() > SavedView::MAX_NAME_CHARS
            || name.chars().any(char::is_control)
        {
            let text = format!("a name has 1 to {} characters", SavedView::MAX_NAME_CHARS);
            return Err(AdminError::Invalid(text));
        }
        if address.len() > SavedView::MAX_ADDRESS_BYTES {
            return Err(AdminError::Invalid("the address is too long".to_owned()));
        }
        let (made_by, address) = (terms::key(caller.name()), address.to_owned());
        let view = SavedView { number: 0, is_shared, made_by, name, address };
        let by = caller.actor().clone();
        if cluster.store.save_view(view, by, cluster.clock.now()).await? {
            return Ok(());
        }
        Err(AdminError::Invalid(format!("there are {} views already", SavedView::MAX)))
    }

    /// Removes a view. Returns false when there is no such view that the caller may remove.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_view(&self, caller: &Caller, number: u64) -> Result<bool, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let any_shared = caller.may(Role::Administrator);
        let by = caller.actor().clone();
        Ok(cluster.store.remove_view(number, any_shared, by, cluster.clock.now()).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::TestCluster;

    #[tokio::test]
    async fn a_view_is_its_makers_or_shared_by_operators() {
        let cluster = TestCluster::start("seoul").await;
        let admin = Admin::of(Arc::clone(&cluster));
        let viewer = Caller::of_test("vic", Role::Viewer);
        let operator = Caller::of_test("olga", Role::Operator);
        let root = Caller::of_test("kim", Role::Administrator);
        let names = async |caller: &Caller| {
            let views = admin.saved_views(caller).await.unwrap();
            views.into_iter().map(|(view, may)| (view.name, may)).collect::<Vec<_>>()
        };
        admin.save_view(&viewer, " Mine ", "/?find=a", false).await.unwrap();
        let refused = admin.save_view(&viewer, "All", "/?find=b", true).await;
        assert!(matches!(refused, Err(AdminError::NotAllowed(Role::Operator))));
        admin.save_view(&operator, "All", "/?find=b", true).await.unwrap();
        admin.save_view(&operator, "All", "/?find=c", true).await.unwrap();
        assert_eq!(names(&viewer).await, [("All".to_owned(), false), ("Mine".to_owned(), true)]);
        assert_eq!(names(&root).await, [("All".to_owned(), true)]);
        for name in ["", "  ", &"x".repeat(41), "a\nb"] {
            let refused = admin.save_view(&viewer, name, "/", false).await;
            assert!(matches!(refused, Err(AdminError::Invalid(_))), "{name:?}");
        }
        let all = admin.saved_views(&viewer).await.unwrap()[0].0.clone();
        assert_eq!(all.address, "/?find=c", "the name is taken by the last");
        assert!(!admin.remove_view(&viewer, all.number).await.unwrap());
        assert!(admin.remove_view(&root, all.number).await.unwrap());
        assert!(!admin.remove_view(&root, all.number).await.unwrap());
        assert_eq!(names(&operator).await, []);
        let find = vec!["view".into()];
        let query = engine::AuditQuery { find, limit: 9, ..engine::AuditQuery::default() };
        let audit = cluster.store.audit(&query).await.unwrap();
        assert_eq!(audit.matching, 3, "what concerns all is audited");
    }

    #[tokio::test]
    async fn the_number_of_views_is_bounded() {
        let cluster = TestCluster::start("seoul").await;
        let admin = Admin::of(Arc::clone(&cluster));
        let viewer = Caller::of_test("vic", Role::Viewer);
        let save = async |name: &str| admin.save_view(&viewer, name, "/", false).await;
        for number in 0..SavedView::MAX {
            save(&number.to_string()).await.unwrap();
        }
        assert!(matches!(save("one more").await, Err(AdminError::Invalid(_))));
        save("1").await.unwrap();
    }
}
