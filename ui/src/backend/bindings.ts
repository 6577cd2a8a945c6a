// What crosses the border between the window and Rust. A secret only ever crosses inwards.

export type MethodKind = "oauth" | "appRegistration";
export type Status = "healthy" | "needsAttention" | "needsSignIn" | "failing" | "neverTested";
export type IntegrationId = "microsoftGraph" | "entraId" | "defenderXdr" | "teams" | "sharePoint" | "oneDrive" | "outlook" | "intune" | "excel" | "eDiscovery" | "oneNote";
export type PermissionKind = "application" | "delegated";
export type Step = "keychain" | "host" | "tenant" | "credential" | "identity" | "permissions" | "graphRead";
export type StepState = "passed" | "warning" | "failed" | "skipped";
export type Outcome = "works" | "worksWithGaps" | "needsSignIn" | "fails" | "inconclusive";
export type OriginalError = { httpStatus: number | null; error: string | null; aadsts: number | null; text: string; traceId: string | null; correlationId: string | null; timestamp: string | null };
export type Finding = { step: Step; state: StepState; ms: number; summary: string; evidence: string | null; next: string | null; original: OriginalError | null };
export type PermissionFinding = { name: string; kind: PermissionKind; purpose: string; state: "granted" | "missing" | "unknown" };
export type CheckReport = { startedAt: string; tookMs: number; outcome: Outcome; headline: string; findings: Finding[]; permissions: PermissionFinding[] };
export type Account = { tenantId: string; objectId: string; username: string | null; displayName: string | null };

export type ErrorCode =
  | "nameTaken" | "notFound" | "invalid" | "keychainUnavailable" | "keychainLocked" | "keychainDenied" | "keychainMissing" | "keychainTooLarge"
  | "keychainAmbiguous" | "keychainBusy" | "keychainDamaged" | "keychainOther" | "network" | "throttled" | "needsSignIn" | "credential" | "refused" | "declined" | "expired" | "cancelled"
  | "otherAccount" | "tooManySignIns" | "listener" | "browser" | "newerStore" | "store" | "internal";
export type AppError = { code: ErrorCode; message: string /* one sentence: what happened */; next: string | null /* what to do */; detail: OriginalError | null };

export type CloudView = { id: string; name: string; portal: string; custom: boolean; defaultClientId: string | null };
export type PermissionView = { name: string; purpose: string };
export type DelegatedOnly = { name: string; substitute: string | null };
export type IntegrationView = { id: IntegrationId; name: string; purpose: string; application: PermissionView[]; delegated: PermissionView[]; delegatedOnly: DelegatedOnly[] };
export type ConnectionRow = { id: string; name: string; integration: IntegrationId; method: MethodKind; tenant: string /* domain or id */; cloud: string /* name */; customCloud: boolean; status: Status; lastCheckedAt: string | null /* RFC 3339 UTC */; expiresOn: string | null /* yyyy-mm-dd */; tags: string[] };
export type ConnectionList = { connections: ConnectionRow[]; removalsPending: number /* secrets that could not be removed from the keychain yet */ };
export type ConnectionDetail = { row: ConnectionRow; description: string; clientId: string; tenantId: string; tenantDomain: string | null; account: Account | null; granted: string[]; createdAt: string; updatedAt: string; report: CheckReport | null };
export type Settings = { theme: "system" | "light" | "dark"; clientIds: { cloud: string; clientId: string }[] };
export type About = { version: string; tauri: string; webview: string; dataFolder: string };

// what stands in the two forms; text exactly as typed
export type AppRegistrationForm = { integration: IntegrationId; cloud: string; name: string; description: string; tags: string[]; clientId: string; clientSecret: string; tenant: string; secretExpiresOn: string | null; secretIdIsRight: boolean /* person insists that a GUID is the secret */ };
export type SignInForm = { integration: IntegrationId; cloud: string; name: string; description: string; tags: string[]; clientId: string; tenant: string };
// one per field; `value` is the cleaned text (never for the secret), `problem` blocks, `notes` say what was cleaned up or warn
export type FieldVerdict = { value: string | null; problem: string | null; notes: string[] };
export type AppRegistrationVerdict = { name: FieldVerdict; clientId: FieldVerdict; clientSecret: FieldVerdict; tenant: FieldVerdict; secretExpiresOn: FieldVerdict; secretLooksLikeId: boolean; complete: boolean };
export type SignInVerdict = { name: FieldVerdict; clientId: FieldVerdict; tenant: FieldVerdict; complete: boolean };
// "tenantResolved": { tenantId, domain } shown beside the field
export type ResolvedTenant = { tenantId: string; domain: string | null; region: string | null };

export type SignInEvent =
  | { kind: "waiting"; deadline: string; redirectUri: string }
  | { kind: "browserFailed"; message: string }               // link must be copied
  | { kind: "anotherProgram" } | { kind: "returnedWithoutAnswer" } // non-blocking hints
  | { kind: "exchanging" } | { kind: "checking" }
  | { kind: "otherAccount"; previous: Account; now: Account } // only when signing in again: answer with confirmAccount(signIn, yes)
  | { kind: "done"; connection: ConnectionRow; account: Account; granted: string[]; missing: string[]; report: CheckReport }
  | { kind: "failed"; error: AppError };                      // includes codes declined, expired, cancelled

