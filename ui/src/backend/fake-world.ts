// The connections and reports of the pretend world.
import type {
  AppRegistrationForm,
  CheckReport,
  CloudView,
  ConnectionDetail,
  Finding,
  Integration,
  Need,
  OriginalError,
  PermissionFinding,
  PermissionView,
  SettingsView,
  SignInForm,
  Status,
} from "./bindings";
import { needed as neededFor } from "../needs";
import { INTEGRATIONS } from "./fake-catalogue";
import { everyState, throttled } from "./fake-states";

const EVERYTHING = "https://graph.microsoft.com/.default";
const TENANT_ID = "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55";

/** The connection number `index` of the pretend world: the same one every time. */
export function example(index: number): ConnectionDetail {
  const integration = pick(INTEGRATIONS, index * 3);
  const method = index % 3 === 1 ? "oauth" : "appRegistration";
  const tenant = pick(["contoso.com", "fabrikam.onmicrosoft.com", "northwindtraders.com"], index);
  const status = pick<Status>(
    ["healthy", "healthy", "needsAttention", "failing", "needsSignIn", "neverTested"],
    index,
  );
  const round = Math.floor(index / 11);
  const report =
    status === "neverTested"
      ? null
      : reportFor(
          integration.id,
          status === "failing" ? "wrong" : "fine",
          true,
          method === "oauth" ? "delegated" : "application",
        );
  return {
    row: {
      id: `018f-${String(index).padStart(4, "0")}`,
      name: round === 0 ? integration.name : `${integration.name} ${String(round + 1)}`,
      integration: integration.id,
      method,
      tenant: method === "oauth" ? TENANT_ID : tenant,
      tenantName: index % 4 === 0 ? "Contoso" : null,
      cloudId: index % 7 === 6 ? "demo" : "global",
      cloud: index % 7 === 6 ? "Demo tenant" : "Microsoft 365",
      customCloud: index % 7 === 6,
      status,
      lastCheckedAt: report
        ? new Date(Date.now() - ((index % 12) + 1) ** 3 * 1_900_000).toISOString()
        : null,
      expiresOn:
        method === "oauth"
          ? null
          : new Date(Date.now() + ((index % 40) * 40 - 9) * 86_400_000).toISOString().slice(0, 10),
      expiresAt: null,
      secretExpired: false,
      awaitsConsent: false,
      notTested: null,
      tags: index % 2 === 0 ? ["audit"] : [],
    },
    description: index % 2 === 0 ? "Nightly audit of sign-ins" : "",
    need: { kind: "readWrite" },
    clientId: "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b",
    tenantId: TENANT_ID,
    tenantDomain: method === "oauth" ? null : tenant,
    account: method === "oauth" ? account("Alex Wilber", "alex@contoso.com", 1) : null,
    granted:
      report?.permissions.filter(({ state }) => state === "granted").map(({ name }) => name) ?? [],
    createdAt: "2026-03-02T09:14:00Z",
    updatedAt: "2026-05-20T15:40:00Z",
    report,
    watch: null,
    scriptsMayUse: index % 2 === 0,
    scriptsMayHaveSecret: false,
    uses:
      index % 2 === 0
        ? [
            {
              at: new Date(Date.now() - 300_000).toISOString(),
              program: "pwsh",
              scope: EVERYTHING,
              isSecret: false,
            },
            {
              at: new Date(Date.now() - 90_000_000).toISOString(),
              program: "bash",
              scope: EVERYTHING,
              isSecret: false,
            },
          ]
        : [],
    usesMore: index === 0,
    paths:
      method === "oauth"
        ? ["/organization", "/me", "/me/messages?$top=1&$select=id"]
        : ["/organization", "/auditLogs/signIns?$top=1"],
    graph: "https://graph.microsoft.com",
    powershellEnvironment: null,
  };
}

/**
 * A report as the secret deserves it: "wrong" is refused, "late" waits for a grant, "busy" for Microsoft, "mixed" has
 * permissions in every state, "full" has everything, anything else has gaps.
 */
