//! Data for phones: numbers to log in by, accounts of lines, and the site's settings.

use engine::{
    ConfigurationChange, PhoneEntry, SipAccount, Site, SiteChange, UserEntry, UserNumber,
    WithAccounts,
};

use super::{
    Database,
    fixture::{apply, done, filled, log_in},
};

fn user(id: &str, extension: &str, self_service: &str) -> UserEntry {
    UserEntry {
        id: id.to_owned(),
        primary_extension: Some(extension.to_owned()),
        self_service_id: Some(self_service.to_owned()),
        ..UserEntry::default()
    }
}

pub async fn a_user_is_found_by_a_number_and_a_shared_one_finds_two(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let extension = async |number: &str| {
        let number = UserNumber::PrimaryExtension(number.to_owned());
        let mut found = node.users_by(&number).await.unwrap();
        found.sort();
        found
    };
    let users = vec![user("john", "2001", "77"), user("Jane", "2002", "")];
    apply(&node, ConfigurationChange { users, ..Default::default() }).await.unwrap();
    assert_eq!(extension("2001").await, ["john"]);
    assert_eq!(extension("77").await, [""; 0], "a self-service id is no extension");
    let self_service = UserNumber::SelfServiceId("77".to_owned());
    assert_eq!(node.users_by(&self_service).await.unwrap(), ["john"]);
    // No user has the empty number.
    assert_eq!(extension("").await, [""; 0]);
    let nothing = UserNumber::SelfServiceId(String::new());
    assert_eq!(node.users_by(&nothing).await.unwrap(), [""; 0]);
    let users = vec![user("bare", "2001", ""), user("Jane", "2001", "")];
    apply(&node, ConfigurationChange { users, ..Default::default() }).await.unwrap();
    assert_eq!(extension("2001").await.len(), 2, "at most two users are returned");
    let users = vec![user("john", "", ""), user("Jane", "", "")];
    apply(&node, ConfigurationChange { users, ..Default::default() }).await.unwrap();
    assert_eq!(extension("2001").await, ["bare"]);
}

pub async fn the_site_and_accounts_are_kept_and_no_difference_shows_a_password(
    database: &impl Database,
) {
    let node = database.node().await;
    filled(&node).await;
    let account = |password: &str| SipAccount {
        dn: "1001".to_owned(),
        user: "lobby".to_owned(),
        password: password.to_owned(),
    };
    let change = |password: &str| ConfigurationChange {
        site: SiteChange {
            call_server: Some("192.0.2.5".to_owned()),
            call_server_rpc: Some("http://192.0.2.5:5060/RPC".to_owned()),
            push_user: Some("phonepush".to_owned()),
            push_password: Some(password.to_owned()),
            ..SiteChange::default()
        },
        phones: vec![PhoneEntry {
            name: "SEP1".to_owned(),
            sip: Some(vec![account(password)]),
            ..PhoneEntry::default()
        }],
        ..ConfigurationChange::default()
    };
    let version = node.configuration().await.unwrap().version;
    let differences = apply(&node, change("hunter2")).await.unwrap();
    assert_eq!(differences.len(), 5);
    assert!(!format!("{differences:?}").contains("hunter2"));
    let configuration = node.configuration().await.unwrap();
    assert!(configuration.version > version, "the settings of pushes count for the version");
    let Site { call_server, call_server_rpc, push_user, push_password, .. } = &configuration.site;
    let set = [call_server, call_server_rpc, push_user, push_password];
    assert_eq!(set, ["192.0.2.5", "http://192.0.2.5:5060/RPC", "phonepush", "hunter2"]);
    assert_eq!(configuration.site.service_url, "");
    assert!(!format!("{configuration:?}").contains("hunter2"));
    assert_eq!(apply(&node, change("hunter2")).await.unwrap(), []);
    assert_eq!(apply(&node, change("hunter3")).await.unwrap().len(), 2);
    assert_eq!(
        node.with_accounts().await.unwrap(),
        [WithAccounts { name: "SEP1".to_owned(), lines: vec![], sip: vec![account("hunter3")] }],
        "only phones and profiles with an account are listed"
    );
    assert_eq!(node.device_profile("NONE").await.unwrap(), None);
    // A phone with a login has the accounts of the profile, which has none.
    let detail = async || node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(detail().await.effective.sip, [account("hunter3")]);
    done(log_in(&node, 0, "john", "SEP1").await);
    let shown = detail().await;
    assert_eq!((shown.effective.sip, shown.phone.sip), (vec![], vec![account("hunter3")]));
}

pub async fn phones_are_found_by_name_and_model(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    let found = async |find: &str, limit| {
        let (phones, matching) = node.find_phones(find, limit).await.unwrap();
        (phones.into_iter().map(|phone| phone.name).collect::<Vec<_>>(), matching)
    };
    assert_eq!(found("", 2).await, (vec!["SEP1".to_owned(), "SEP2".to_owned()], 10));
    assert_eq!(found("sepoff", 9).await, (vec!["SEPOFF".to_owned()], 1));
    assert_eq!(found("CISCO 8861", 1).await.1, 10);
    assert_eq!(found("100%", 9).await, (vec![], 0));
}
