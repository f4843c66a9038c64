//! The requests that the EM application makes of the EM service, as the original posts them.

use quick_xml::escape::escape;

use super::{EmRequest, RequestedOperation, StatedOrigin};

impl EmRequest {
    /// A request of the EM application, which the EM service knows as `app_id`, for a phone at `address`.
    #[must_use]
    pub fn of_application(
        app_id: &str,
        operation: RequestedOperation,
        address: &str,
        via: bool,
    ) -> Self {
        let element = |name: &str, text: &str| format!("<{name}>{}</{name}>", escape(text));
        let from = element("remoteIPAddr", address) + &element("isViaHeaderSet", &via.to_string());
        let named = |name: &str, texts: &[String]| -> String {
            texts.iter().map(|text| element(name, text)).collect()
        };
        let (root, asked) = match &operation {
            RequestedOperation::Login { device, user, profile, .. } => {
                let (device, user) = (element("deviceName", device), element("userID", user));
                let profile = profile.as_ref().map(|profile| element("deviceProfile", profile));
                let profile = profile.unwrap_or_default();
                ("request", format!("<login>{device}{user}{profile}{from}</login>"))
            }
            RequestedOperation::Logout { device } => {
                let device = element("deviceName", device);
                ("request", format!("<logout>{device}{from}</logout>"))
            }
            RequestedOperation::DeviceUsers(devices) => {
                let devices = named("deviceName", devices);
                ("query", format!("<deviceUserQuery>{devices}{from}</deviceUserQuery>"))
            }
            RequestedOperation::CheckUsers(users) => {
                let users = named("userID", users);
                ("query", format!("<checkUser>{users}{from}</checkUser>"))
            }
            // The EM application makes no other requests.
            _ => ("query", String::new()),
        };
        let id = element("appID", app_id);
        let info = format!(
            "<appInfo>{id}<appEncryptedCertificate>xxxxxxx</appEncryptedCertificate></appInfo>"
        );
        let shown = format!("<?xml version=\"1.0\"?><{root}>{info}{asked}</{root}>");
        let origin = StatedOrigin { remote_address: Some(address.to_owned()), via };
        Self { app_id: app_id.to_owned(), app_certificate: None, origin, operation, shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Duration, parse};

    #[test]
    fn a_request_of_the_application_reads_back_as_what_it_asks() {
        let login = RequestedOperation::Login {
            device: "SEP1".to_owned(),
            user: "j&hn".to_owned(),
            profile: Some("<desk>".to_owned()),
            duration: Duration::Unset,
        };
        let asked = vec![
            login,
            RequestedOperation::Logout { device: "SEP1".to_owned() },
            RequestedOperation::DeviceUsers(vec!["SEP1".to_owned()]),
            RequestedOperation::CheckUsers(vec!["john".to_owned(), "jane".to_owned()]),
        ];
        for operation in asked {
            let made = EmRequest::of_application("CCMSysUser", operation, "192.0.2.10", true);
            let read = parse(&made.shown).unwrap();
            assert_eq!((read.operation, read.origin), (made.operation, made.origin));
            assert_eq!((read.app_id, read.app_certificate), ("CCMSysUser".to_owned(), None));
        }
    }
}
