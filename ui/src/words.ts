// The words of the window that more than one screen says, and one explanation per error code.
import type {
  Actor,
  ErrorCode,
  Field,
  Integration,
  MethodKind,
  Outcome,
  PermissionKind,
  PermissionState,
  PortalPage,
  Retry,
  Status,
  Step,
  StepState,
} from "./backend";

/** What just happened, in a banner. */
export interface Notice {
  say: string;
  tone: Tone;
  /** Nobody asked for it, so whoever is away reads it later: it stays until it is dismissed. */
  stays?: boolean;
}

export type Tone = "success" | "warning" | "danger" | "info" | "neutral";

export const STATUS: Record<Status, { word: string; tone: Tone }> = {
  healthy: { word: "Healthy", tone: "success" },
  needsAttention: { word: "Needs attention", tone: "warning" },
  needsSignIn: { word: "Needs sign-in", tone: "info" },
  failing: { word: "Failing", tone: "danger" },
  neverTested: { word: "Never tested", tone: "neutral" },
};

/** How a new connection stands, after "was created": nothing but good is left unsaid. */
export const CREATED_AS: Record<Status, string> = {
  healthy: "",
  needsAttention: ". It needs attention",
  needsSignIn: ". It needs a sign-in",
  failing: ". Its test failed",
  neverTested: ". It was not tested",
};

/** Beside the status, while somebody else is expected to consent. */
export const AWAITS_CONSENT = "Waiting for consent";

/** The list shows names at once, without asking for the whole catalogue. */
export const INTEGRATION: Record<Integration, string> = {
  microsoftGraph: "Microsoft Graph",
  entraId: "Microsoft Entra ID",
  defenderXdr: "Microsoft Defender XDR",
  teams: "Microsoft Teams",
  sharePoint: "SharePoint",
  oneDrive: "OneDrive",
  outlook: "Microsoft Outlook",
  intune: "Microsoft Intune",
  excel: "Microsoft Excel",
  eDiscovery: "Microsoft E-Discovery",
  oneNote: "Microsoft OneNote",
};

export const METHOD: Record<MethodKind, string> = {
  oauth: "OAuth",
  appRegistration: "App Registration",
};

export const KIND: Record<PermissionKind, string> = {
  application: "Application",
  delegated: "Delegated",
};

/** In the order in which a report shows them. */
export const STEP: Record<Step, string> = {
  keychain: "Keychain",
  nameResolution: "Name resolution",
  connection: "Connection",
  tls: "Secure connection",
  clock: "Clock",
  tenant: "Tenant",
  credential: "Credential",
  identity: "Identity",
  permissions: "Permissions",
  graphRead: "Graph read",
  probe: "Sample read",
  secretExpiry: "Secret expiry",
};

/** Whose job a next step is, after "Who can fix this:". */
export const ACTOR: Record<Actor, string> = {
  you: "you",
  applicationAdministrator: "an application administrator",
  privilegedRoleAdministrator: "a Privileged Role Administrator",
  userAdministrator: "a user administrator",
  securityAdministrator: "a security administrator",
  networkTeam: "your network team",
  microsoft: "Microsoft",
  graphConnect: "the makers of Graph Connect",
};

/** Whether trying again can help. */
export const RETRY: Record<Retry, string> = {
  now: "Try again.",
  later: "Try again in a while.",
  afterTheFix: "Fix it first, then test again.",
};

/** Whether to try again what a page of Microsoft's refused. */
export const TRY_AGAIN: Record<Retry, string> = {
  now: "Try again.",
  later: "Try again in a while.",
  afterTheFix: "Fix it first, then try again.",
};

/** The button that opens a page of the portal. */
export const OPEN_PAGE: Record<PortalPage, string> = {
  appRegistrations: "Open App registrations",
  overview: "Open the app's Overview",
  secrets: "Open Certificates & secrets",
  authentication: "Open Authentication",
  apiPermissions: "Open API permissions",
  enterpriseApplications: "Open Enterprise applications",
  adminConsentRequests: "Open Admin consent requests",
  tenantOverview: "Open the tenant's Overview",
  signInLogs: "Open Sign-in logs",
  conditionalAccess: "Open Conditional Access",
  users: "Open Users",
  licences: "Open Licenses",
};

/** The labels of the form's fields that a finding can be about, by method where they differ. */
export const FIELD: Record<Field, string> = {
  cloud: "Cloud",
  clientId: "Client ID",
  clientSecret: "Client secret",
  tenant: "Tenant ID",
  secretExpiresOn: "Secret expires on",
};

export const STEP_STATE: Record<StepState, { word: string; tone: Tone }> = {
  passed: { word: "Passed", tone: "success" },
  warning: { word: "Warning", tone: "warning" },
  failed: { word: "Failed", tone: "danger" },
  skipped: { word: "Skipped", tone: "neutral" },
};

export const OUTCOME_TONE: Record<Outcome, Tone> = {
  works: "success",
  worksWithGaps: "warning",
  needsSignIn: "info",
  fails: "danger",
  inconclusive: "neutral",
};

export const PERMISSION_STATE: Record<PermissionState, { word: string; tone: Tone }> = {
  missing: { word: "Missing", tone: "warning" },
  wrongKind: { word: "Wrong kind", tone: "warning" },
  notYetInToken: { word: "Not yet in the token", tone: "info" },
  unknown: { word: "Not known", tone: "neutral" },
  covered: { word: "Covered", tone: "success" },
  granted: { word: "Granted", tone: "success" },
  excess: { word: "Not needed", tone: "neutral" },
};

