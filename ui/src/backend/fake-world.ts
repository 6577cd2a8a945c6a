// The connections of the pretend world.
import type {
  Account,
  AppRegistrationForm,
  ConnectionDetail,
  ConnectionRow,
  MethodKind,
  SignInForm,
  Status,
  UseView,
} from "./bindings";
import { INTEGRATIONS } from "./fake-catalogue";
import { cloudColumns } from "./fake-clouds";
import { reportFor, TENANT_ID } from "./fake-report";

const TENANTS = ["contoso.com", "fabrikam.onmicrosoft.com", "northwindtraders.com"] as const;

const STATUSES: Status[] = [
  "healthy",
  "healthy",
  "needsAttention",
  "failing",
  "needsSignIn",
  "neverTested",
];

/** The connection number `index` of the pretend world: the same one every time. */
export function example(index: number): ConnectionDetail {
  const row = exampleRow(index);
  const isOAuth = row.method === "oauth";
  const proof = row.status === "failing" ? "wrong" : "fine";
  const kind = isOAuth ? "delegated" : "application";
  const report =
    row.status === "neverTested" ? null : reportFor(row.integration, proof, true, kind);
  const granted = report?.permissions.filter(({ state }) => state === "granted") ?? [];
  return {
    row,
    description: index % 2 === 0 ? "Nightly audit of sign-ins" : "",
    need: { kind: "readWrite" },
    clientId: "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b",
    tenantId: TENANT_ID,
    tenantDomain: isOAuth ? null : row.tenant,
    account: isOAuth ? account("Alex Wilber", "alex@contoso.com", 1) : null,
    granted: granted.map(({ name }) => name),
    createdAt: "2026-03-02T09:14:00Z",
    updatedAt: "2026-05-20T15:40:00Z",
    report,
    watch: null,
    scriptsMayUse: index % 2 === 0,
    scriptsMayHaveSecret: false,
    uses: index % 2 === 0 ? [use("pwsh", 300), use("bash", 90_000)] : [],
    usesMore: index === 0,
    paths: isOAuth
      ? ["/organization", "/me", "/me/messages?$top=1&$select=id"]
      : ["/organization", "/auditLogs/signIns?$top=1"],
    graph: "https://graph.microsoft.com",
    powershellEnvironment: null,
  };
}

function exampleRow(index: number): ConnectionRow {
  const integration = pick(INTEGRATIONS, index * 3);
  const method: MethodKind = index % 3 === 1 ? "oauth" : "appRegistration";
  const status = pick(STATUSES, index);
  const namesakes = Math.floor(index / 11);
  return {
    id: `018f-${String(index).padStart(4, "0")}`,
    name: namesakes === 0 ? integration.name : `${integration.name} ${String(namesakes + 1)}`,
    integration: integration.id,
    method,
    tenant: method === "oauth" ? TENANT_ID : pick(TENANTS, index),
    tenantName: index % 4 === 0 ? "Contoso" : null,
    ...cloudColumns(index % 7 === 6 ? "demo" : "global"),
    status,
    lastCheckedAt: status === "neverTested" ? null : secondsAgo(((index % 12) + 1) ** 3 * 1_900),
    expiresOn:
      method === "oauth" ? null : secondsAgo((9 - (index % 40) * 40) * 86_400).slice(0, 10),
    expiresAt: null,
    secretExpired: false,
    awaitsConsent: false,
    sealed: false,
    notTested: null,
    tags: index % 2 === 0 ? ["audit"] : [],
  };
}

function use(program: string, before: number): UseView {
  const scope = "https://graph.microsoft.com/.default";
  return { at: secondsAgo(before), program, scope, isSecret: false };
}

function secondsAgo(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
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
      ...cloudColumns(form.cloud),
      status: "neverTested",
      lastCheckedAt: null,
      expiresOn: form.secretExpiresOn,
      expiresAt: null,
      secretExpired: false,
      awaitsConsent: false,
      sealed: false,
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
  const { integration, name, tags, tenant, cloudId } = row;
  return { integration, need, cloud: cloudId, name, description, tags, clientId, tenant };
}

export function account(displayName: string, username: string, number: number): Account {
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
