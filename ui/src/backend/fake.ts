// A pretend backend for `npm run dev` in a browser and for tests of the window. It keeps everything in memory,
// reaches no network, and is in no production build.
import type { Backend } from "./types";
import type {
  AppError,
  Change,
  CheckReport,
  ConnectionDetail,
  ConnectionRow,
  ErrorCode,
  Explanation,
  Finding,
  Integration,
  Need,
  SettingsView,
  SignInEvent,
  SignInForm,
} from "./bindings";
import { INTEGRATIONS } from "./fake-catalogue";
import { fakeConsent } from "./fake-consent";
import { fakeKeep } from "./fake-keep";
import { fakeDay, fakePaste } from "./fake-paste";
import { fakeProve } from "./fake-prove";
import { locked, notTested } from "./fake-states";
import { fakeUse } from "./fake-use";
import {
  guidVerdict,
  inspect,
  nameVerdict,
  needVerdict,
  passes,
  tenantVerdict,
} from "./fake-verdicts";
import {
  account,
  clouds,
  example,
  formOf,
  fromForm,
  fromSignIn,
  reportFor,
  statusOf,
} from "./fake-world";

export { example, reportFor } from "./fake-world";

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
  signIn?: "works" | "waits" | "declined" | "otherAccount" | "notProved" | "browserFails";
  signInSeconds?: number;
  customCloud?: boolean;
  /** Learns how to tell the window of a change that it did not ask for. */
  onSubscribe?: (tell: (change: Change) => void) => void;
  /** How a test of a saved connection ends, in the words of `reportFor`. */
  test?: string;
  /** Whether a terminal finds the command line. */
  onPath?: boolean;
  /** How the page of an administrator goes on. */
  page?: "works" | "waits" | "refused" | "returns";
}

/** `?rows=12&signIn=waits&list=fails…`, so that every state of the window can be looked at in a browser. */
export function fakeFromAddress(query: URLSearchParams): Backend {
  const rows = Number(query.get("rows") ?? "9");
  const world: FakeWorld = {
    connections: Array.from({ length: rows }, (_, index) => example(index)),
    pace: Number(query.get("pace") ?? "350"),
    listFails:
      query.get("list") === "fails"
        ? failure("store", "The list of connections could not be read.")
        : null,
    keychain:
      query.get("keychain") === "locked"
        ? failure("keychainLocked", "The keychain is locked.")
        : null,
    removalsPending: Number(query.get("removals") ?? "0"),
    signIn: (query.get("signIn") ?? "works") as NonNullable<FakeWorld["signIn"]>,
    signInSeconds: Number(query.get("seconds") ?? "300"),
    customCloud: query.has("demo"),
    test: query.get("test") ?? "fine",
    onPath: query.get("path") !== "off",
    page: (query.get("consent") ?? "works") as NonNullable<FakeWorld["page"]>,
  };
  return fake(world);
}

export function failure(code: ErrorCode, message: string, next: string | null = null): AppError {
  return { code, message, next, actor: null, retry: null, page: null, detail: null };
}

