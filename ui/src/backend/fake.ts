// A pretend backend for `npm run dev` in a browser and for tests of the window. It keeps everything in memory,
// reaches no network, and is in no production build.
import type { Backend } from "./index";
import type {
  AppError,
  AppRegistrationForm,
  AppRegistrationVerdict,
  CheckReport,
  CloudView,
  ConnectionDetail,
  ConnectionRow,
  ErrorCode,
  FieldVerdict,
  Finding,
  IntegrationId,
  OriginalError,
  Settings,
  SignInEvent,
  SignInForm,
  Status,
} from "./bindings";
import { INTEGRATIONS } from "./fake-catalogue";

/** How the pretend world behaves. */
export interface FakeWorld {
  connections: ConnectionDetail[];
  /** Milliseconds between two findings and before answers that would need the network. */
  pace: number;
  /** Rejects `listConnections`. */
  listFails?: AppError | null;
  /** Rejects whatever would write to the keychain. */
  keychain?: AppError | null;
  removalsPending?: number;
  /** How a pretend sign-in goes on after it waits. */
  signIn?: "works" | "waits" | "declined" | "otherAccount" | "browserFails";
  signInSeconds?: number;
  customCloud?: boolean;
}

/** `?rows=12&signIn=waits&list=fails…`, so that every state of the window can be looked at in a browser. */
export function fakeFromAddress(query: URLSearchParams): Backend {
  const rows = Number(query.get("rows") ?? "9");
  const world: FakeWorld = {
    connections: Array.from({ length: rows }, (_, index) => example(index)),
    pace: Number(query.get("pace") ?? "350"),
    listFails: query.get("list") === "fails" ? failure("store", "The list of connections could not be read.") : null,
    keychain: query.get("keychain") === "locked" ? failure("keychainLocked", "The keychain is locked.") : null,
    removalsPending: Number(query.get("removals") ?? "0"),
    signIn: (query.get("signIn") ?? "works") as NonNullable<FakeWorld["signIn"]>,
    signInSeconds: Number(query.get("seconds") ?? "300"),
    customCloud: query.has("demo"),
  };
  return fake(world);
}

export function failure(code: ErrorCode, message: string, next: string | null = null): AppError {
  return { code, message, next, detail: null };
}