export function reportFor(
  integration: Integration,
  secret: string,
  stored: boolean,
  kind: "application" | "delegated" = "application",
  need: Need = { kind: "readWrite" },
): CheckReport {
  const view = INTEGRATIONS.find(({ id }) => id === integration);
  const needed = view
    ? neededFor(view, kind === "delegated" ? "oauth" : "appRegistration", need)
    : [];
  const refused = secret.startsWith("wrong");
  const full = secret.startsWith("full") || needed.length < 2;
  const missing = full || refused ? 0 : Math.ceil(needed.length / 4);
  const lacking = secret.startsWith("late") ? ("notYetInToken" as const) : ("missing" as const);
  const permissions = refused
    ? []
    : needed.map((permission, index) =>
        permissionFinding(permission, kind, index < missing ? lacking : "granted", integration),
      );
  const findings: Finding[] = [
    ...(stored ? [finding("keychain", "passed", 3, "The secret was read from the keychain.")] : []),
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
    finding("clock", "passed", 0, "This computer's clock agrees with Microsoft's."),
    finding("tenant", "passed", 61, "The tenant exists in this cloud.", `Contoso · ${TENANT_ID}`),
    ...(refused ? refusedFindings() : acceptedFindings(kind, missing, needed.length)),
  ];
  const report: CheckReport = {
    startedAt: new Date().toISOString(),
    tookMs: findings.reduce((sum, { ms }) => sum + ms, 0),
    outcome: refused ? "fails" : missing > 0 ? "worksWithGaps" : "works",
    headline: refused
      ? "Connection failed. The client secret was refused."
      : missing > 0
        ? `Connected. ${String(missing)} of ${String(needed.length)} permissions are missing.`
        : "Connected.",
    findings,
    permissions: secret.startsWith("mixed") ? everyState(permissions) : permissions,
    tenantName: refused ? null : "Contoso",
    appName: refused ? null : "Contoso audit",
    secretExpiresOn: null,
    secretExpiresAt: null,
    againAfterS: lacking === "notYetInToken" && missing > 0 ? 60 : null,
    notTested: null,
    notKept: null,
  };
  return secret.startsWith("busy") ? throttled(report, 30) : report;
}

function permissionFinding(
  permission: PermissionView,
  kind: PermissionFinding["kind"],
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

function acceptedFindings(
  kind: "application" | "delegated",
  missing: number,
  needed: number,
): Finding[] {
  const read = kind === "application" ? "/organization" : "/me";
  return [
    finding("credential", "passed", 148, "A fresh token was issued."),
    finding("identity", "passed", 1, "The token belongs to this tenant.", "Contoso (contoso.com)"),
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
    finding("identity", "skipped", 0, "Not tried, because no token was issued."),
    finding("permissions", "skipped", 0, "Not tried, because no token was issued."),
    finding("graphRead", "skipped", 0, "Not tried, because no token was issued."),
    finding("probe", "skipped", 0, "Not tried, because no token was issued."),
    finding("secretExpiry", "skipped", 0, "Not tried, because no token was issued."),
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

export function clouds(custom: boolean, settings: SettingsView): CloudView[] {
  const builtIn: [string, string, string][] = [
    ["global", "Microsoft 365", "https://portal.azure.com"],
    ["usgov", "US Government (GCC High)", "https://portal.azure.us"],
    ["china", "China (21Vianet)", "https://portal.azure.cn"],
  ];
  const demo: [string, string, string][] = custom
    ? [["demo", "Demo tenant", "http://127.0.0.1:8100/portal"]]
    : [];
  return [...demo, ...builtIn].map(([id, name, portal]) => ({
    id,
    name,
    portal,
    custom: id === "demo",
    onThisComputer: id === "demo",
    defaultClientId:
      settings.clientIds.find(({ cloud }) => cloud === id)?.clientId ??
      (id === "demo" ? "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b" : null),
  }));
}

export function fromForm(form: AppRegistrationForm, index: number): ConnectionDetail {
  const made = example(index);
  return {
    ...made,
    row: {
      ...made.row,
      id: `made-${String(index)}`,
      name: form.name.trim(),
      integration: form.integration,
      method: "appRegistration",
      tenant: form.tenant.trim(),
      tenantName: null,
      cloudId: form.cloud,
      cloud: form.cloud === "demo" ? "Demo tenant" : "Microsoft 365",
      customCloud: form.cloud === "demo",
      status: "neverTested",
      lastCheckedAt: null,
      expiresOn: form.secretExpiresOn,
      expiresAt: null,
      secretExpired: false,
      awaitsConsent: false,
      notTested: null,
      tags: form.tags,
    },
    description: form.description,
    need: form.need,
    clientId: form.clientId.trim(),
    account: null,
    granted: [],
    report: null,
  };
}

export function fromSignIn(form: SignInForm, index: number): ConnectionDetail {
  const made = fromForm(
    { ...form, clientSecret: "", secretExpiresOn: null, secretIdIsRight: false, tenant: TENANT_ID },
    index,
  );
  return { ...made, row: { ...made.row, method: "oauth" } };
}

export function formOf(detail: ConnectionDetail): SignInForm {
  const { row, description, need, clientId } = detail;
  const { integration, name, tags, tenant } = row;
  return { integration, need, cloud: "global", name, description, tags, clientId, tenant };
}

export function account(displayName: string, username: string, number: number) {
  return {
    tenantId: TENANT_ID,
    objectId: `00000000-0000-4000-8000-00000000000${String(number)}`,
    username,
    displayName,
  };
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}
