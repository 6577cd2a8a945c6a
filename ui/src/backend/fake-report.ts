// The reports of the pretend world.
import type {
  CheckReport,
  ConnectionDetail,
  Finding,
  Integration,
  Need,
  OriginalError,
  PermissionFinding,
  PermissionKind,
  PermissionView,
  Status,
  Step,
} from "./bindings";
import { needed } from "../needs";
import { INTEGRATIONS } from "./fake-catalogue";
import { everyState, throttled } from "./fake-states";

/** The tenant of all connections. */
export const TENANT_ID = "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55";

/**
 * A report as the secret deserves it: "wrong" is refused, "late" waits for a grant, "busy" for Microsoft, "mixed" has
 * permissions in every state, "full" has everything, anything else has gaps.
 */
export function reportFor(
  integration: Integration,
  secret: string,
  stored: boolean,
  kind: PermissionKind = "application",
  need: Need = { kind: "readWrite" },
): CheckReport {
  const needed = neededBy(integration, kind, need);
  const isRefused = secret.startsWith("wrong");
  const isFull = secret.startsWith("full") || needed.length < 2;
  const missing = isFull || isRefused ? 0 : Math.ceil(needed.length / 4);
  const lacking = secret.startsWith("late") ? ("notYetInToken" as const) : ("missing" as const);
  const permissions = needed.map((permission, index) =>
    permissionFinding(permission, kind, index < missing ? lacking : "granted", integration),
  );
  const findings = [
    ...(stored ? [keychainFinding(kind)] : []),
    ...networkFindings(),
    ...(isRefused ? refusedFindings() : acceptedFindings(kind, missing, needed.length)),
  ];
  const report: CheckReport = {
    startedAt: new Date().toISOString(),
    tookMs: findings.reduce((sum, { ms }) => sum + ms, 0),
    ...outcomeOf(isRefused, missing, needed.length),
    findings,
    permissions: isRefused ? [] : permissions,
    tenantName: isRefused ? null : "Contoso",
    appName: isRefused ? null : "Contoso audit",
    secretExpiresOn: null,
    secretExpiresAt: null,
    againAfterS: lacking === "notYetInToken" && missing > 0 ? 60 : null,
    notTested: null,
    notKept: null,
  };
  if (secret.startsWith("busy")) return throttled(report, 30);
  return secret.startsWith("mixed") ? { ...report, permissions: everyState(permissions) } : report;
}

/** The same for a connection that is kept. */
export function reportOf({ row, need }: ConnectionDetail, secret: string): CheckReport {
  const kind = row.method === "oauth" ? "delegated" : "application";
  return reportFor(row.integration, secret, true, kind, need);
}

function neededBy(integration: Integration, kind: PermissionKind, need: Need): PermissionView[] {
  const view = INTEGRATIONS.find(({ id }) => id === integration);
  return view ? needed(view, kind === "delegated" ? "oauth" : "appRegistration", need) : [];
}

function outcomeOf(
  isRefused: boolean,
  missing: number,
  needed: number,
): Pick<CheckReport, "outcome" | "headline"> {
  if (isRefused)
    return { outcome: "fails", headline: "Connection failed. The client secret was refused." };
  if (missing === 0) return { outcome: "works", headline: "Connected." };
  const headline = `Connected. ${String(missing)} of ${String(needed)} permissions are missing.`;
  return { outcome: "worksWithGaps", headline };
}

function keychainFinding(kind: PermissionKind): Finding {
  const what = kind === "application" ? "client secret" : "sign-in";
  return finding("keychain", "passed", 3, `The ${what} was read from the keychain.`);
}

function networkFindings(): Finding[] {
  return [
    finding(
      "nameResolution",
      "passed",
      12,
      "The name is known.",
      "login.microsoftonline.com is 20.190.160.14",
    ),
    finding("connection", "passed", 31, "login.microsoftonline.com answered."),
    finding(
      "tls",
      "passed",
      38,
      "The connection is secure.",
      "TLS 1.3, issued by DigiCert SHA2 Secure Server CA",
    ),
    finding("clock", "passed", 0, "This computer's clock agrees with the server's."),
    finding(
      "tenant",
      "passed",
      61,
      "The tenant is in the cloud Microsoft 365 worldwide.",
      `Contoso · ${TENANT_ID}`,
    ),
  ];
}