/** Every method has its own answer in memory; nothing outside `world` is touched. */
export function fake(world: FakeWorld): Backend {
  const cancelled = new Set<number>();
  const waiting = new Map<number, { cancel: () => void; answer: (yes: boolean) => void }>();
  let settings: SettingsView = { theme: "system", clientIds: [] };

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
    form: { integration: Integration; secret: string; stored: boolean; need: Need },
    onFinding: (finding: Finding) => void,
  ): Promise<CheckReport> => {
    const report = reportFor(form.integration, form.secret, form.stored, "application", form.need);
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
    if (world.signIn === "browserFails")
      onEvent({ kind: "browserFailed", message: "No browser could be opened." });
    if (world.signIn === "waits" || world.signIn === "browserFails") return;
    await pause(world.pace * 6);
    if (stop) return;
    if (world.signIn === "declined") {
      onEvent({
        kind: "failed",
        error: failure("declined", "The sign-in was declined on Microsoft's page."),
      });
      return;
    }
    onEvent({ kind: "exchanging" });
    await pause(world.pace);
    const now = account("Adele Vance", "adele@contoso.com", 2);
    if (previous?.account && world.signIn === "otherAccount") {
      onEvent({ kind: "otherAccount", previous: previous.account, now });
      if (!(await answered)) {
        if (!stop)
          onEvent({ kind: "failed", error: failure("otherAccount", "Another account signed in.") });
        return;
      }
    }
    onEvent({ kind: "checking" });
    await pause(world.pace);
    if (stop) return;
    if (previous && world.signIn === "notProved") {
      const refused = reportFor(form.integration, "wrong", true, "delegated");
      onEvent({
        kind: "notProved",
        say: "The new sign-in does not work. The old one is kept.",
        report: refused,
      });
      if (!(await answered)) {
        if (!stop)
          onEvent({ kind: "failed", error: failure("cancelled", "The old sign-in is kept.") });
        return;
      }
    }
    const report = reportFor(
      form.integration,
      world.signIn === "notProved" ? "wrong" : "fine",
      true,
      "delegated",
      form.need,
    );
    const granted = report.permissions
      .filter(({ state }) => state === "granted")
      .map(({ name }) => name);
    const missing = report.permissions
      .filter(({ state }) => state === "missing")
      .map(({ name }) => name);
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
    ...fakeConsent({
      pace: world.pace,
      find,
      page: world.page ?? "works",
      waits: (number, cancel) => waiting.set(number, { cancel, answer: () => undefined }),
      tested: (detail) => {
        const kind = detail.row.method === "oauth" ? "delegated" : "application";
        detail.report = reportFor(detail.row.integration, "full", true, kind, detail.need);
        detail.row.status = statusOf(detail.report);
        return detail.report;
      },
    }),
    ...fakeProve({
      pace: world.pace,
      connections: world.connections,
      keychain: () => world.keychain ?? null,
      isCancelled: (run) => cancelled.has(run),
      cancelled: () => failure("cancelled", "The test was cancelled."),
      onSubscribe: world.onSubscribe,
    }),
    ...fakeUse({
      pace: world.pace,
      find,
      onPath: world.onPath ?? true,
      isCancelled: (call) => cancelled.has(call),
      cancelled: () => failure("cancelled", "Cancelled."),
    }),
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
        const need = needVerdict(form.need);
        return {
          name,
          clientId,
          tenant,
          need,
          complete: [name, clientId, tenant, need].every(passes),
        };
      }),
    readPasted: (text) => promise(() => fakePaste(text)),
    inspectDay: (text) => promise(() => fakeDay(text)),
    async resolveTenant(cloud, tenant) {
      await pause(world.pace);
      if (tenant.startsWith("nowhere"))
        throw failure("refused", `No tenant is called ${tenant} in this cloud.`);
      const government = tenant.endsWith(".us");
      return {
        tenantId: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55",
        domain: tenant.includes(".") ? tenant : null,
        region: government ? "USGov" : "EU",
        otherCloud:
          cloud === "global" && government
            ? { id: "usgov", name: "US Government (GCC High)" }
            : null,
      };
    },

    testAppRegistration: (check, form, onFinding) =>
      run(
        check,
        {
          integration: form.integration,
          secret: form.clientSecret,
          stored: false,
          need: form.need,
        },
        onFinding,
      ),
    async createAppRegistration(form, report) {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
      const made = fromForm(form, world.connections.length);
      if (report !== null) {
        made.report = reportFor(
          form.integration,
          form.clientSecret,
          false,
          "application",
          form.need,
        );
        made.row.status = statusOf(made.report);
        made.row.lastCheckedAt = made.report.startedAt;
      }
      return { row: keep(made), notKept: null };
    },
    async checkConnection(check, id, onFinding) {
      const detail = find(id);
      const kind = detail.row.method === "oauth" ? "delegated" : "application";
      const secret = world.test ?? "fine";
      if (world.keychain) {
        const refused = locked(
          reportFor(detail.row.integration, secret, true, kind),
          world.keychain.message.replace(/\.$/, ""),
        );
        detail.row.notTested = notTested(refused);
        return refused;
      }
      const report = await run(
        check,
        { integration: detail.row.integration, secret, stored: true, need: detail.need },
        onFinding,
      );
      detail.row.notTested = notTested(report);
      // What proves nothing either way leaves what is known of the connection.
      if (report.outcome === "inconclusive") return report;
      report.permissions = reportFor(
        detail.row.integration,
        secret,
        true,
        kind,
        detail.need,
      ).permissions;
      detail.report = report;
      detail.row.lastCheckedAt = report.startedAt;
      detail.row.status = statusOf(report);
      return report;
    },
    cancelCheck: (check) => promise(() => void cancelled.add(check)),

    async beginSignIn(signIn, form, _mode, _waitForConsent, onEvent) {
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

    ...fakeKeep({
      world,
      find,
      taken,
      run: (check, { row, need }, secret, onFinding) =>
        run(check, { integration: row.integration, secret, stored: false, need }, onFinding),
    }),
    updateConnection: (id, description, tags, secretExpiresOn, need) =>
      promise(() => {
        const detail = find(id);
        detail.description = description;
        detail.row.tags = tags;
        if (detail.row.method === "appRegistration") detail.row.expiresOn = secretExpiresOn;
        if (JSON.stringify(need) !== JSON.stringify(detail.need)) detail.row.status = "neverTested";
        // As it would come through the border: data, whatever the window keeps it in.
        detail.need = JSON.parse(JSON.stringify(need)) as typeof need;
        return detail.row;
      }),
    settings: () => promise(() => structuredClone(settings)),
    saveSettings: (next) =>
      promise(() => {
        const wrong = next.clientIds.find(
          ({ clientId }) => guidVerdict(clientId, "a client ID").problem,
        );
        if (wrong)
          throw failure(
            "invalid",
            "This is not a client ID.",
            "Paste the Application (client) ID.",
          );
        settings = structuredClone(next);
      }),
    explainCode: (code) => promise(() => explained(code)),
    openPortal: () => promise(() => undefined),
    openDemo: () => promise(() => undefined),
    async keychainSelfTest() {
      await pause(world.pace);
      if (world.keychain) throw world.keychain;
      return 'GNOME Keyring, collection "login": an item was written, read and removed again.';
    },
    async unlockKeychain() {
      await pause(world.pace);
      if (world.keychain?.code !== "keychainLocked") return "nothingToUnlock" as const;
      world.keychain = null;
      return "unlocked" as const;
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

function explained(code: string): Explanation {
  if (code.includes("50011")) {
    return {
      title: "The redirect address is not registered.",
      next: "Add http://localhost under Authentication > Mobile and desktop applications.",
      actor: "applicationAdministrator",
      retry: "afterTheFix",
      page: "authentication",
    };
  }
  if (code.includes("90094")) {
    return {
      title: "An administrator has to consent.",
      next: "Send the consent link to an administrator.",
      actor: "privilegedRoleAdministrator",
      retry: "afterTheFix",
      page: "adminConsentRequests",
    };
  }
  const next = "Look the number up at login.microsoftonline.com/error.";
  return { title: `Microsoft's error ${code}.`, next, actor: "you", retry: "now", page: null };
}

function link(tenant: string, clientId: string): string {
  const state = Math.random().toString(36).slice(2);
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?client_id=${clientId}&state=${state}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function promise<T>(answer: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(answer());
  });
}
