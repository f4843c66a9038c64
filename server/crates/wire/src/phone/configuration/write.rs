//! The writer of the file.

use super::{
    CallServer, LINE, Line, MAX_BUTTONS, MAX_LABEL_CHARS, MAX_URL_CHARS, PhoneConfiguration,
    SERVICE_NAME, SIP_PORT, SPEED_DIAL, SpeedDial,
    fixed::{
        CALL_FEATURES, CALL_INFORMATION, COMMON, Fixed, LINE_CALLS, NO_URLS, OWN_SERVICES, PROFILE,
        STACK, VENDOR,
    },
    phone_time_zone,
};
use crate::{
    markup::is_char,
    phone::{Xml, cut},
};

impl PhoneConfiguration {
    /// The file, in UTF-8.
    #[must_use]
    pub fn xml(&self) -> String {
        let server = self.call_server.as_ref().filter(|server| !clean(&server.host).is_empty());
        let mut xml = Xml("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n".to_owned());
        xml.open("device");
        xml.element("fullConfig", "true");
        xml.element("deviceProtocol", "SIP");
        self.pool(&mut xml, server);
        self.sip_profile(&mut xml, server);
        section(&mut xml, "commonProfile", COMMON);
        section(&mut xml, "vendorConfig", VENDOR);
        xml.element("versionStamp", &clean(&self.version));
        // 1 is without TLS.
        xml.element("deviceSecurityMode", "1");
        let idle = self.idle.as_ref().filter(|idle| idle.seconds > 0);
        let idle = idle.and_then(|idle| Some((url(Some(&idle.url))?, idle.seconds)));
        let (idle_url, seconds) = idle.unwrap_or_default();
        xml.element("idleTimeout", &seconds.to_string());
        let authentication = url(self.authentication_url.as_deref());
        xml.element("authenticationURL", &authentication.unwrap_or_default());
        xml.element("directoryURL", "");
        xml.element("idleURL", &idle_url);
        elements(&mut xml, NO_URLS);
        // 1 is TCP.
        xml.element("transportLayerProtocol", "1");
        self.services(&mut xml);
        xml.close("device");
        xml.0
    }

    /// Writes the time zone and the server.
    fn pool(&self, xml: &mut Xml, server: Option<&CallServer>) {
        xml.open("devicePool");
        xml.open("dateTimeSetting");
        xml.element("dateTemplate", "D.M.Y");
        if let Some(zone) = &self.time_zone {
            let zone = clean(zone);
            if let Some(name) = phone_time_zone(&zone) {
                xml.element("timeZone", name);
            }
            xml.element("olsonTimeZone", &zone);
        }
        xml.close("dateTimeSetting");
        xml.open("callManagerGroup");
        xml.open("members");
        // Firmware refuses a group without a member.
        xml.open("member priority=\"0\"");
        xml.open("callManager");
        xml.open("ports");
        xml.element("ethernetPhonePort", "2000");
        xml.element("sipPort", &sip_port(server));
        xml.element("securedSipPort", "5061");
        xml.close("ports");
        let host = server.map(|server| clean(&server.host));
        xml.element("processNodeName", &host.unwrap_or_default());
        xml.close("callManager");
        xml.close("member");
        xml.close("members");
        xml.close("callManagerGroup");
        xml.close("devicePool");
    }

    /// Writes the settings of the SIP stack and the buttons.
    fn sip_profile(&self, xml: &mut Xml, server: Option<&CallServer>) {
        let lines: Vec<_> = self.lines.iter().filter(|one| !clean(&one.dn).is_empty()).collect();
        let is_registered = server.is_some() && !lines.is_empty();
        xml.open("sipProfile");
        xml.open("sipProxies");
        xml.element("registerWithProxy", if is_registered { "true" } else { "false" });
        xml.close("sipProxies");
        section(xml, "sipCallFeatures", CALL_FEATURES);
        section(xml, "sipStack", STACK);
        elements(xml, PROFILE);
        xml.open("sipLines");
        let port = sip_port(server);
        let nobody = Line::default();
        let lines = if lines.is_empty() { vec![&nobody] } else { lines };
        for (button, one) in (1..=MAX_BUTTONS).zip(&lines) {
            line(xml, button, one, &port);
        }
        let dials = self.speed_dials.iter().filter(|one| !clean(&one.number).is_empty());
        for (button, one) in (lines.len() + 1..=MAX_BUTTONS).zip(dials) {
            speed_dial(xml, button, one);
        }
        xml.close("sipLines");
        xml.element("voipControlPort", "5060");
        xml.element("dscpForAudio", "184");
        xml.element("dialTemplate", "");
        xml.element("softKeyFile", "");
        xml.close("sipProfile");
    }