/** Every method has its own answer in memory; nothing outside `world` is touched. */
export function fake(world: FakeWorld): Backend {
  const cancelled = new Set<number>();
  const waiting = new Map<number, { cancel: () => void; answer: (yes: boolean) => void }>();
  let settings: Settings = { theme: "system", clientIds: [] };

  const find = (id: string): ConnectionDetail => {
    const found = world.connections.find((detail) => detail.row.id === id);
    if (!found) throw failure("notFound", "This connection is no longer there.");
    return found;
  };
  const taken = (name: string): boolean =>
    world.connections.some((detail) => detail.row.name.toLowerCase() === name.trim().toLowerCase());
  const keep = (detail: ConnectionDetail): ConnectionRow => {
    world.connections.push(detail);
    return detail.row;
  };

  const run = async (
    check: number,
    form: { integration: IntegrationId; secret: string; stored: boolean },
    onFinding: (finding: Finding) => void,
  ): Promise<CheckReport> => {
    const report = reportFor(form.integration, form.secret, form.stored);
    for (const finding of report.findings) {
      await pause(world.pace);
      if (cancelled.has(check)) throw failure("cancelled", "The test was cancelled.");
      onFinding(finding);
    }
    return report;
  };

  const play = async (
    signIn: number,
    target: { form: SignInForm; previous: ConnectionDetail | null },
    onEvent: (event: SignInEvent) => void,
  ): Promise<void> => {
    const { form, previous } = target;
    const deadline = new Date(Date.now() + (world.signInSeconds ?? 300) * 1000).toISOString();
    let stop = false;
    let answer: (yes: boolean) => void = () => undefined;
    const answered = new Promise<boolean>((resolve) => (answer = resolve));
    const cancel = (): void => {
      stop = true;
      answer(false);
      onEvent({ kind: "failed", error: failure("cancelled", "The sign-in was cancelled.") });
    };
    waiting.set(signIn, { cancel, answer: (yes) => answer(yes) });

    onEvent({ kind: "waiting", deadline, redirectUri: "http://localhost:53412" });
    if (world.signIn === "browserFails") onEvent({ kind: "browserFailed", message: "No browser could be opened." });
    if (world.signIn === "waits" || world.signIn === "browserFails") return;
    await pause(world.pace * 6);
    if (stop) return;
    if (world.signIn === "declined") {
      onEvent({ kind: "failed", error: failure("declined", "The sign-in was declined on Microsoft's page.") });
      return;
    }
    onEvent({ kind: "exchanging" });
    await pause(world.pace);
    const now = account("Adele Vance", "adele@contoso.com", 2);
    if (previous?.account && world.signIn === "otherAccount") {
      onEvent({ kind: "otherAccount", previous: previous.account, now });
      if (!(await answered)) {
        if (!stop) onEvent({ kind: "failed", error: failure("otherAccount", "Another account signed in.") });
        return;
      }
    }
    onEvent({ kind: "checking" });
    await pause(world.pace);
    if (stop) return;
    const report = reportFor(form.integration, "fine", true, "delegated");
    const granted = report.permissions.filter(({ state }) => state === "granted").map(({ name }) => name);
    const missing = report.permissions.filter(({ state }) => state === "missing").map(({ name }) => name);
    const made = previous ?? fromSignIn(form, world.connections.length);
    made.account = now;
    made.granted = granted;
    made.report = report;
    made.row.status = statusOf(report);
    made.row.lastCheckedAt = new Date().toISOString();
    if (!previous) keep(made);
    onEvent({ kind: "done", connection: made.row, account: now, granted, missing, report });
  };

  return {
    async listConnections() {
      await pause(world.pace / 10);
      if (world.listFails) throw world.listFails;
      return {
        connections: world.connections.map(({ row }) => ({ ...row })),
        removalsPending: world.removalsPending ?? 0,
      };
    },
    connectionDetail: (id) => promise(() => structuredClone(find(id))),
    listIntegrations: () => promise(() => INTEGRATIONS),
    listClouds: () => promise(() => clouds(world.customCloud ?? false, settings)),
    suggestName: (integration) =>
      promise(() => {
        const name = INTEGRATIONS.find(({ id }) => id === integration)?.name ?? "Connection";
        let number = 1;
        const candidate = (): string => (number === 1 ? name : `${name} ${String(number)}`);
        while (taken(candidate())) number += 1;
        return candidate();
      }),

    inspectAppRegistration: (form) => promise(() => inspect(form, taken)),
    inspectSignIn: (form) =>
      promise(() => {
        const name = nameVerdict(form.name, taken);
        const clientId = guidVerdict(form.clientId, "an application (client) ID");
        const tenant = tenantVerdict(form.tenant, true);
        return { name, clientId, tenant, complete: [name, clientId, tenant].every(passes) };
      }),
    async resolveTenant(_cloud, tenant) {
      await pause(world.pace);
      if (tenant.startsWith("nowhere")) throw failure("refused", `No tenant is called ${tenant} in this cloud.`);
      return { tenantId: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55", domain: tenant, region: "EU" };
    },

    testAppRegistration: (check, form, onFinding) =>
      run(check, { integration: form.integration, secret: form.clientSecret, stored: false }, onFinding),
    async createAppRegistration(form, report) {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
      const made = fromForm(form, world.connections.length);
      if (report !== null) {
        made.report = reportFor(form.integration, form.clientSecret, false);
        made.row.status = statusOf(made.report);
        made.row.lastCheckedAt = made.report.startedAt;
      }
      return keep(made);
    },
    async checkConnection(check, id, onFinding) {
      const detail = find(id);
      const kind = detail.row.method === "oauth" ? "delegated" : "application";
      const report = await run(check, { integration: detail.row.integration, secret: "fine", stored: true }, onFinding);
      report.permissions = reportFor(detail.row.integration, "fine", true, kind).permissions;
      detail.report = report;
      detail.row.status = statusOf(report);
      detail.row.lastCheckedAt = report.startedAt;
      return report;
    },
    cancelCheck: (check) => promise(() => void cancelled.add(check)),

    async beginSignIn(signIn, form, _mode, onEvent) {
      await pause(world.pace / 2);
      void play(signIn, { form, previous: null }, onEvent);
      return link(form.tenant, form.clientId);
    },
    async beginSignInAgain(signIn, id, _mode, onEvent) {
      await pause(world.pace / 2);
      const previous = find(id);
      void play(signIn, { form: formOf(previous), previous }, onEvent);
      return link(previous.row.tenant, previous.clientId);
    },
    openAgain: () => promise(() => undefined),
    newSignInLink: () => promise(() => link("organizations", "another")),
    confirmAccount: (signIn, yes) => promise(() => waiting.get(signIn)?.answer(yes)),
    cancelSignIn: (signIn) => promise(() => waiting.get(signIn)?.cancel()),

    async replaceSecret(id, _secret, secretExpiresOn) {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
      const detail = find(id);
      detail.row.expiresOn = secretExpiresOn;
      detail.row.status = "neverTested";
      detail.report = null;
    },
    updateConnection: (id, description, tags, secretExpiresOn) =>
      promise(() => {
        const detail = find(id);
        detail.description = description;
        detail.row.tags = tags;
        if (detail.row.method === "appRegistration") detail.row.expiresOn = secretExpiresOn;
        return detail.row;
      }),
    async deleteConnection(id) {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
      const detail = find(id);
      world.connections.splice(world.connections.indexOf(detail), 1);
    },

    settings: () => promise(() => structuredClone(settings)),
    saveSettings: (next) =>
      promise(() => {
        const wrong = next.clientIds.find(({ clientId }) => guidVerdict(clientId, "a client ID").problem);
        if (wrong) throw failure("invalid", "This is not a client ID.", "Paste the Application (client) ID.");
        settings = structuredClone(next);
      }),
    explainCode: (code) =>
      promise(() =>
        code.includes("50011")
          ? {
              title: "The redirect address is not registered.",
              next: "Add http://localhost under Authentication > Mobile and desktop applications.",
            }
          : { title: `Microsoft's error ${code}.`, next: "Look the number up at login.microsoftonline.com/error." },
      ),
    openPortal: () => promise(() => undefined),
    async keychainSelfTest() {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
    },
    about: () =>
      promise(() => ({
        version: "0.1.0",
        tauri: "2.12.5",
        webview: "a browser",
        dataFolder: "/home/alex/.local/share/dev.graphconnect.desktop",
      })),
  };
}

/** The connection number `index` of the pretend world: the same one every time. */
export function example(index: number): ConnectionDetail {
  const integration = pick(INTEGRATIONS, index * 3);
  const method = index % 3 === 1 ? "oauth" : "appRegistration";
  const tenant = pick(["contoso.com", "fabrikam.onmicrosoft.com", "northwindtraders.com"], index);
  const status = pick<Status>(["healthy", "healthy", "needsAttention", "failing", "needsSignIn", "neverTested"], index);
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
      tenant,
      cloud: index % 7 === 6 ? "Demo tenant" : "Microsoft 365",
      customCloud: index % 7 === 6,
      status,
      lastCheckedAt: report ? new Date(Date.now() - (index + 1) ** 3 * 1_900_000).toISOString() : null,
      expiresOn: method === "oauth" ? null : new Date(Date.now() + (index * 40 - 9) * 86_400_000).toISOString().slice(0, 10),
      tags: index % 2 === 0 ? ["audit"] : [],
    },
    description: index % 2 === 0 ? "Nightly audit of sign-ins" : "",
    clientId: "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b",
    tenantId: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55",
    tenantDomain: tenant,
    account: method === "oauth" ? account("Alex Wilber", "alex@contoso.com", 1) : null,
    granted: report?.permissions.filter(({ state }) => state === "granted").map(({ name }) => name) ?? [],
    createdAt: "2026-03-02T09:14:00Z",
    updatedAt: "2026-05-20T15:40:00Z",
    report,
  };
}

