//! The pages as routes that are loaded when they are needed: each is a file of its own in the
//! browser, so that the first page waits for no other.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    account::SignInPage,
    archive::{AuditPage, HistoryPage},
    device::{ActiveLoginsPage, JobPage, LogOutPage, PhonePage},
    people::{AdministratorsPage, FirstPage},
    system::{AllServersPage, ModifiedPage, ParameterHistoryPage, ParametersPage},
};

/// [`SignInPage`]
pub struct SignIn;

#[lazy_route]
impl LazyRoute for SignIn {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let SignIn = this;
        view! { <SignInPage/> }.into_any()
    }
}

/// [`FirstPage`]
pub struct First;

#[lazy_route]
impl LazyRoute for First {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let First = this;
        view! { <FirstPage/> }.into_any()
    }
}

/// [`ActiveLoginsPage`]
pub struct ActiveLogins;

#[lazy_route]
impl LazyRoute for ActiveLogins {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ActiveLogins = this;
        view! { <ActiveLoginsPage/> }.into_any()
    }
}

/// [`LogOutPage`]
pub struct LogOut;

#[lazy_route]
impl LazyRoute for LogOut {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let LogOut = this;
        view! { <LogOutPage/> }.into_any()
    }
}

/// [`JobPage`]
pub struct Job;

#[lazy_route]
impl LazyRoute for Job {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Job = this;
        view! { <JobPage/> }.into_any()
    }
}

/// [`PhonePage`]
pub struct Phone;

#[lazy_route]
impl LazyRoute for Phone {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Phone = this;
        view! { <PhonePage/> }.into_any()
    }
}

/// [`HistoryPage`]
pub struct History;

#[lazy_route]
impl LazyRoute for History {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let History = this;
        view! { <HistoryPage/> }.into_any()
    }
}

/// [`AuditPage`]
pub struct Audit;

#[lazy_route]
impl LazyRoute for Audit {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Audit = this;
        view! { <AuditPage/> }.into_any()
    }
}

/// [`ParametersPage`]
pub struct Parameters;

#[lazy_route]
impl LazyRoute for Parameters {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Parameters = this;
        view! { <ParametersPage/> }.into_any()
    }
}

/// [`ParameterHistoryPage`]
pub struct ParameterHistory;

#[lazy_route]
impl LazyRoute for ParameterHistory {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ParameterHistory = this;
        view! { <ParameterHistoryPage/> }.into_any()
    }
}

/// [`ModifiedPage`]
pub struct Modified;

#[lazy_route]
impl LazyRoute for Modified {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Modified = this;
        view! { <ModifiedPage/> }.into_any()
    }
}

/// [`AllServersPage`]
pub struct AllServers;

#[lazy_route]
impl LazyRoute for AllServers {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let AllServers = this;
        view! { <AllServersPage/> }.into_any()
    }
}

/// [`AdministratorsPage`]
pub struct Administrators;

#[lazy_route]
impl LazyRoute for Administrators {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Administrators = this;
        view! { <AdministratorsPage/> }.into_any()
    }
}
