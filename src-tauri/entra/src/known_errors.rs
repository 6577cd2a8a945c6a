//! Every error that is explained, in our own words: AADSTS numbers, codes of Graph, words of the
//! protocol, and the kinds of error that have none of them. Data and nothing else; it picks words
//! and never what happens.
//!
//! Sources:
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#aadsts-error-codes>
//! and
//! <https://learn.microsoft.com/graph/errors>

use model::{Actor as A, Field as F, PortalPage as P, Retry as R};

use ErrorKey::{Aadsts, Graph, Kind as General, Protocol};
use Kind as K;

/// One explained error.
pub(crate) struct KnownError {
    pub(crate) of: ErrorKey,
    /// What it means, in a few words.
    pub(crate) title: &'static str,
    /// What to do. `{issuer}` stands for the issuer of a certificate.
    pub(crate) next: &'static str,
    pub(crate) actor: A,
    pub(crate) retry: R,
    pub(crate) page: Option<P>,
    pub(crate) field: Option<F>,
    /// Whether it makes sense only to a person who signs in: an application never does.
    pub(crate) of_person: bool,
}

impl KnownError {
    const fn of_a_person(self) -> Self {
        Self {
            of_person: true,
            ..self
        }
    }
}

/// What an explanation is of.
pub(crate) enum ErrorKey {
    /// These AADSTS numbers.
    Aadsts(&'static [u32]),
    /// These values of Graph's `error.code`, compared without case.
    Graph(&'static [&'static str]),
    /// These words of the protocol, which the login host puts into `error`, compared without case.
    Protocol(&'static [&'static str]),
    /// A kind of error, whatever the server says.
    Kind(Kind),
}

/// The kinds of error that have an explanation of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Dns,
    Connect,
    CutOff,
    Proxy,
    ProxyUnusable,
    ProxyDead,
    ProxyRefuses,
    NoCertificates,
    Tls,
    TlsDates,
    UnknownIssuer,
    TimedOut,
    NotMicrosoft,
    Malformed,
    AddressRefused,
    Throttled,
    Unavailable,
    TenantNotFound,
    ApplicationNotFound,
    CredentialRefused,
    NeedsSignIn,
    ApplicationRefused,
    ConsentMissing,
    Declined,
    RequestRefused,
    NotFound,
    SignInOutdated,
    ApplicationOutdated,
    TokenMissing,
    NotTrusted,
    NotAuthorized,
    Forbidden,
    LicenceMissing,
    OtherCloud,
    GraphAbsent,
    Expired,
    Listener,
    TooManyAttempts,
    LinkTooLong,
    NoSecurity,
}

/// The explanation of the first entry that fits.
pub(crate) fn known(fits: impl Fn(&ErrorKey) -> bool) -> Option<&'static KnownError> {
    KNOWN.iter().find(|known| fits(&known.of))
}

const fn row(
    of: ErrorKey,
    title: &'static str,
    next: &'static str,
    (actor, retry, page, field): (A, R, Option<P>, Option<F>),
) -> KnownError {
    KnownError {
        of,
        title,
        next,
        actor,
        retry,
        page,
        field,
        of_person: false,
    }
}

