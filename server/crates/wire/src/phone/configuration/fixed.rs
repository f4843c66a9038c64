//! What every phone gets.

/// Elements with a fixed text.
pub(super) type Fixed = [(&'static str, &'static str)];

/// Features of calls. For all that is off, 0 is what every series understands.
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

/// CUCM's retries and timers; these are in seconds, `timerT1` and `timerT2` in milliseconds.
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

/// With `kpml` other than 0 a phone sends the first digit alone, and the others when it is asked for
/// them; few servers ask.
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

/// `callWaiting` 3: every series has it on.
pub(super) const LINE_CALLS: &Fixed = &[
    ("callWaiting", "3"),
    ("sharedLine", "false"),
    ("messageWaitingLampPolicy", "3"),
    ("messageWaitingAMWI", "0"),
    ("messagesNumber", ""),
    ("ringSettingIdle", "4"),
    ("ringSettingActive", "5"),
];

/// What a phone tells of a forwarded call.
pub(super) const CALL_INFORMATION: &Fixed = &[
    ("callerName", "true"),
    ("callerNumber", "true"),
    ("redirectedNumber", "false"),
    ("dialedNumber", "true"),
];

/// What applies to every profile; there is no password for the menus.
pub(super) const COMMON: &Fixed =
    &[("phonePassword", ""), ("backgroundImageAccess", "true"), ("callLogBlfEnabled", "0")];

/// The web server is on, without which pushes don't reach the phone: 0 is on, and 1 is off, for
/// `sshAccess` too.
pub(super) const VENDOR: &Fixed =
    &[("settingsAccess", "1"), ("webAccess", "0"), ("sshAccess", "1")];

/// Addresses that the phone has none of.
pub(super) const NO_URLS: &Fixed = &[
    ("directoryURL", ""),
    ("idleURL", ""),
    ("informationURL", ""),
    ("messagesURL", ""),
    ("proxyServerURL", ""),
    ("servicesURL", ""),
];

/// Services that the phone has by itself and offers only if they are named: its lists of calls.
pub(super) const OWN_SERVICES: &Fixed = &[
    ("Missed Calls", "Application:Cisco/MissedCalls"),
    ("Received Calls", "Application:Cisco/ReceivedCalls"),
    ("Placed Calls", "Application:Cisco/PlacedCalls"),
];
