//! Open logins, and the numbers above them.

use app::api::{ActiveLogins, FEED_EVENTS, LoginQuery, PAGE_ROWS, Refused, Tiles, Writing};
use engine::{ActiveLoginPage, ListQuery, ports::StoreError};
use terms::{LoginFilter, Role};

use super::{
    request::{ConsoleRequest, refused},
    views,
};
use crate::admin::Caller;

/// A filter that a browser has sent, trimmed and bounded.
pub(super) fn filter(filter: &LoginFilter) -> LoginFilter {
    LoginFilter::new(&filter.find, filter.login_type)
}

impl ConsoleRequest {
    pub(super) async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused> {
        let caller = self.caller().await?;
        let list = ListQuery {
            filter: filter(&query.filter).at(self.admin.now().0),
            order: views::order(query.sort),
            offset: query.page.saturating_mul(PAGE_ROWS),
            limit: PAGE_ROWS,
        };
        let page = self.admin.active_logins(&caller, &list).await.map_err(refused)?;
        let feed = self.admin.last_events(&caller, FEED_EVENTS).await.map_err(refused)?;
        Ok(ActiveLogins {
            rows: page.rows.iter().map(views::login_row).collect(),
            matching: page.matching,
            tiles: self.tiles_of(&caller, &page).await?,
            jobs: self.jobs(&caller).await?,
            // Later events come over the socket.
            feed: feed
                .iter()
                .filter(|event| event.number <= page.as_of)
                .map(views::happened)
                .collect(),
            as_of: page.as_of,
            now_ms: self.admin.now().0,
            may_end: caller.may(Role::Operator),
        })
    }

    pub(super) async fn tiles(&self) -> Result<Tiles, Refused> {
        let caller = self.caller().await?;
        let list = ListQuery::default();
        let page = self.admin.active_logins(&caller, &list).await.map_err(refused)?;
        self.tiles_of(&caller, &page).await
    }

    /// The numbers above a page, up to the page's event number.
    /// The page learns of later events over its websocket.
    async fn tiles_of(&self, caller: &Caller, page: &ActiveLoginPage) -> Result<Tiles, Refused> {
        Ok(Tiles {
            open: views::open_counts(page.open),
            refused: self.admin.refused_lately(caller, page.as_of).await.map_err(refused)?,
            as_of: page.as_of,
            writing: match self.admin.problem(caller).map_err(refused)? {
                None => Writing::Fine,
                Some(StoreError::Full) => Writing::NoRoom,
                Some(_) => Writing::Failing,
            },
        })
    }
}