/** Whether something is so; nothing where it may not be read. */
export function yesOrNo(value: boolean | null): string {
  if (value === null) return "Not known";
  return value ? "Yes" : "No";
}

/** What the portal wants to see under Authentication, character for character. */
export const REDIRECT_URI = "http://localhost";

/** Microsoft's public client, which `Connect-MgGraph` uses too. It is only ever used when a person chose it. */
export const GRAPH_COMMAND_LINE_TOOLS = {
  name: "Microsoft Graph Command Line Tools",
  clientId: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
};

export interface Explanation {
  title: string;
  /** What to do, when the error itself does not say it. */
  next: string;
}

/** The title and the advice for an error. A new code does not compile until it has its own. */
export function explain(code: ErrorCode): Explanation {
  switch (code) {
    case "nameTaken":
      return {
        title: "Name already used",
        next: "Choose another name. Capital letters make no difference.",
      };
    case "notFound":
      return {
        title: "Connection not found",
        next: "Go back to the list. Another program may have deleted it.",
      };
    case "invalid":
      return { title: "Check what you entered", next: "Correct it, then try again." };
    case "keychainUnavailable":
      return {
        title: "No keychain",
        next: "Start the keychain of your operating system, such as GNOME Keyring or KeePassXC, and try again. Secrets are never kept anywhere else.",
      };
    case "keychainNoCollection":
      return {
        title: "No default keyring",
        next: "Open a database in KeePassXC, or create a default keyring in Passwords and Keys, then try again.",
      };
    case "keychainLocked":
      return { title: "Keychain locked", next: "Unlock your keychain, then try again." };
    case "keychainDenied":
      return {
        title: "Keychain access denied",
        next: "Allow Graph Connect to use your keychain and try again.",
      };
    case "keychainMissing":
      return {
        title: "Secret not in the keychain",
        next: "Enter the secret once more or sign in again.",
      };
    case "keychainOtherProvider":
      return {
        title: "Another program is the keychain",
        next: "Let the program that keeps the secret be the keychain of this session, then try again.",
      };
    case "keychainOtherCollection":
      return {
        title: "Secret kept in another collection",
        next: "Open the collection that keeps the secret, then try again.",
      };
    case "keychainTooLarge":
      return {
        title: "Too large for the keychain",
        next: "Check that you pasted only the secret's value.",
      };
    case "keychainAmbiguous":
      return {
        title: "More than one secret in the keychain",
        next: "Remove the extra Graph Connect entries for this connection from your keychain.",
      };
    case "keychainBusy":
      return {
        title: "Keychain not responding",
        next: "If a window asks for its password, answer it, then try again.",
      };
    case "keychainDamaged":
      return {
        title: "Secret in the keychain is damaged",
        next: "Enter the secret once more or sign in again.",
      };
    case "keychainOther":
      return {
        title: "Keychain error",
        next: "Run “Test the keychain” in Settings to learn more.",
      };
    case "network":
      return {
        title: "Microsoft could not be reached",
        next: "Check the network, the proxy, and the chosen cloud, then try again.",
      };
    case "throttled":
      return {
        title: "Too many requests",
        next: "Nothing is wrong with the connection. Wait a moment, then try again.",
      };
    case "unavailable":
      return {
        title: "The service is not available",
        next: "Nothing is wrong with the connection. Wait a few minutes and try again.",
      };
    case "needsSignIn":
      return { title: "Sign-in needed", next: "Choose “Sign in again”." };
    case "credential":
      return {
        title: "Credential refused",
        next: "Paste the secret's Value, not its Secret ID, or create a new secret and replace this one.",
      };
    case "refused":
      return {
        title: "Request refused",
        next: "Read the original error to see why, and who can help.",
      };
    case "declined":
      return {
        title: "Sign-in declined",
        next: "Sign in again and accept. If Microsoft asks for approval, ask someone who may grant consent for your tenant.",
      };
    case "expired":
      return {
        title: "Sign-in timed out",
        next: "You did not finish the sign-in within five minutes. Start again.",
      };
    case "cancelled":
      return { title: "Canceled", next: "Nothing was changed. Start again when you're ready." };
    case "otherAccount":
      return {
        title: "Another account signed in",
        next: "Sign in with the account of this connection.",
      };
    case "tooManySignIns":
      return {
        title: "Too many sign-ins at once",
        next: "Finish or cancel another sign-in first.",
      };
    case "listener":
      return {
        title: "No port for the answer",
        next: "A firewall or security program may block local ports. Allow Graph Connect to listen on this computer.",
      };
    case "browser":
      return {
        title: "No browser opened",
        next: "Choose “Copy sign-in link” and paste it into your browser.",
      };
    case "newerStore":
      return {
        title: "Made by a newer version",
        next: "Update Graph Connect to open these connections.",
      };
    case "store":
      return {
        title: "Connections could not be read or saved",
        next: "Check that the disk is not full and that you can write to the data folder.",
      };
    case "internal":
      return {
        title: "Unexpected error",
        next: "Try again. If it happens again, report it with the text below.",
      };
    default:
      return unknownCode(code);
  }
}

/** Reached only if the program is newer than the window. */
function unknownCode(_code: never): Explanation {
  return { title: "Unexpected error", next: "Try again." };
}
