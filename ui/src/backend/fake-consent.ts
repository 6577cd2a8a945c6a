// Consent by somebody else, in the pretend world: the message, waiting, and the page of an administrator.
import type {
  CheckReport,
  ConnectionDetail,
  ConsentEvent,
  ConsentForm,
  ConsentMessage,
  ConsentSubject,
  PermissionView,
  WatchView,
} from "./bindings";
import { needed } from "../needs";
import { INTEGRATIONS } from "./fake-catalogue";
import { failure, type Context } from "./fake-context";
import { reportOf, statusOf } from "./fake-report";
import type { Backend } from "./types";

export function fakeConsent(context: Context) {
  return { ...messages(context), ...watching(context), ...adminConsent(context) };
}

function messages(context: Context) {
  return {
    async consentMessage(subject) {
      await context.pause();
      return message(subject, context);
    },
    async saveConsentMail(subject) {
      await context.pause();
      return `/home/alex/Downloads/${message(subject, context).subject}.eml`;
    },
    revealSaved: () => Promise.resolve(),
    async cloudShellScript(integration, need, method, _cloud, name) {
      await context.pause();
      const view = INTEGRATIONS.find(({ id }) => id === integration);
      return script(name, view ? needed(view, method, need) : [], method === "oauth");
    },
  } satisfies Partial<Backend>;
}

function watching(context: Context) {
  const watch = (id: string, begun: WatchView | null): void => {
    const detail = context.find(id);
    detail.watch = begun;
    detail.row = { ...detail.row, awaitsConsent: begun !== null };
  };
  return {
    async watchConsent(id) {
      await context.pause();
      const now = Date.now();
      const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
      const begun = { beganAt: at(0), nextAt: at(30), endsAt: at(86_400), looks: 0 };
      watch(id, begun);
      return begun;
    },
    async stopWatching(id) {
      await context.pause();
      watch(id, null);
    },
  } satisfies Partial<Backend>;
}

function adminConsent(context: Context) {
  return {
    async beginAdminConsent(number, id, onEvent) {
      await context.pause(0.5);
      const detail = context.find(id);
      void play(context, number, detail, onEvent);
      return `https://login.microsoftonline.com/${detail.tenantId}/v2.0/adminconsent?client_id=${detail.clientId}&scope=https://graph.microsoft.com/.default`;
    },
  } satisfies Partial<Backend>;
}

async function play(
  context: Context,
  number: number,
  detail: ConnectionDetail,
  onEvent: (event: ConsentEvent) => void,
): Promise<void> {
  const { page = "works" } = context.world;
  let stopped = false;
  context.waiting.set(number, { cancel: () => (stopped = true) });
  const deadline = new Date(Date.now() + 300_000).toISOString();
  onEvent({ kind: "waiting", deadline, redirectUri: "http://localhost:53412" });
  if (page === "waits") return;
  await context.pause(6);
  if (stopped) return;
  if (page === "returns") {
    onEvent({ kind: "returnedWithoutAnswer" });
    return;
  }
  if (page === "refused") {
    const error = failure("declined", "Microsoft's page says that nobody has consented.");
    onEvent({ kind: "failed", error });
    return;
  }
  onEvent({ kind: "checking" });
  await context.pause();
  if (!stopped) onEvent({ kind: "done", connection: detail.row, report: granted(detail) });
}

/** The test that follows the consent: everything is granted. */
function granted(detail: ConnectionDetail): CheckReport {
  const report = reportOf(detail, "full");
  detail.report = report;
  detail.row.status = statusOf(report);
  return report;
}

function message(subject: ConsentSubject, context: Context): ConsentMessage {
  const about = subject.kind === "form" ? subject.form : formOf(context.find(subject.id));
  const integration = INTEGRATIONS.find(({ id }) => id === about.integration);
  const oauth = about.method === "oauth";
  const asked = integration ? needed(integration, about.method, about.need) : [];
  const link = `https://login.microsoftonline.com/${about.tenant}/v2.0/adminconsent?client_id=${about.clientId}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default`;
  const role = oauth
    ? "Cloud Application Administrator or Application Administrator"
    : "Privileged Role Administrator";
  const name = integration?.name ?? "Microsoft Graph";
  const begin = `Please consent to the permissions of the application ${about.clientId} for ${name}.`;
  const lines = asked
    .map(({ name: permission, purpose }) => `- ${permission}: ${purpose}`)
    .join("\n");
  const items = asked
    .map(({ name: permission, purpose }) => `<li><strong>${permission}</strong>: ${purpose}</li>`)
    .join("");
  return {
    subject: `Consent for ${name}`,
    text: `Hello,\n\n${begin}\n\n${lines}\n\nRole needed: ${role}\nLink: ${link}\n`,
    html: `<html><head><title>x</title></head><body><p>Hello,</p><p>${begin}</p><ul>${items}</ul><p>Role needed: <strong>${role}</strong></p><p><a href="${link}">Consent</a></p></body></html>`,
    link,
    role,
  };
}

function formOf({ row, need, clientId, tenantId }: ConnectionDetail): ConsentForm {
  const { integration, cloudId, method } = row;
  return { integration, need, cloud: cloudId, clientId, tenant: tenantId, method };
}

function script(name: string, permissions: PermissionView[], delegated: boolean): string {
  const list = permissions
    .map((permission) => `  ${permission.name}=${delegated ? "Scope" : "Role"}`)
    .join("\n");
  return `#!/usr/bin/env bash\n# Makes the app registration "${name}".\nset -euo pipefail\n\nNAME='${name}'\nPERMISSIONS="\n${list}\n"\n\napp=$(az ad app list --display-name "$NAME" --query '[0].appId' --output tsv)\n# …\nprintf '{"appId":"%s","tenant":"%s"}\\n' "$app" "$(az account show --query tenantId --output tsv)"\n`;
}