pub(crate) const KNOWN: &[KnownError] = &[
    row(
        Aadsts(&[7_000_215, 70_002]),
        "The client secret is wrong",
        "Paste the Value of the secret, not its Secret ID, and check that it belongs to this client ID. A secret \
             made a moment ago may need half a minute; a value that was not copied cannot be shown again, so make a \
             new secret.",
        (A::You, R::AfterTheFix, Some(P::Secrets), Some(F::ClientSecret)),
    ),
    row(
        Aadsts(&[7_000_216]),
        "No secret was sent",
        "The application needs a client secret for this. Enter one in the connection; if it is there, copy the report and send it to the makers of Graph Connect.",
        (A::You, R::AfterTheFix, Some(P::Secrets), Some(F::ClientSecret)),
    ),
    row(
        Aadsts(&[7_000_222]),
        "The client secret has expired",
        "Create a new client secret in the app registration, replace it in this connection, then delete the old \
             one.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Secrets), Some(F::ClientSecret)),
    ),
    row(
        Aadsts(&[700_025]),
        "A public client sent a secret",
        "The application is registered as a public client, which may not use a secret. Use OAuth for it, or \
             register a confidential application.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Authentication), None),
    ),
    row(
        Aadsts(&[700_027, 50_012, 700_030]),
        "The certificate was not accepted",
        "Upload the certificate to this app registration, and check this computer's clock.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Secrets), None),
    ),
    row(
        Aadsts(&[700_016, 700_011]),
        "The application is not in this tenant",
        "Check the client ID: it is the Application (client) ID, not the Object ID. Check too that the tenant and \
             the cloud are the application's own, or that it has been consented to in this tenant.",
        (A::You, R::AfterTheFix, Some(P::Overview), Some(F::ClientId)),
    ),
    row(
        Aadsts(&[70_001, 7_000_112]),
        "The application is switched off in this tenant",
        "An administrator can switch it on: Enterprise applications, the application, Properties, \"Enabled for \
             users to sign in\".",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::EnterpriseApplications), None),
    ),
    row(
        Aadsts(&[1_000_031]),
        "The application cannot be used at the moment",
        "Ask the tenant's administrator why the application is not available.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::EnterpriseApplications), None),
    ),
    row(
        Aadsts(&[50_194]),
        "The application belongs to one tenant only",
        "Put the tenant's ID or domain into the connection instead of \"organizations\" or \"common\", or make the \
             application multitenant.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[65_002]),
        "Microsoft's application may not be used for this",
        "Register an application of your own and use its client ID.",
        (A::You, R::AfterTheFix, Some(P::AppRegistrations), Some(F::ClientId)),
    ),
    row(
        Aadsts(&[500_011]),
        "Microsoft Graph is not known under this address",
        "Check that the right cloud is chosen; each cloud has its own Graph address.",
        (A::You, R::AfterTheFix, None, Some(F::Cloud)),
    ),
    row(
        Aadsts(&[650_052]),
        "The organization lacks the service",
        "The tenant has no subscription to the service that the permission belongs to. Ask whoever looks after \
             licenses.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Licences), None),
    ),
    row(
        Aadsts(&[50_105]),
        "The account is not assigned to the application",
        "An administrator can assign it: Enterprise applications, the application, Users and groups.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::EnterpriseApplications), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[90_002]),
        "The tenant was not found",
        "Check the tenant's ID or domain for a slip, that the domain is verified in the tenant, and that the right \
             cloud is chosen.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[900_023]),
        "This is not a tenant",
        "Enter the tenant's ID (a GUID) or one of its domains.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[50_059, 50_128, 90_019]),
        "No tenant was named",
        "Put the tenant's ID into the connection.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[9_001_023]),
        "A tenant has to be named",
        "This kind of connection needs the tenant's ID or domain, not \"organizations\" or \"common\".",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[90_038, 900_432, 900_439, 900_382]),
        "The tenant is in another cloud",
        "Choose the cloud that the tenant belongs to, under More options.",
        (A::You, R::AfterTheFix, None, Some(F::Cloud)),
    ),
    row(
        Aadsts(&[500_021, 500_022, 500_212, 500_213]),
        "A policy keeps this tenant out",
        "The network or one of the two organizations restricts which tenants may be reached. Ask the owner of the \
             network or of the cross-tenant access settings.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        Aadsts(&[50_011, 500_113, 900_971, 70_004]),
        "The redirect address is not registered",
        "Add http://localhost to the app registration under Authentication, platform \"Mobile and desktop \
             applications\".",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Authentication), None),
    ),
    row(
        Aadsts(&[7_000_218]),
        "The redirect address is registered for a web application",
        "Move http://localhost from \"Web\" to \"Mobile and desktop applications\" under Authentication; for a \
             device code also allow public client flows.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Authentication), None),
    ),
    row(
        Aadsts(&[9_002_326, 9_002_327]),
        "The redirect address is registered for a single-page application",
        "Move http://localhost from \"Single-page application\" to \"Mobile and desktop applications\" under \
             Authentication.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Authentication), None),
    ),
    row(
        Aadsts(&[65_001]),
        "Nobody has consented yet",
        "Sign in again and accept the permissions, or ask an administrator to grant consent to the application.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[65_004]),
        "The permissions were declined",
        "If you declined by mistake, sign in again and accept the permissions. If the page asked for an admin's approval, \
             someone who may grant consent has to approve first.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[90_094, 90_095]),
        "An administrator has to consent",
        "Send the consent link to an administrator, who may also approve it under Enterprise applications, Admin \
             consent requests. Then sign in again.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::AdminConsentRequests), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[650_053]),
        "A permission does not exist in this cloud",
        "Check that the right cloud is chosen: not every permission exists in each. If it is, copy the report and send it to the makers of Graph Connect.",
        (A::GraphConnect, R::AfterTheFix, Some(P::ApiPermissions), Some(F::Cloud)),
    ),
    row(
        Aadsts(&[65_005, 650_056, 650_057]),
        "The app registration does not list the permission",
        "Add the Microsoft Graph permissions under API permissions and have an administrator grant consent.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        Aadsts(&[50_020]),
        "The account belongs to another organization",
        "Use an account of this tenant, or have an administrator invite this one as a guest first.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Users), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[16_000, 16_003, 50_034, 50_014, 51_004]),
        "The account is not in this tenant",
        "Choose another account, check the tenant, or have an administrator invite this account as a guest.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Users), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[500_208]),
        "A work account is needed",
        "Sign in with a work or school account instead of a personal one.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_057]),
        "The account is disabled",
        "Ask the administrator of the account.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Users), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_053]),
        "The account is locked",
        "Wait a while or ask the administrator of the account; it was locked after failed or suspicious sign-ins.",
        (A::UserAdministrator, R::Later, Some(P::Users), None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_055]),
        "The password has expired",
        "Change the account's password on Microsoft's page, then sign in again.",
        (A::You, R::AfterTheFix, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_126]),
        "The user name or password is wrong",
        "Sign in again, or ask the administrator of the account.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(Aadsts(&[50_058]), "Nobody is signed in", "Sign in again in the browser.", (A::You, R::Now, None, None))
    .of_a_person(),
    row(
        Aadsts(&[50_074, 50_076, 50_078, 50_079, 50_072]),
        "A second proof of identity is needed",
        "Sign in again and finish multifactor authentication, or its registration, in the browser.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_097, 53_000, 53_001, 53_002, 530_002, 530_003, 530_004]),
        "The device does not meet a policy",
        "Use a device that the organization manages, or ask the owner of its Conditional Access policies.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::ConditionalAccess), None),
    ),
    row(
        Aadsts(&[53_003, 530_032, 530_035, 53_011]),
        "A Conditional Access policy blocks this",
        "An administrator can find the sign-in in the sign-in log by its correlation ID and see which policy \
             blocked it.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::SignInLogs), None),
    ),
    row(Aadsts(&[70_000, 70_008]), "The sign-in has expired", "Sign in again.", (A::You, R::Now, None, None))
    .of_a_person(),
    row(
        Aadsts(&[700_082]),
        "The sign-in was not used for 90 days",
        "Sign in again; a connection that is used now and then stays signed in.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_173]),
        "The sign-in was revoked",
        "A password change or an administrator has ended it. Sign in again.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[70_043]),
        "A policy asks for a sign-in from time to time",
        "Sign in again. It will be asked again: the tenant's sign-in frequency policy decides how often.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[50_089, 54_005, 501_481, 700_005]),
        "The sign-in went wrong on the way",
        "Start the sign-in again from the app and finish it in one go.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[70_016, 70_018, 70_019, 70_020]),
        "The device code is not valid any more",
        "Start the sign-in again and type the new code.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Aadsts(&[90_023, 90_013, 900_144, 9_002_313]),
        "The request was malformed",
        "This is a fault of the app. Copy the report and send it to whoever looks after the app.",
        (A::GraphConnect, R::AfterTheFix, None, None),
    ),
    row(
        Aadsts(&[70_011, 28_002, 28_003, 700_022, 700_023]),
        "A permission name was not accepted",
        "Check that the permissions exist in this cloud. If you did not choose them yourself, copy the report and \
             send it to whoever looks after the app.",
        (A::GraphConnect, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        Aadsts(&[50_196]),
        "The same request came too often",
        "Wait some minutes before the next try; nothing is wrong with the credential.",
        (A::You, R::Later, None, None),
    ),
    row(
        Aadsts(&[90_055, 90_024, 90_033, 90_006]),
        "The service is busy",
        "Wait a few minutes and try again.",
        (A::Microsoft, R::Later, None, None),
    ),
    row(
        Aadsts(&[7_000_229]),
        "The application has no enterprise application in this tenant",
        "The app registration exists, but nobody has added it to this tenant yet: \"az ad app create\" alone leaves it so. \
             Run \"az ad sp create --id\" with the client ID, or grant admin consent under API permissions, which adds it. \
             The secret may be right.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        Aadsts(&[500_014]),
        "The service is disabled in this tenant",
        "The service that was asked for has its sign-in disabled, or its subscription has lapsed. Look under Enterprise \
             applications, All applications, Microsoft Graph, Properties, and at the tenant's subscriptions.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::EnterpriseApplications), None),
    ),
    row(
        Aadsts(&[5_000_224]),
        "The tenant is not available",
        "The tenant was deleted or blocked. Check the tenant's ID; if it is right, ask Microsoft's support.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[5_000_225]),
        "The tenant is blocked because it was not used",
        "Microsoft blocks tenants that nobody uses and deletes them later. A Global Administrator of the tenant has to ask \
             Microsoft's support to open it again: see https://aka.ms/TenantLifecycle.",
        (A::Microsoft, R::AfterTheFix, None, None),
    ),
    row(
        Aadsts(&[90_130]),
        "The application needs a tenant",
        "It cannot sign in through \"common\" or \"consumers\". Enter the tenant's ID or domain, or \"organizations\".",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Aadsts(&[530_034]),
        "The delegated administrator is blocked",
        "Microsoft sees a risk in the administrator's home tenant and blocks access to the tenants of customers. The \
             security administrators of the home tenant can look at the risk and dismiss it.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::SignInLogs), None),
    ),
    row(
        Aadsts(&[530_084]),
        "A token protection policy blocks this",
        "A Conditional Access policy with \"Require token protection for sign-in sessions\" accepts only tokens that are \
             bound to a device, which a sign-in in the browser does not give; signing in again does not help. The sign-in \
             logs name the policy by the correlation ID. What works: its owner excludes this application or account, or \
             you make a connection by App Registration, which such a policy does not cover.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::ConditionalAccess), None),
    ),
    row(
        Graph(&["InvalidAuthenticationToken", "unauthenticated"]),
        "Graph did not accept the token",
        "Run the test again: each test takes a fresh token. If it stays, check that the connection's cloud is the one that the tenant belongs to, and this computer's clock.",
        (A::You, R::Now, None, Some(F::Cloud)),
    ),
    row(
        Graph(&[
            "Authorization_RequestDenied",
            "Authentication_MSGraphPermissionMissing",
            "accessDenied",
            "ErrorAccessDenied",
            "AccessDenied",
        ]),
        "Graph refuses this read",
        "The credential works. The application lacks a permission for this read, or nobody has consented to it: add it under API permissions and have an administrator grant consent. The person who signed in may lack a role, too.",
        (A::PrivilegedRoleAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        Graph(&["Authentication_RequestFromNonPremiumTenantOrB2CTenant"]),
        "The tenant lacks the license for this read",
        "Sign-in logs need Microsoft Entra ID P1 or P2 in the tenant. Permissions and credential are right; whoever looks after licenses can add one.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Licences), None),
    ),
    row(
        Graph(&["30108"]),
        "The account has no OneDrive",
        "OneNote keeps its notebooks there. Use an account with OneDrive, or have a license assigned to this one; then open OneDrive once in a browser.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Licences), None),
    ),
    row(
        Graph(&["MailboxNotEnabledForRESTAPI", "MailboxNotHostedInExchangeOnline"]),
        "The account has no mailbox in Exchange Online",
        "Use an account with a mailbox in Exchange Online, or have a license assigned to this one; a new mailbox takes some minutes.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Licences), None),
    ),
    row(
        Graph(&["Request_ResourceNotFound", "ResourceNotFound", "itemNotFound", "NotFound"]),
        "Graph does not find what was asked for",
        "Something that was made a moment ago can take some minutes to appear: wait, then try again. Otherwise it was deleted, or belongs to another tenant.",
        (A::You, R::Later, Some(P::EnterpriseApplications), None),
    ),
    row(
        Graph(&["TooManyRequests", "activityLimitReached", "ApplicationThrottled", "Request_ThrottledTemporarily"]),
        "Graph has too many requests",
        "Nothing is wrong with the connection. Wait as long as the service asks, then try again.",
        (A::You, R::Later, None, None),
    ),
    row(
        Graph(&[
            "ServiceUnavailable",
            "serviceNotAvailable",
            "generalException",
            "InternalServerError",
            "UnknownError",
        ]),
        "Graph has a problem of its own",
        "Wait a few minutes and try again. Microsoft's service health page says whether something is down.",
        (A::Microsoft, R::Later, None, None),
    ),
    row(
        Graph(&["Authorization_IdentityNotFound"]),
        "The application is not known to this tenant's Graph",
        "It has no enterprise application in the tenant, or nobody has granted it a permission of Microsoft Graph. Grant \
     admin consent under API permissions, wait a minute, then try again.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        Graph(&[
            "BadRequest",
            "Request_BadRequest",
            "invalidRequest",
            "Request_UnsupportedQuery",
            "Request_InvalidRequestUrl",
            "Request_InvalidDataContractVersion",
            "ErrorInvalidRequest",
            "ErrorInvalidIdMalformed",
            "ErrorInvalidUrlQueryFilter",
        ]),
        "Graph does not accept the request as it is written",
        "Read what Graph says, and correct the path, the query or the body. What begins with /me works only in a connection \
     that somebody signed in to. Some of these answers mean that the tenant lacks the service or its license.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        Graph(&["Request_MultipleObjectsWithSameKeyValue", "nameAlreadyExists", "ObjectConflict", "Conflict"]),
        "It is there already",
        "Something with this name or value exists. Change it, or change what exists.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        Protocol(&["invalid_client"]),
        "The application's credential was refused",
        "Check that the client secret is the Value and not the Secret ID, that it belongs to this client ID, and that it has \
     not expired.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Secrets), Some(F::ClientSecret)),
    ),
    row(
        Protocol(&["unauthorized_client"]),
        "The application is not allowed to do this",
        "Check that the client ID is the Application (client) ID, that the application exists in this tenant and cloud, and \
     that it is enabled there.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::AppRegistrations), Some(F::ClientId)),
    ),
    row(
        Protocol(&["invalid_grant"]),
        "The sign-in is no longer accepted",
        "Sign in again. If it stays, the sign-in logs say which policy or change has ended the sign-in.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Protocol(&["interaction_required", "login_required", "account_selection_required"]),
        "A person has to sign in",
        "Sign in again and do what the page asks for, such as multifactor authentication.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        Protocol(&["consent_required"]),
        "Nobody has consented yet",
        "Sign in again and accept the permissions, or ask an administrator to grant consent to the application.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    )
    .of_a_person(),
    row(
        Protocol(&["temporarily_unavailable", "server_error"]),
        "The sign-in service has a problem of its own",
        "Wait a few minutes and try again. Microsoft's service health page says whether something is down.",
        (A::Microsoft, R::Later, None, None),
    ),
    row(
        Protocol(&["access_denied", "permission_denied", "authorization_declined"]),
        "Access was denied",
        "If you declined by mistake, sign in again and accept the permissions. If you did not, your account may not consent \
     to them, or is not assigned to the application: ask an administrator.",
        (A::You, R::AfterTheFix, Some(P::EnterpriseApplications), None),
    )
    .of_a_person(),
    row(
        Protocol(&["invalid_scope"]),
        "A permission name was not accepted",
        "Check that the permissions exist in this cloud, and that the app registration lists them under API permissions.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), Some(F::Cloud)),
    ),
    row(
        Protocol(&["invalid_resource"]),
        "Microsoft Graph is not known under this address",
        "Check that the right cloud is chosen; each cloud has its own Graph address. The tenant may also lack the service.",
        (A::You, R::AfterTheFix, None, Some(F::Cloud)),
    ),
    row(
        Protocol(&["invalid_tenant"]),
        "The tenant was not found",
        "Check the tenant's ID or domain for a slip, and that the right cloud is chosen.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        Protocol(&["unsupported_grant_type", "unsupported_response_type"]),
        "The application may not sign in this way",
        "The sign-in service does not allow this kind of sign-in for the application. Check under Authentication that \
     http://localhost stands under \"Mobile and desktop applications\"; for a server that is not Microsoft's, ask its owner.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Authentication), None),
    ),
    row(
        Protocol(&["invalid_request"]),
        "The request was malformed",
        "This is a fault of the app. Copy the report and send it to whoever looks after the app.",
        (A::GraphConnect, R::AfterTheFix, None, None),
    ),
    row(
        Protocol(&["insufficient_claims"]),
        "The sign-in is no longer enough",
        "Something changed since: a password, the network's location or a policy. Sign in again.",
        (A::You, R::Now, None, None),
    )
    .of_a_person(),
    row(
        General(K::Dns),
        "Host not found",
        "Check the network connection and the name server, then try again.",
        (A::You, R::Later, None, None),
    ),
    row(
        General(K::Connect),
        "No connection",
        "Check the network connection. If other sites work, ask the owner of the firewall to let this host through.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::CutOff),
        "Connection cut",
        "Try again. If it keeps happening, something on the network cuts connections to this host.",
        (A::You, R::Later, None, None),
    ),
    row(
        General(K::Proxy),
        "Proxy sign-in needed",
        "Put the proxy's user name and password into the system's proxy settings, or ask the owner of the network to let \
     this host through.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::Tls),
        "Secure connection refused",
        "Send the network team this sentence and the name of the host: whoever makes the certificates has to mend them. This \
     check cannot be switched off.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::TlsDates),
        "Secure connection refused",
        "Check the date and the time of this computer. If they are right, send the network team this sentence and the name \
     of the host. This check cannot be switched off.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::ProxyUnusable),
        "Proxy cannot be used",
        "Correct the variable, such as http://proxy.contoso.com:8080, or unset it, and start Graph Connect again. Nothing was \
     asked without the proxy.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::ProxyDead),
        "Proxy does not answer",
        "Check the variable and that the proxy is running. If this network needs no proxy, unset the variable and start Graph \
     Connect again.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::ProxyRefuses),
        "Proxy refuses",
        "Ask the owner of the proxy to let this host through, and tell what it answered.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::NoCertificates),
        "No certificates to trust",
        "Correct the variable or the file (PEM), or unset the variable to trust what the operating system trusts; then start \
     Graph Connect again. Without a variable, install the system's certificates (ca-certificates).",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::UnknownIssuer),
        "Your network inspects TLS",
        "Your network inspects TLS, most likely: the certificate comes from {issuer}, which this computer does not trust. \
     Ask the network team for that issuer's certificate (PEM) and whether it is right to trust it here. For the whole \
     computer: on Debian and Ubuntu copy it to /usr/local/share/ca-certificates with the ending .crt and run \
     sudo update-ca-certificates; on Windows import it into Trusted Root Certification Authorities; on macOS add it to \
     the System keychain and set it to Always Trust. On Linux for Graph Connect alone: put it and the system's \
     certificates (/etc/ssl/certs/ca-certificates.crt) into one PEM file and start Graph Connect with SSL_CERT_FILE \
     naming that file. This check cannot be switched off.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::TimedOut),
        "No answer in time",
        "Check the network connection and try again.",
        (A::You, R::Later, None, None),
    ),
    row(
        General(K::NotMicrosoft),
        "A web page came instead",
        "The network may want a sign-in of its own (a guest network) or block this host. Open any web page in a browser, \
     or ask the owner of the network.",
        (A::NetworkTeam, R::AfterTheFix, None, None),
    ),
    row(
        General(K::Malformed),
        "Answer not understood",
        "Try again. If it keeps happening, copy the report and send it to whoever looks after this app.",
        (A::GraphConnect, R::Now, None, None),
    ),
    row(
        General(K::AddressRefused),
        "Address not allowed",
        "Correct the address in the file that describes this cloud.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::Throttled),
        "Too many requests",
        "Wait as long as the service asks, then try again.",
        (A::You, R::Later, None, None),
    ),
    row(
        General(K::Unavailable),
        "Service not available",
        "Wait a few minutes and try again. Microsoft's service health page says whether something is down.",
        (A::Microsoft, R::Later, None, None),
    ),
    row(
        General(K::TenantNotFound),
        "Tenant not found",
        "Check the tenant's ID or domain for a slip, and that the right cloud is chosen.",
        (A::You, R::AfterTheFix, Some(P::TenantOverview), Some(F::Tenant)),
    ),
    row(
        General(K::ApplicationNotFound),
        "Application not accepted",
        "Check that the client ID is the Application (client) ID and that the application exists in this tenant and cloud.",
        (A::You, R::AfterTheFix, Some(P::AppRegistrations), Some(F::ClientId)),
    ),
    row(
        General(K::CredentialRefused),
        "Credential refused",
        "Check that the secret is the Value, not the Secret ID, that it belongs to this client ID, and that it has not \
     expired.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::Secrets), Some(F::ClientSecret)),
    ),
    row(
        General(K::NeedsSignIn),
        "Sign-in needed",
        "Sign in again with the account of this connection.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::ApplicationRefused),
        "No token for the application",
        "An administrator can see why in the sign-in logs, under Service principal sign-ins, by the correlation ID: consent \
     is missing, or a Conditional Access policy for workload identities is in the way.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::SignInLogs), None),
    ),
    row(
        General(K::ConsentMissing),
        "Consent missing",
        "Sign in again and accept, or ask an administrator to grant consent to the application.",
        (A::ApplicationAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        General(K::Declined),
        "Cancelled",
        "Nothing was changed. Sign in again whenever you like.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::RequestRefused),
        "Request refused",
        "Read what the service says. If the request was yours, correct it; otherwise copy the report with its correlation ID \
     and send it to the tenant's administrator.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::NotFound),
        "Graph does not find what was asked for",
        "Check the path. Something that was made a moment ago can take some minutes to appear; otherwise it was deleted, or \
     belongs to another tenant.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::SignInOutdated),
        "The sign-in is no longer enough",
        "Microsoft Graph no longer accepts this sign-in, because something changed since: the password, the network's \
     location, the account's risk or a policy. Sign in again; what the policy asks for is passed on.",
        (A::You, R::Now, Some(P::SignInLogs), None),
    ),
    row(
        General(K::ApplicationOutdated),
        "A policy no longer accepts the application",
        "Microsoft Graph no longer accepts the application's token (continuous access evaluation): the application was \
     disabled, its risk changed, or a Conditional Access policy for workload identities does not allow this network. The \
     service principal sign-ins of the sign-in logs say which.",
        (A::SecurityAdministrator, R::AfterTheFix, Some(P::SignInLogs), None),
    ),
    row(
        General(K::TokenMissing),
        "Nothing to keep",
        "Sign in again. If it stays, the application may not be allowed to stay signed in (offline_access): ask its owner.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::NotTrusted),
        "Sign-in not trusted",
        "Nothing was kept. Sign in again; if it stays, something between this computer and the service changes its \
     answers: ask the owner of the network.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::NotAuthorized),
        "Token not accepted",
        "Run the test again. If it stays, check that the connection's cloud is the right one.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::Forbidden),
        "Not permitted",
        "The credential works. The application lacks a permission for this read: add it under API permissions and have an \
     administrator grant consent.",
        (A::PrivilegedRoleAdministrator, R::AfterTheFix, Some(P::ApiPermissions), None),
    ),
    row(
        General(K::LicenceMissing),
        "No license",
        "Check that the tenant, or the account, has a license for this service.",
        (A::UserAdministrator, R::AfterTheFix, Some(P::Licences), None),
    ),
    row(
        General(K::OtherCloud),
        "Tenant of another cloud",
        "Choose the cloud that the tenant belongs to. The application has to be registered in that cloud.",
        (A::You, R::AfterTheFix, None, Some(F::Cloud)),
    ),
    row(
        General(K::GraphAbsent),
        "No Microsoft Graph here",
        "Check the Graph address of this cloud. A sign-in server that is not Microsoft's has no Graph.",
        (A::You, R::AfterTheFix, None, None),
    ),
    row(
        General(K::Expired),
        "Time is up",
        "Start the sign-in again. Nothing was changed.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::Listener),
        "No port for the sign-in",
        "Try again. If it stays, a security program or a policy on this computer forbids ports on the loopback interface.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::TooManyAttempts),
        "Too many sign-ins",
        "Finish or cancel one of the waiting sign-ins first.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::LinkTooLong),
        "Link too long",
        "Choose an integration with fewer permissions, or leave out the sign-in hint.",
        (A::You, R::Now, None, None),
    ),
    row(
        General(K::NoSecurity),
        "No secure connections",
        "Restart the app. If it stays, this computer's certificates or random numbers are not available.",
        (A::You, R::Now, None, None),
    ),
];