/** A report as the secret deserves it: "wrong" is refused, "throttled" is not decided, anything else works with gaps. */
export function reportFor(
  integration: IntegrationId,
  secret: string,
  stored: boolean,
  kind: "application" | "delegated" = "application",
): CheckReport {
  const needed = INTEGRATIONS.find(({ id }) => id === integration)?.[kind] ?? [];
  const refused = secret.startsWith("wrong");
  const full = secret.startsWith("full") || needed.length < 2;
  const missing = full ? 0 : Math.ceil(needed.length / 4);
  const permissions = needed.map((permission, index) => ({
    ...permission,
    kind,
    state: refused ? ("unknown" as const) : index < missing ? ("missing" as const) : ("granted" as const),
  }));
  const findings: Finding[] = [
    ...(stored ? [finding("keychain", "passed", 3, "The secret was read from the keychain.")] : []),
    finding("host", "passed", 84, "The sign-in host answers over TLS.", "login.microsoftonline.com"),
    finding("tenant", "passed", 61, "The tenant exists.", "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55"),
    ...(refused ? refusedFindings() : acceptedFindings(kind, missing, needed.length)),
  ];
  return {
    startedAt: new Date().toISOString(),
    tookMs: findings.reduce((sum, { ms }) => sum + ms, 0),
    outcome: refused ? "fails" : missing > 0 ? "worksWithGaps" : "works",
    headline: refused
      ? "Does not work. The client secret was refused."
      : missing > 0
        ? `Works. ${String(missing)} of ${String(needed.length)} permissions are missing.`
        : "Works.",
    findings,
    permissions,
  };
}

