//! All known messages: those of the founding document's traces, the public traces of the original and the
//! troubleshooting notes. Spelling mistakes, blanks at the beginning of a message and levels are the original's.
//! The founding document (release 12.5) and the public traces (11.5 and 12.0) agree on the levels of all shapes
//! that both have; if they differed, the founding document's level would count.
//!
//! A message has the first shape under its logger that fits: a more general shape comes after a more specific one.

use super::{Level, shape::Template};

macro_rules! shapes {
    ($($logger:ident { $($shape:ident = $level:ident $template:literal;)+ })+) => {
        /// The shape of a message: its logger, its level, and its text with placeholders for values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is described by its line in the catalogue")]
        pub enum Shape { $($($shape),+),+ }

        impl Shape {
            /// All shapes, by logger.
            pub const ALL: &[Self] = &[$($(Self::$shape),+),+];

            /// The logger of the message.
            #[must_use]
            pub const fn logger(self) -> &'static str {
                match self { $($(Self::$shape)|+ => stringify!($logger)),+ }
            }

            /// The level of the message.
            #[must_use]
            pub const fn level(self) -> Level {
                match self { $($(Self::$shape => Level::$level),+),+ }
            }

            /// The number of values that the shape takes.
            #[must_use]
            pub fn places(self) -> usize {
                self.template().places()
            }

            pub(super) const fn template(self) -> Template {
                match self { $($(Self::$shape => Template($template)),+),+ }
            }
        }
    };
}

