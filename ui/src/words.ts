// The words of the window that more than one screen says, and one explanation for each error code.
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
import { labels } from "./backend";

/** What just happened, in a banner. */
export interface Notice {
  say: string;
  tone: Tone;
  /** Nobody asked for it, so whoever is away reads it later: it stays until it is dismissed. */
  stays?: boolean;
}

export type Tone = "success" | "warning" | "danger" | "info" | "neutral";

export const STATUS: Record<Status, { word: string; tone: Tone }> = {
  healthy: { word: labels.status.healthy, tone: "success" },
  needsAttention: { word: labels.status.needsAttention, tone: "warning" },
  needsSignIn: { word: labels.status.needsSignIn, tone: "info" },
  failing: { word: labels.status.failing, tone: "danger" },
  neverTested: { word: labels.status.neverTested, tone: "neutral" },
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

// The program's own words, which the command line prints too. They are built in, so that the list shows them at once.
export const INTEGRATION: Record<Integration, string> = labels.integration;
export const METHOD: Record<MethodKind, string> = labels.method;
/** In the order in which a report shows them. */
export const STEP: Record<Step, string> = labels.step;
/** Whose job a next step is, after "Who can fix this:". */
export const ACTOR: Record<Actor, string> = labels.actor;
/** Whether trying again can help. */
export const RETRY: Record<Retry, string> = labels.retry;

export const KIND: Record<PermissionKind, string> = {
  application: "Application",
  delegated: "Delegated",
};

/** Whether to try again what a page of Microsoft's refused. */
export const TRY_AGAIN: Record<Retry, string> = {
  ...RETRY,
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
  passed: { word: labels.stepState.passed, tone: "success" },
  warning: { word: labels.stepState.warning, tone: "warning" },
  failed: { word: labels.stepState.failed, tone: "danger" },
  skipped: { word: labels.stepState.skipped, tone: "neutral" },
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

interface ErrorExplanation {
  title: string;
  /** What to do, where the program sends no advice of its own with the error. */
  next?: string;
}

/** One for each error code: a new code does not compile until it has its own. */
export const EXPLANATION: Record<ErrorCode, ErrorExplanation> = {
  nameTaken: { title: "Name already used" },
  notFound: {
    title: "Connection not found",
    next: "Go back to the list. Another program may have deleted it.",
  },
  invalid: { title: "Check what you entered", next: "Correct it, then try again." },
  keychainUnavailable: { title: "No keychain" },
  keychainNoCollection: { title: "No default keyring" },
  keychainLocked: { title: "Keychain locked" },
  keychainDenied: { title: "Keychain access denied" },
  keychainMissing: { title: "Secret not in the keychain" },
  keychainOtherProvider: { title: "Another program is the keychain" },
  keychainOtherCollection: { title: "Secret kept in another collection" },
  keychainTooLarge: { title: "Too large for the keychain" },
  keychainFull: { title: "The keychain is full" },
  keychainAmbiguous: { title: "More than one secret in the keychain" },
  keychainBusy: { title: "Keychain not responding" },
  keychainDamaged: { title: "Secret in the keychain is damaged" },
  keychainKeyMissing: { title: "Sealed secret cannot be opened" },
  keychainOther: { title: "Keychain error" },
  network: { title: "Microsoft could not be reached" },
  throttled: { title: "Too many requests" },
  unavailable: { title: "The service is not available" },
  needsSignIn: { title: "Sign-in needed" },
  credential: { title: "Credential refused" },
  refused: { title: "Request refused" },
  declined: { title: "Sign-in declined" },
  expired: { title: "Sign-in timed out" },
  cancelled: { title: "Canceled", next: "Nothing was changed. Start again when you're ready." },
  otherAccount: {
    title: "Another account signed in",
    next: "Sign in with the account of this connection.",
  },
  tooManySignIns: { title: "Too many sign-ins at once" },
  listener: { title: "No port for the answer" },
  signInOver: { title: "This sign-in has ended", next: "Start a new one." },
  browser: {
    title: "No browser opened",
    next: "Copy the address above into your browser.",
  },
  noPage: { title: "No page to open" },
  fileManager: { title: "The folder could not be opened", next: "Open it by hand." },
  savedFile: { title: "File not saved" },
  commandLine: { title: "The command line could not be set up" },
  newerStore: { title: "Made by a newer version" },
  store: { title: "Connections could not be read or saved" },
  storeDamaged: { title: "The connections file is damaged" },
  storeUnwritable: { title: "Changes cannot be saved" },
  diskFull: { title: "Nothing was saved" },
  busy: { title: "Used by another program" },
  overtaken: { title: "Changed elsewhere" },
  cloudsFile: { title: "The clouds file cannot be used" },
  scriptsMayNot: { title: "Not allowed for scripts" },
  closing: { title: "Not finished" },
  internal: {
    title: "Unexpected error",
    next: "Try again. If it happens again, report it with the text below.",
  },
};
