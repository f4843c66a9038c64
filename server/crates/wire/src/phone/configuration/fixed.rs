//! The elements that are the same for every phone.

/// Elements with a fixed text.
pub(super) type Fixed = [(&'static str, &'static str)];

/// Features of calls. 0 is the value for off that every series understands.
pub(super) const CALL_FEATURES: &Fixed = &[
    ("cnfJoinEnabled", "true"),
    ("rfc2543Hold", "false"),
    ("localCfwdEnable", "true"),
    ("semiAttendedTransfer", "true"),
    ("anonymousCallBlock", "0"),
    ("callerIdBlocking", "0"),
    ("dndControl", "0"),
    ("remoteCcEnable", "true"),
];

/// CUCM's retries and timers; the timers are in seconds, `timerT1` and `timerT2` in milliseconds.
pub(super) const STACK: &Fixed = &[
    ("sipInviteRetx", "6"),
    ("sipRetx", "10"),
    ("timerInviteExpires", "180"),
    ("timerRegisterExpires", "3600"),
    ("timerRegisterDelta", "5"),
    ("timerKeepAliveExpires", "120"),
    ("timerSubscribeExpires", "120"),
    ("timerSubscribeDelta", "5"),
    ("timerT1", "500"),
    ("timerT2", "4000"),
    ("maxRedirects", "70"),
    ("remotePartyID", "true"),
    ("userInfo", "None"),
];

/// Settings of the SIP profile. With a `kpml` other than 0 a phone sends only the first digit, and the other
/// digits at the server's request, which few servers make.
pub(super) const PROFILE: &Fixed = &[
    ("transferOnhookEnabled", "false"),
    ("enableVad", "false"),
    ("preferredCodec", "none"),
    ("dtmfAvtPayload", "101"),
    ("dtmfDbLevel", "3"),
    ("dtmfOutofBand", "avt"),
    ("kpml", "0"),
    ("stutterMsgWaiting", "0"),
    ("callStats", "false"),
    ("disableLocalSpeedDialConfig", "true"),
    ("startMediaPort", "16384"),
    ("stopMediaPort", "32766"),
];

/// Settings of a line's calls. `callWaiting` 3 turns call waiting on in every series.
pub(super) const LINE_CALLS: &Fixed = &[
    ("callWaiting", "3"),
    ("sharedLine", "false"),
    ("messageWaitingLampPolicy", "3"),
    ("messageWaitingAMWI", "0"),
    ("messagesNumber", ""),
    ("ringSettingIdle", "4"),
    ("ringSettingActive", "5"),
];

/// The details of a forwarded call that a phone shows.
pub(super) const CALL_INFORMATION: &Fixed = &[
    ("callerName", "true"),
    ("callerNumber", "true"),
    ("redirectedNumber", "false"),
    ("dialedNumber", "true"),
];

/// Settings of the common profile; the menus have no password.
pub(super) const COMMON: &Fixed =
    &[("phonePassword", ""), ("backgroundImageAccess", "true"), ("callLogBlfEnabled", "0")];

/// The web server is on, because pushes reach the phone only through its web server. 0 is on and 1 is off, for
/// `sshAccess` too.
pub(super) const VENDOR: &Fixed =
    &[("settingsAccess", "1"), ("webAccess", "0"), ("sshAccess", "1")];

/// Addresses that are empty for every phone.
pub(super) const NO_URLS: &Fixed =
    &[("informationURL", ""), ("messagesURL", ""), ("proxyServerURL", ""), ("servicesURL", "")];

/// The phone's own call lists, which the phone offers only if the file names them.
pub(super) const OWN_SERVICES: &Fixed = &[
    ("Missed Calls", "Application:Cisco/MissedCalls"),
    ("Received Calls", "Application:Cisco/ReceivedCalls"),
    ("Placed Calls", "Application:Cisco/PlacedCalls"),
];