function acceptedFindings(kind: "application" | "delegated", missing: number, needed: number): Finding[] {
  const read = kind === "application" ? "/organization" : "/me";
  return [
    finding("credential", "passed", 148, "A fresh token was issued."),
    finding("identity", "passed", 1, "The token belongs to this tenant.", "Contoso (contoso.com)"),
    missing > 0
      ? {
          ...finding("permissions", "warning", 1, `${String(missing)} of ${String(needed)} permissions are missing.`),
          next: "Add them under API permissions, then have a Privileged Role Administrator grant admin consent.",
        }
      : finding("permissions", "passed", 1, "The token carries every permission."),
    finding("graphRead", "passed", 210, "Microsoft Graph answered a read.", `GET /v1.0${read}`),
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
      original,
    },
    finding("identity", "skipped", 0, "Not tried, because no token was issued."),
    finding("permissions", "skipped", 0, "Not tried, because no token was issued."),
    finding("graphRead", "skipped", 0, "Not tried, because no token was issued."),
  ];
}

function finding(
  step: Finding["step"],
  state: Finding["state"],
  ms: number,
  summary: string,
  evidence: string | null = null,
): Finding {
  return { step, state, ms, summary, evidence, next: null, original: null };
}

function statusOf(report: CheckReport): Status {
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

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function inspect(form: AppRegistrationForm, taken: (name: string) => boolean): AppRegistrationVerdict {
  const name = nameVerdict(form.name, taken);
  const clientId = guidVerdict(form.clientId, "a client ID");
  const tenant = tenantVerdict(form.tenant, false);
  const secretLooksLikeId = GUID.test(form.clientSecret.trim());
  const clientSecret = secretVerdict(form, secretLooksLikeId);
  const secretExpiresOn: FieldVerdict = { value: form.secretExpiresOn, problem: null, notes: [] };
  const complete = [name, clientId, tenant, clientSecret].every(passes);
  return { name, clientId, clientSecret, tenant, secretExpiresOn, secretLooksLikeId, complete };
}

function nameVerdict(text: string, taken: (name: string) => boolean): FieldVerdict {
  const value = text.trim();
  if (value === "") return verdict(null, "Enter a name.");
  return taken(value) ? verdict(null, "Another connection has this name.") : verdict(value, null);
}

function guidVerdict(text: string, noun: string): FieldVerdict {
  const value = text.trim().toLowerCase();
  const notes = value.length === text.length ? [] : ["Removed spaces."];
  if (value === "") return verdict(null, `Enter ${noun}.`);
  return GUID.test(value) ? verdict(value, null, notes) : verdict(null, `This is not ${noun}: it has 32 digits and letters a to f.`);
}

function tenantVerdict(text: string, organizations: boolean): FieldVerdict {
  const value = text.trim().toLowerCase();
  const notes = value.length === text.length ? [] : ["Removed spaces."];
  if (value === "") return verdict(null, "Enter a tenant ID or a domain.");
  const fits = GUID.test(value) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value) || (organizations && value === "organizations");
  return fits ? verdict(value, null, notes) : verdict(null, "This is neither a tenant ID nor a domain.");
}

