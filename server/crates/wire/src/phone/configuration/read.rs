//! The reader of the file, as a phone reads it: the reader identifies an element by its path, and skips unknown
//! elements.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use terms::NotUnderstood;

use super::{
    CallServer, Idle, LINE, Line, LineCredentials, PhoneConfiguration, SERVICE_NAME, SIP_PORT,
    SPEED_DIAL, SpeedDial,
};
use crate::{MAX_DEPTH, markup::not_well_formed, phone::read::referred};

impl PhoneConfiguration {
    /// The content of a file. Buttons are in the order of their numbers.
    ///
    /// # Errors
    /// If the file is not XML, has a document type, or has another root element than `device`.
    pub fn read(xml: &str) -> Result<Self, NotUnderstood> {
        let mut reader = Reader::from_str(xml);
        let mut file = File::default();
        loop {
            // The XML reader's error is dropped, because its text may quote a secret.
            match reader.read_event().map_err(|_| not_well_formed("markup is broken"))? {
                Event::Start(start) => file.begin(&start)?,
                Event::Empty(start) => {
                    file.begin(&start)?;
                    file.end();
                }
                Event::End(_) => file.end(),
                Event::Text(text) => file.text.push_str(&text),
                Event::CData(text) => file.text.push_str(&text),
                Event::GeneralRef(reference) => file.text.push_str(&referred(&reference)?),
                Event::DocType(_) => return Err(not_well_formed("there is a document type")),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof if file.open.is_empty() && file.is_device => return Ok(file.take()),
                Event::Eof => return Err(not_well_formed("there is no whole device")),
            }
        }
    }
}

/// The part of a file that has been read.
#[derive(Default)]
struct File {
    /// The names of the elements that are open.
    open: Vec<String>,
    /// The text since the last tag.
    text: String,
    is_device: bool,
    host: String,
    port: Option<u16>,
    idle: Idle,
    service: Service,
    /// The buttons; an open button is the last.
    buttons: Vec<Button>,
    configuration: PhoneConfiguration,
}

#[derive(Default)]
struct Service {
    name: String,
    url: String,
}

#[derive(Default)]
struct Button {
    position: usize,
    feature: String,
    label: String,
    name: String,
    dials: String,
    user: Option<String>,
    secret: Option<String>,
}

impl File {
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), NotUnderstood> {
        if self.open.len() == MAX_DEPTH {
            return Err(NotUnderstood::TooDeep);
        }
        self.text.clear();
        self.open.push(start.name().as_ref().to_owned());
        match self.open.join("/").as_str() {
            "device" if !self.is_device => self.is_device = true,
            _ if self.open.len() == 1 => return Err(not_well_formed("the root is not one device")),
            "device/phoneServices/phoneService" => self.service = Service::default(),
            "device/sipProfile/sipLines/line" => {
                let position = position(start).unwrap_or(usize::MAX);
                self.buttons.push(Button { position, ..Button::default() });
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the element that ends; `self.text` is its text if the element has no children.
    fn end(&mut self) {
        let place = self.open.join("/");
        self.open.pop();
        let text = std::mem::take(&mut self.text);
        if let Some(name) = place.strip_prefix("device/sipProfile/sipLines/line/") {
            if let Some(button) = self.buttons.last_mut() {
                button.set(name, text);
            }
            return;
        }
        let Self { host, port, idle, service, configuration, .. } = self;
        let member = "device/devicePool/callManagerGroup/members/member/callManager/";
        match place.strip_prefix(member).unwrap_or(&place) {
            "processNodeName" => *host = text,
            "ports/sipPort" => *port = text.trim().parse().ok(),
            "device/devicePool/dateTimeSetting/olsonTimeZone" => {
                configuration.time_zone = Some(text);
            }
            "device/versionStamp" => configuration.version = text,
            "device/authenticationURL" => {
                configuration.authentication_url = Some(text).filter(|url| !url.is_empty());
            }
            "device/idleTimeout" => idle.seconds = text.trim().parse().unwrap_or(0),
            "device/idleURL" => idle.url = text,
            "device/phoneServices/phoneService/name" => service.name = text,
            "device/phoneServices/phoneService/url" => service.url = text,
            "device/phoneServices/phoneService" if service.name == SERVICE_NAME => {
                configuration.service_url = Some(std::mem::take(&mut service.url));
            }
            _ => {}
        }
    }

    fn take(mut self) -> PhoneConfiguration {
        let mut configuration = self.configuration;
        let (host, port) = (self.host, self.port.unwrap_or(SIP_PORT));
        configuration.call_server = (!host.is_empty()).then_some(CallServer { host, port });
        let is_used = !self.idle.url.is_empty() && self.idle.seconds > 0;
        configuration.idle = is_used.then_some(self.idle);
        self.buttons.sort_by_key(|button| button.position);
        for button in self.buttons {
            let Button { label, name, dials, user, secret, .. } = button;
            // A line without a number is in the file only because firmware requires a line.
            if button.feature == LINE && !name.is_empty() {
                let credentials =
                    user.zip(secret).map(|(user, secret)| LineCredentials { user, secret });
                configuration.lines.push(Line { dn: name, label, credentials });
            } else if button.feature == SPEED_DIAL {
                configuration.speed_dials.push(SpeedDial { number: dials, label });
            }
        }
        configuration
    }
}

impl Button {
    fn set(&mut self, name: &str, text: String) {
        match name {
            "featureID" => self.feature = text,
            "featureLabel" => self.label = text,
            "name" => self.name = text,
            "speedDialNumber" => self.dials = text,
            "authName" => self.user = Some(text),
            "authPassword" => self.secret = Some(text),
            _ => {}
        }
    }
}

/// The number of a button.
fn position(start: &BytesStart<'_>) -> Option<usize> {
    let attributes = crate::markup::attributes(start.attributes_raw()).ok()?;
    attributes.iter().find(|(name, _)| *name == "button")?.1.parse().ok()
}
