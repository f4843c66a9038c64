//! Every message that is known: what the founding document's traces, the public traces of the
//! original and the troubleshooting notes show. Spelling mistakes are the original's.

use super::{Level, shape::Template};

macro_rules! shapes {
    ($($logger:ident { $($shape:ident = $level:ident $template:literal;)+ })+) => {
        /// The shape of a message: its logger, its level, and its text with places for values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is described by its line in the catalogue")]
        pub enum Shape { $($($shape),+),+ }

        impl Shape {
            /// All of them, by logger.
            pub const ALL: &[Self] = &[$($(Self::$shape),+),+];

            /// The logger under which it stands.
            #[must_use]
            pub const fn logger(self) -> &'static str {
                match self { $($(Self::$shape)|+ => stringify!($logger)),+ }
            }

            /// How grave it is.
            #[must_use]
            pub const fn level(self) -> Level {
                match self { $($(Self::$shape => Level::$level),+),+ }
            }

            /// How many values it takes.
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
        Request = Debug "{request}:Request->{xml}";
        UserProfile = Debug "{request}: processXMLRequest: {user}: {profile}";
        Parsed = Info "{request}:Finished Parsing XML request";
        ParseComplete = Debug "{request}: Parse Complete";
        Authenticate = Info "{request}: authenticate2: Authenticate request.";
        Authenticated = Info "{request}:EMService Authentication succeeded";
        LoginError = Error "{request}: LoginService: Dev: {device}- Error# {code}-com.cisco.emservice.MyException: {text}";
        Answer = Info "{request}:Request succeeded returning{answer}";
        // Logging in and out.
        ExecutingLogin = Info "{request}:Executing Login...";
        ExecutingLogout = Info "{request}:Executing Logout for device={device}";
        SendingLogin = Info "{request}: LoginService.executeLogin: Dev: {device}- Sending request to DB";
        SendingLogout = Info "{request}: LoginService.executeLogout: Dev: {device}- Sending request to DB";
        LoginSuccessful = Info "{request}: LoginService.executeLogin: Dev: {device}- Login Successful";
        LogoutSuccessful = Info "{request}: LoginService.executeLogout: Dev: {device}- Logout Successful";
        ComputeDuration = Info "{request}: computeLoginDuration: Device: {device} EMCC Request: {emcc} EM API Request: {api} Duration Requested through EM API: {minutes}";
        EffectiveDuration = Info "Effective Login Duration :{seconds} seconds";
        ScheduleLogout = Info "{request}: scheduleLogout: Setting autologout request with logout scheduler for : {seconds} secs";
        // Queries.
        CheckUser = Info "{request}:EMService Check User Status";
        QueryComplete = Info "{request}: executeQuery complete.";
        QueryFailed = Error "{request}: executeQuery MyException.";
        QueryAnswer = Info "{request}:Query completed, returning{answer}";
        QueryTime = Info "{request}:Query Processing Time: {millis}";
        // EMCC, at home.
        HomeLogin = Info "{request} : {remote} : {cluster}: processEmccRequest: Received EMCC Home Cluster Login Request for :{user}";
        SecurityMode = Info "{request} : {remote} : DeviceSecurityMode: {number} HomeCluster SecurityMode: {home}";
        AuthenticatePin = Info "{request}: authenticate pin for {user}";
        PerformHomeLogin = Info "{request} : {remote} : {cluster}: EmccHomeLogin : Performing Home Device Login for :{user}";
        HomeDeviceLogin = Debug "{request}: {remote}: {cluster}: performHomeDeviceLogin for deviceName: {device}";
        HomeCheckUser = Info "{request} : {remote} : {cluster}: EmccCheckUser : Checking if User {user} exists in local database";
        NotAllowed = Error "{request}: Not allowed to log into multiple devices.";
        EmccTime = Info "{request}: EmccRequest Processing Time: {millis}";
        EmccError = Error "{request}: Error processing EMCC request :{text}";
        DecrementCounter = Debug "{request}: EMCC: Decrement Counter";
        // EMCC, at the visiting cluster.
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
    }
    PolicyValidator {
        GetDevice = Info "{request}:PolicyValidator.checkDeviceAllowsLogin: Dev: {device}- Calling dbr.getDeviceObject";
        DeviceReturned = Info "{request}:PolicyValidator.checkDeviceAllowsLogin: Dev: {device}- dbr.getDeviceObject returned";
        LoginTime = Info "{request}:PolicyValidator.checkCurrentLogin: getCurrentLoginTime return value- {number}";
        NobodyLoggedIn = Info "{request}:PolicyValidator.checkCurrentLogin: no user currently logged in";
    }
    DBRequestor {
        QueryingUser = Info "{request}:Querying device user for device {device}";
        DeviceObject = Debug "{request}:Getting device object - three params";
        GettingDevice = Debug "{request}: DBRequestor.queryDeviceUser: Dev: '{device}' - Getting device object";
        GotDevice = Debug "{request}: DBRequestor.queryDeviceUser: Dev: '{device}' - Device object returned";
        DeviceLoggedOut = Debug "{request}: QueryDeviceUser: Device Logged out";
        InfoUser = Debug "{request}:Device query info contains userid={user}";
        InfoLastUser = Debug "{request}:Device query info contains last login userid={user}";
        DeviceLogin = Info "{request}: DBRequestor.login: Dev: {device}- Calling deviceLogin({arguments})";
        DeviceLoginReturned = Info "{request}: DBRequestor.login: Dev: {device}- deviceLogin returned";
        // By request, and by Auto Logout.
        DeviceLogoutReturned = Info "{request}: DBRequestor.logout: Dev: {device}- deviceLogout returned";
        DeviceLogout = Info "{request}: DBRequestor.logoutDevName: Dev: {device}- deviceLogout returned";
        UserExists = Debug "{request}: queryUDP2: User Exists";
        UserInfo = Debug "UserInfo:  UserID: {user}";
        LoginInfoQuery = Debug "{request}: getEmccLoginInfo: Query = {sql}";
        LoginInfoResult = Debug "{request}: <VEMAPP>{xml}";
        HomeProcedure = Debug "{request} : {remote} : {cluster}: performHomeDeviceLogin: Excecuting Stored Procedure:{sql}";
        VisitingQuery = Debug "{request}: performVisitingDeviceLogin: Query: {sql}";
        True = Debug "{request}: t";
    }
    CMDatabase {
        UserPassed = Debug "Userid being passed to the query is {user}";
        LocalUserQuery = Debug "CMDatabase.isLocalUser() : SELECT {sql}";
        Pkid = Debug "PKID for the ROW is{pkid}";
        LocalUserValue = Debug "CMDatabase.isLocalUser() : isLocaluser : {value}";
        LocalUser = Debug "is Local user value :{value}";
        NoLocalUser = Debug "CMDatabase:isLocalUser: no user exists with id:{user}";
        LoggedInDevices = Info "CMDatabase:getLoggedInDeviceNames: query={sql}";
        ProfileInfo = Info "CMDatabase:getProfileInfo: ###: SELECT pkid from Device WHERE my_lower(name) = my_lower(?) : parameter ( '{profile}' )";
        MaxLoginTime = Info "CMDatabase.getEndUserEmMaxLoginTime() : SELECT EmMaxLoginTime FROM EndUser WHERE userid=? : parameters ({user})";
        ExecuteLogin = Debug "CMDatabase:deviceLogin: execute function {sql}";
        ExecuteFunction = Debug "execute function {sql}";
        DeviceInfo = Debug "getDeviceInfo:Result of the query: {row}";
        ChangeNotice = Debug "[CMDatabase] process({xml}";
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
        CountQuery = Debug "osQuery = {sql}";
    }
    EmccCommunicator {
        PostMessage = Debug "{request}: postMsg - Url = {url} m_iHttpsTimeout = {millis}";
        ActualUser = Debug "{request}: Retrieved actual user from remote cluster : '{user}'";
        ProfileCount = Debug "{request}: performCheckUser: Num of DP is : {number}";
        SendHomeLogin = Debug "{request}: performDoLogin : Sending home login XML to :{url} and Parsing the response";
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
        AlternateScript = Debug "Alternate Script for device {device} ={value}";
        LoginStatus = Info "The login status result for :{status}";
        LoginPage = Info "Sent login page for device {device}";
        AppContext = Debug "Context:{value}";
        IsUserLocal = Debug "isUserLocal: userid = {user}";
        UserExistsLocally = Info "User '{user}' exists locally";
        EmRequest = Info "EM Request for {user}";
        EmccRequest = Info "EMCC Request for {user}";
        AppEmUri = Debug "EMURI = {value}";
        UserAuthenticated = Info "User authentication complete for user {user}";
        DeviceProfiles = Debug "Device profiles for user:{user}={profiles}";
        LoginPerformed = Info "Successfully performed Login for user {user} at {device}";
        LogoutPerformed = Info "Successfully performed Logout for user {user} at {device}";
        AppEmcc = Debug "EMCC: {value}";
    }
    EMServiceCommunicator {
        Posting = Debug "Posting to EM Service:{xml}";
        PostingQuery = Debug "Posting to EM Query Service: {url}";
        PostingLogin = Debug "postMsgToLoginService: Service URL :{url}";
        PostUrl = Debug "postMsg: EMService URL is :{url}";
    }
    XMLGenParser {
        DocumentFromStream = Debug "XMLUtil.getDocumentFromStream";
        ValueFromDocument = Debug "XMLUtil.getValueFromDocument";
    }
}

impl Shape {
    /// The shape of a message under a logger, with the values in its places.
    #[must_use]
    pub fn of<'a>(logger: &str, message: &'a str) -> Option<(Self, Vec<(&'static str, &'a str)>)> {
        let under = Self::ALL.iter().filter(|shape| shape.logger() == logger);
        under.copied().find_map(|shape| Some((shape, shape.template().read(message)?)))
    }
}