function secretVerdict(form: AppRegistrationForm, looksLikeId: boolean): FieldVerdict {
  if (form.clientSecret.trim() === "") return verdict(null, "Enter the client secret.");
  if (looksLikeId && !form.secretIdIsRight) return verdict(null, "This is the Secret ID. Paste the Value of the secret.");
  return verdict(null, null);
}

function verdict(value: string | null, problem: string | null, notes: string[] = []): FieldVerdict {
  return { value, problem, notes };
}

function passes(field: FieldVerdict): boolean {
  return field.problem === null;
}

function clouds(custom: boolean, settings: Settings): CloudView[] {
  const builtIn: [string, string, string][] = [
    ["global", "Microsoft 365", "https://portal.azure.com"],
    ["usgov", "US Government (GCC High)", "https://portal.azure.us"],
    ["china", "China (21Vianet)", "https://portal.azure.cn"],
  ];
  const demo: [string, string, string][] = custom ? [["demo", "Demo tenant", "http://127.0.0.1:8100/portal"]] : [];
  return [...demo, ...builtIn].map(([id, name, portal]) => ({
    id,
    name,
    portal,
    custom: id === "demo",
    defaultClientId:
      settings.clientIds.find(({ cloud }) => cloud === id)?.clientId ??
      (id === "demo" ? "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b" : null),
  }));
}

function fromForm(form: AppRegistrationForm, index: number): ConnectionDetail {
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
      cloud: form.cloud === "demo" ? "Demo tenant" : "Microsoft 365",
      customCloud: form.cloud === "demo",
      status: "neverTested",
      lastCheckedAt: null,
      expiresOn: form.secretExpiresOn,
      tags: form.tags,
    },
    description: form.description,
    clientId: form.clientId.trim(),
    account: null,
    granted: [],
    report: null,
  };
}

function fromSignIn(form: SignInForm, index: number): ConnectionDetail {
  const made = fromForm(
    { ...form, clientSecret: "", secretExpiresOn: null, secretIdIsRight: false, tenant: "contoso.com" },
    index,
  );
  return { ...made, row: { ...made.row, method: "oauth" } };
}

function formOf(detail: ConnectionDetail): SignInForm {
  const { row, description, clientId } = detail;
  const { integration, name, tags, tenant } = row;
  return { integration, cloud: "global", name, description, tags, clientId, tenant };
}

function account(displayName: string, username: string, number: number) {
  return {
    tenantId: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55",
    objectId: `00000000-0000-4000-8000-00000000000${String(number)}`,
    username,
    displayName,
  };
}

function link(tenant: string, clientId: string): string {
  const state = Math.random().toString(36).slice(2);
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?client_id=${clientId}&state=${state}`;
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function promise<T>(answer: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(answer());
  });
}