function permissionFinding(
  permission: PermissionView,
  kind: PermissionKind,
  state: PermissionFinding["state"],
  integration: Integration,
): PermissionFinding {
  const lacking = state !== "granted";
  return {
    name: permission.name,
    purpose: permission.purpose,
    kind,
    state,
    requiredBy: [integration],
    granted: state !== "missing",
    inToken: !lacking,
    coveredBy: null,
    servedBy: permission.servedBy,
    next: lacking ? "Have admin consent granted, then test again." : null,
  };
}

function acceptedFindings(kind: PermissionKind, missing: number, needed: number): Finding[] {
  const read = kind === "application" ? "/organization" : "/me";
  const accepted =
    kind === "application" ? "The client secret was accepted" : "The sign-in is still valid";
  const owner = kind === "application" ? "this tenant" : "the account that signed in";
  return [
    finding("credential", "passed", 148, `${accepted} and a fresh token was issued.`),
    finding(
      "identity",
      "passed",
      1,
      `Microsoft Graph says that the token belongs to ${owner}.`,
      "Contoso (contoso.com)",
    ),
    missing > 0
      ? {
          ...finding(
            "permissions",
            "warning",
            1,
            `${String(missing)} of ${String(needed)} permissions are missing.`,
          ),
          next: "Add them under API permissions, then grant admin consent.",
          actor: "privilegedRoleAdministrator",
          retry: "afterTheFix",
          link: { page: "apiPermissions", url: "https://portal.azure.com/#view/example" },
        }
      : finding("permissions", "passed", 1, "The token carries every permission."),
    finding("graphRead", "passed", 210, "Reading from Microsoft Graph works.", `GET /v1.0${read}`),
    finding("probe", "passed", 190, "What the integration is for can be read."),
    {
      ...finding("secretExpiry", "skipped", 0, "Skipped: the registration may not be read."),
      next: "Enter the date by hand; the portal shows it.",
      actor: "you",
      link: { page: "secrets", url: "https://portal.azure.com/#view/example" },
      field: "secretExpiresOn",
    },
  ];
}

const NEEDS_TOKEN: Step[] = ["identity", "permissions", "graphRead", "probe", "secretExpiry"];

function refusedFindings(): Finding[] {
  const original: OriginalError = {
    httpStatus: 401,
    error: "invalid_client",
    aadsts: 7000215,
    text: "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b'.",
    traceId: "0f1f2c5e-6f0f-4d64-a1b1-6a3f0d2e1a00",
    correlationId: "c0a8a6f2-54b1-4d80-9d2e-b9fd8a1b7c11",
    timestamp: "2026-06-01 10:20:30Z",
  };
  return [
    {
      ...finding("credential", "failed", 132, "The client secret was refused."),
      evidence: "AADSTS7000215",
      next: "Paste the Value column, not the Secret ID. A secret made seconds ago may need half a minute.",
      actor: "you",
      retry: "afterTheFix",
      link: { page: "secrets", url: "https://portal.azure.com/#view/example" },
      field: "clientSecret",
      original,
    },
    ...NEEDS_TOKEN.map((step) => finding(step, "skipped", 0, "Skipped: no token was issued.")),
  ];
}

function finding(
  step: Finding["step"],
  state: Finding["state"],
  ms: number,
  summary: string,
  evidence: string | null = null,
): Finding {
  return {
    step,
    state,
    ms,
    summary,
    evidence,
    next: null,
    actor: null,
    retry: null,
    link: null,
    field: null,
    original: null,
  };
}

export function statusOf(report: CheckReport): Status {
  switch (report.outcome) {
    case "works":
      return "healthy";
    case "worksWithGaps":
      return "needsAttention";
    case "needsSignIn":
      return "needsSignIn";
    case "fails":
      return "failing";
    case "inconclusive":
      return "neverTested";
  }
}