shapes! {
    ServiceParameters {
        BeginParameters = Info "----- Begin Service Parameters -----";
        MaxDurationEnabled = Info "Max Duration Enabled = {value}";
        IntraMaximum = Info "Intra-Cluster Max Login Duration String = {value}";
        InterMaximum = Info "Inter-cluster Max Login Duration String = {value}";
        MultiLoginPolicy = Info "Multi Login Policy = {value}";
        MaxConcurrentSessions = Info "Max Concurrent Sessions = {value}";
        IpCheckEnabled = Info "Is IP Check Enabled = {value}";
        TrustedIps = Info "Trusted IP List = {value}";
        CacheSize = Info "EM Device Cache Size = {value}";
        AllowProxy = Info "Allow Proxy = {value}";
        EmccAllowProxy = Info "EMCC Allow Proxy = {value}";
        EndParameters = Info "----- End Service Parameters -----";
    }
    EMServiceServlet {
        // Any request.
        RequestNumber = Info "EMService Request# ----> : {request}";
        ViaHeader = Debug "{request}: Conn. Via Header= {via}";
        OsHost = Debug "{request}: osHost is localHostAddress = {address}";
        LoginLogout = Info "{request}:EM Service: Request type=Login/Logout";
        TypeEmcc = Info "{request}:EMService: Request Type=EMCC";
        RemoteAddress = Info "{request}: Setting remoteIPAddr to connection IP={address}";
        Received = Info "{request}: LoginService.processRequest: Received Request";
        Parsing = Info "{request}:Parsing Request...";
        Request = Info "{request}:Request->{xml}";
        UserProfile = Debug "{request}: processXMLRequest: {user}: {profile}";
        Parsed = Info "{request}:Finished Parsing XML request";
        ParseComplete = Debug "{request}: Parse Complete";
        Authenticate = Info "{request}: authenticate2: Authenticate request.";
        ExecutingAuthenticate = Info "{request}: Executing authenticate2...";
        Authenticated = Info "{request}:EMService Authentication succeeded";
        LoginError = Error "{request}: LoginService: Dev: {device}- Error# {code}-com.cisco.emservice.MyException: {text}";
        // Another class of exception.
        OtherLoginError = Error "{request}: LoginService: Dev: {device}- Error# {code}-{exception}: {text}";
        Answer = Info "{request}:Request succeeded returning{answer}";
        // Logging in and out.
        ExecutingLogin = Info "{request}:Executing Login...";
        LoggingOut = Info "{request}:Executing Logout...";
        ExecutingLogout = Info "{request}:Executing Logout for device={device}";
        SendingLogin = Info "{request}: LoginService.executeLogin: Dev: {device}- Sending request to DB";
        SendingLogout = Info "{request}: LoginService.executeLogout: Dev: {device}- Sending request to DB";
        LoginSuccessful = Info "{request}: LoginService.executeLogin: Dev: {device}- Login Successful";
        LogoutSuccessful = Info "{request}: LoginService.executeLogout: Dev: {device}- Logout Successful";
        ComputeDuration = Info "{request}: computeLoginDuration: Device: {device} EMCC Request: {emcc} EM API Request: {api} Duration Requested through EM API: {minutes}";
        CheckAutoLogout = Info "{request}: computeLoginDuration: Device: {device} - Checking autologout settings...";
        EffectiveDuration = Info "Effective Login Duration :{seconds} seconds";
        // Sojourn's message, and the original's.
        ScheduleLogout = Info "{request}: scheduleLogout: Setting autologout request with logout scheduler for : {seconds} secs";
        ScheduleLogoutOf = Info "{request}: scheduleLogout: Device: {device}-Setting autologout request with logout scheduler for : {seconds} secs";
        // Queries.
        CheckUser = Info "{request}:EMService Check User Status";
        QueryComplete = Debug "{request}: executeQuery complete.";
        QueryFailed = Warn "{request}: executeQuery MyException.";
        QueryAnswer = Debug "{request}:Query completed, returning{answer}";
        QueryTime = Info "{request}:Query Processing Time: {millis}";
        // EMCC, at home.
        HomeLogin = Info "{request} : {remote} : {cluster}: processEmccRequest: Received EMCC Home Cluster Login Request for :{user}";
        SecurityMode = Info "{request} : {remote} : DeviceSecurityMode: {number} HomeCluster SecurityMode: {home}";
        AuthenticatePin = Info "{request}: authenticate pin for {user}";
        PerformHomeLogin = Info "{request} : {remote} : {cluster}: EmccHomeLogin : Performing Home Device Login for :{user}";
        HomeDeviceLogin = Debug "{request}: {remote}: {cluster}: performHomeDeviceLogin for deviceName: {device}";
        CheckUserRequest = Info "{request} : {remote} : {cluster}: processEmccRequest: Received Check User Request for :{user}";
        HomeCheckUser = Info "{request} : {remote} : {cluster}: EmccCheckUser : Checking if User {user} exists in local database";
        CheckUserAnswer = Info "{request} : {remote} : {cluster}: EmccCheckUser\n{answer}";
        NotAllowed = Error "{request}: Not allowed to log into multiple devices.";
        EmccTime = Info "{request}: EmccRequest Processing Time: {millis}";
        EmccError = Error "{request}: Error processing EMCC request :{text}";
        DecrementCounter = Debug "{request}: EMCC: Decrement Counter";
        // EMCC, at the visiting cluster.
        EmccLoginRequest = Info "{request}: processEmccRequest: Received EMCC Login Request for :{user}";
        FindHome = Info "{request} findHomeCluster: Finding Home Cluster for User: {user}";
        HomeUrl = Info "{request}: EmccLoginRequest: Home Cluster URL for User:{user} is : {url}";
        EmccProfile = Info "{request}: EmccLoginRequest: Device Profile for this user is: {profile}";
        LoginInfo = Debug "{request}:getEmccLoginInfo - {device}";
        VisitingLogin = Info "{request}: EmccLoginRequest: Performing Visiting Device Login for :{user}";
        VisitingDeviceLogin = Info "{request}:performVisitingDeviceLogin - {device}";
        EmccResult = Debug "{request}: EmccLoginRequest: Result:{answer}";
    }
    Authenticator {
        CredentialCache = Info "{request}:Authenticator.authenticateTransaction: AppID: {user}- Checking values in credential cache";
        CredentialCached = Info "{request}:Authenticator.authenticateTransaction: AppID: {user}- Approved through credential cache, {millis} ms remaining";
        IsLocalUser = Info "{request}:Authenticator.userExists: UserID: {user}- Calling cmdb.isLocalUser(osUserID)...";
        IsLocalUserReturned = Info "{request}:Authenticator.userExists: UserID: {user}- cmdb.isLocalUser(osUserID) returned";
        AuthenticatorException = Error "Exception : {text}";
    }
    PolicyValidator {
        GetDevice = Info "{request}:PolicyValidator.checkDeviceAllowsLogin: Dev: {device}- Calling dbr.getDeviceObject";
        DeviceReturned = Info "{request}:PolicyValidator.checkDeviceAllowsLogin: Dev: {device}- dbr.getDeviceObject returned";
        LoginTime = Info "{request}:PolicyValidator.checkCurrentLogin: getCurrentLoginTime return value- {number}";
        NobodyLoggedIn = Info "{request}:PolicyValidator.checkCurrentLogin: no user currently logged in";
    }
    DBRequestor {
        QueryingUser = Info "{request}:Querying device user for device {device}";
        DeviceObject = Info "{request}:Getting device object - three params";
        GettingDevice = Info "{request}: DBRequestor.queryDeviceUser: Dev: '{device}' - Getting device object";
        GotDevice = Info "{request}: DBRequestor.queryDeviceUser: Dev: '{device}' - Device object returned";
        // The same messages for other callers, such as `PolicyValidator.checkDeviceAllowsLogin`.
        DeviceObjectOfLogin = Info "{request}:Getting device object - loginInfo, caller";
        GettingDeviceFor = Info "{request}: {caller}: Dev: {device}- Getting device object";
        GotDeviceFor = Info "{request}: {caller}: Dev: {device}- Device object returned";
        DeviceLoggedOut = Info "{request}: QueryDeviceUser: Device Logged out";
        InfoUser = Info "{request}:Device query info contains userid= {user}";
        InfoLastUser = Info "{request}:Device query info contains last login userid= {user}";
        ProfileOfLogin = Debug "{request}: LoginInfo.profile is {profile}";
        GettingProfile = Info "{request}: '{caller}': Dev: '{device}' - Getting device profile object";
        GotProfile = Info "{request}: {caller}: Dev: {device}- Device profile object returned";
        DeviceLogin = Info "{request}: DBRequestor.login: Dev: {device}- Calling deviceLogin({arguments})";
        DeviceLoginReturned = Info "{request}: DBRequestor.login: Dev: {device}- deviceLogin returned";
        // After a requested log-out, and after Auto Logout.
        DeviceLogoutReturned = Info "{request}: DBRequestor.logout: Dev: {device}- deviceLogout returned";
        DeviceLogout = Info "{request}: DBRequestor.logoutDevName: Dev: {device}- deviceLogout returned";
        UserExists = Info "{request}: queryUDP2: User Exists";
        UserInfoWhole = Info "UserInfo:  UserID: {user} Password: {password} Locale: {locale} Authentication proxy rights: {rights}Device Profiles:  {profiles}";
        UserInfo = Info "UserInfo:  UserID: {user}";
        LoginInfoQuery = Debug "{request}: getEmccLoginInfo: Query = {sql}";
        LoginInfoResult = Debug "{request}: <VEMAPP>{xml}";
        HomeProcedure = Debug "{request} : {remote} : {cluster}: performHomeDeviceLogin: Excecuting Stored Procedure:{sql}";
        VisitingQuery = Debug "{request}: performVisitingDeviceLogin: Query: {sql}";
        True = Debug "{request}: t";
    }
    CMDatabase {
        UserPassed = Debug "Userid being passed to the query is {user}";
        LocalUserQuery = Debug "CMDatabase.isLocalUser() : SELECT {sql}";
        Pkid = Debug " PKID for the ROW is{pkid}";
        LocalUserValue = Debug " CMDatabase.isLocalUser() : isLocaluser : {value}";
        LocalUser = Debug "is Local user value :{value}";
        NoLocalUser = Error "CMDatabase:isLocalUser: no user exists with id: {user}";
        // Any other exception, with its class.
        UnknownUser = Error "CMDatabase:isLocalUser: {exception}: {text}";
        LoggedInDevices = Info "CMDatabase:getLoggedInDeviceNames: query={sql}";
        ProfileInfo = Info "CMDatabase:getProfileInfo: ###: SELECT pkid from Device WHERE my_lower(name) = my_lower(?) : parameter ( '{profile}' )";
        ProfilePkid = Debug "CMDatabase:getProfileInfo: PKID for device : {pkid}";
        MaxLoginTime = Info "CMDatabase.getEndUserEmMaxLoginTime() : SELECT EmMaxLoginTime FROM EndUser WHERE userid=? : parameters ({user})";
        UserQuery = Debug "CMDatabase.getEndUserInfo - Query is - {sql}";
        UserProfileName = Debug "CMDatabase.getEndUserInfo - name : {profile}";
        LoggingDeviceIn = Info "CMDatabase:deviceLogin()";
        ExecuteLogin = Info "CMDatabase:deviceLogin: execute function {sql}";
        LoggingDeviceOut = Info "CMDatabase:deviceLogout()";
        ExecuteLogout = Info "CMDatabase:deviceLogout: execute function {sql}";
        ExecuteFunction = Debug "execute function {sql}";
        DeviceQuery = Debug "CMDatabase:getDeviceInfo(): {sql}";
        DeviceInfo = Info "getDeviceInfo:Result of the query: {row}";
        ChangeNotice = Info "[CMDatabase] process({xml}";
        // For the EMApp. `{device}` fits any text, so that these shapes come after all others.
        CheckAlternateScript = Info "CMDatabase:checkDeviceAllowsAlternateScript";
        NoAlternateScript = Info "{device} with model {model} and locale {locale} does not support alternate script";
    }
    LogoutScheduler {
        SetLogout = Info "{request}: LogoutScheduler.setLogout(): Dev: {device}- Set logout for {seconds} seconds";
        RemoveLogout = Info "{request}: LogoutScheduler.removeLogout(): Dev: {device}- removed logout";
    }
    Counters {
        Numbers = Info "{request}: Counters -->{numbers}";
    }
    EmccData {
        ClusterPkid = Info "{request}: getRemoteClusterInfo: Pkid for cluster {cluster} is {pkid}";
        ClusterHost = Debug "{request}: getRemoteClusterInfo: Hostname = {host}";
        CacheUser = Debug "{request}: cacheUserToCluster for user: {user}";
        CountQuery = Info "osQuery = {sql}";
    }
    EmccCommunicator {
        PostMessage = Debug "{request}: postMsg - Url = {url} m_iHttpsTimeout = {millis}";
        ActualUser = Debug "{request}: Retrieved actual user from remote cluster : '{user}'";
        ProfileCount = Debug "{request}: performCheckUser: Num of DP is : {number}";
        SendHomeLogin = Info "{request}: performDoLogin : Sending home login XML to :{url} and Parsing the response";
        ParseHomeLogin = Debug "{request}: parseHomeLoginResponse";
        ErrorResponse = Error "{request}: handleEmccErrorResponse - {code}: {text}";
        DoLogout = Debug "{request}: performDoLogout";
        VisitingLogoutXml = Debug "{request}: formVisitingLogoutXml : {xml}";
    }
    CheckUserThread {
        HomeCluster = Debug "{request}: PerformCheckUser: Home Cluster for UserId: {user} is :{url}";
    }
    EmccVisitingLogoutThread {
        LogoutSent = Info "{request}EmccLogoutThread: Logout Request sent to visitng cluster : {url}";
    }
    EmccSaxHandler {
        EmUri = Debug "EMURI = {uri}";
    }
    EMAppServlet {
        AppRequest = Info "EMApp Request# ----->{request}";
        AppProtocol = Info "EMAppServlet: Request protocol is :{value}";
        AppParameters = Info "EMApp Request parameters: Logout={logout} Device Name={device} User Id={user} Device Profile={profile} Refresh={refresh} Remote Host IP Address = {address} Via Header Set = {via} getClusterInfo = {info} Lang = {lang} Charset={charset} Emcc = {emcc} LoginType = {type}";
        // The parameters of other releases: 11.5 has no login type.
        OtherAppParameters = Info "EMApp Request parameters: {parameters}";
        AlternateScript = Info "Alternate Script for device {device} ={value}";
        LoginStatus = Info "The login status result for :{status}";
        LoginPage = Info "Sent login page for device {device}";
        FindCharset = Info "findPreferredCharSet on {charsets}";
        FirstToken = Info "token1 = {charset}";
        SecondToken = Info " token2 = {charset}";
        CharsetQuality = Info " charset with q value is {quality} {charset}";
        ReturnCharset = Info " returning charset as q value is {quality} {charset}";
        MyCharset = Info " my charset ={charset}";
        AppContext = Info "Context:{value}";
        IsUserLocal = Debug "isUserLocal: userid = {user}";
        UserExistsLocally = Info "User '{user}' exists locally";
        EmRequest = Info "EM Request for {user}";
        EmccRequest = Info "EMCC Request for {user}";
        AppEmUri = Info "EMURI = {value}";
        UserAuthenticated = Info "User authentication complete for user {user}";
        DeviceProfiles = Info "Device profiles for user:{user}={profiles}";
        LoginPerformed = Info "Successfully performed Login for user {user} at {device}";
        LogoutPerformed = Info "Successfully performed Logout for user {user} at {device}";
        AppEmcc = Debug "EMCC: {value}";
    }
    EMServiceCommunicator {
        Posting = Debug "Posting to EM Service:{xml}";
        PostingQuery = Info "Posting to EM Query Service: {url}";
        PostingLogin = Info "postMsgToLoginService: Service URL :{url}";
        PostUrl = Debug "postMsg: EMService URL is :\n{url}";
    }
    XMLGenParser {
        DocumentFromStream = Debug "XMLUtil.getDocumentFromStream";
        ValueFromDocument = Debug "XMLUtil.getValueFromDocument";
    }
}

impl Shape {
    /// The shape of a message under a logger, with the values of its placeholders.
    #[must_use]
    pub fn of<'a>(logger: &str, message: &'a str) -> Option<(Self, Vec<(&'static str, &'a str)>)> {
        let under = Self::ALL.iter().filter(|shape| shape.logger() == logger);
        under.copied().find_map(|shape| Some((shape, shape.template().read(message)?)))
    }
}