    /// Writes the services behind the buttons for services and directories. With `provisioning` 0 these buttons
    /// have no other services.
    fn services(&self, xml: &mut Xml) {
        xml.open("phoneServices useHTTPS=\"false\"");
        xml.element("provisioning", "0");
        for (name, url) in OWN_SERVICES {
            service(xml, 1, name, url);
        }
        if let Some(url) = url(self.service_url.as_deref()) {
            service(xml, 0, SERVICE_NAME, &url);
        }
        xml.close("phoneServices");
    }
}

/// Writes a service: kind 0 is in the menu of services, kind 1 in the menu of directories.
fn service(xml: &mut Xml, kind: u8, name: &str, url: &str) {
    xml.open(&format!("phoneService type=\"{kind}\" category=\"0\""));
    xml.element("name", name);
    xml.element("url", url);
    xml.element("vendor", "");
    xml.element("version", "");
    xml.close("phoneService");
}

/// Writes a line on a button; lines are numbered like their buttons.
fn line(xml: &mut Xml, button: usize, line: &Line, port: &str) {
    let (dn, label) = (clean(&line.dn), label(&line.label));
    xml.open(&format!("line button=\"{button}\" lineIndex=\"{button}\""));
    xml.element("featureID", LINE);
    xml.element("featureLabel", &label);
    // `USECALLMANAGER` is the server of the group.
    xml.element("proxy", "USECALLMANAGER");
    xml.element("port", port);
    xml.element("name", &dn);
    xml.element("displayName", if label.is_empty() { &dn } else { &label });
    section(xml, "autoAnswer", &[("autoAnswerEnabled", "0")]);
    if let Some(credentials) = &line.credentials {
        xml.element("authName", &clean(&credentials.user));
        xml.element("authPassword", &clean(&credentials.secret));
    }
    elements(xml, LINE_CALLS);
    xml.element("contact", &dn);
    section(xml, "forwardCallInfoDisplay", CALL_INFORMATION);
    xml.element("maxNumCalls", "4");
    xml.element("busyTrigger", "2");
    xml.close("line");
}

/// Writes a speed dial on a button.
fn speed_dial(xml: &mut Xml, button: usize, dial: &SpeedDial) {
    xml.open(&format!("line button=\"{button}\""));
    xml.element("featureID", SPEED_DIAL);
    xml.element("featureLabel", &label(&dial.label));
    xml.element("speedDialNumber", &clean(&dial.number));
    xml.close("line");
}

fn section(xml: &mut Xml, name: &str, fixed: &Fixed) {
    xml.open(name);
    elements(xml, fixed);
    xml.close(name);
}

fn elements(xml: &mut Xml, fixed: &Fixed) {
    for (name, text) in fixed {
        xml.element(name, text);
    }
}

fn sip_port(server: Option<&CallServer>) -> String {
    server.map_or(SIP_PORT, |server| server.port).to_string()
}

/// An address that is not empty and has at most [`MAX_URL_CHARS`] characters.
fn url(url: Option<&str>) -> Option<String> {
    url.map(clean).filter(|url| !url.is_empty() && url.chars().count() <= MAX_URL_CHARS)
}

fn label(text: &str) -> String {
    cut(&clean(text), MAX_LABEL_CHARS)
}

/// A text without control characters and without characters that XML doesn't have.
fn clean(text: &str) -> String {
    text.chars().filter(|c| is_char(*c) && !c.is_control()).collect()
}
