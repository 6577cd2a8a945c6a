// Consent by somebody else, in the pretend world: the message, waiting, and the page of an administrator.
import type {
  CheckReport,
  ConnectionDetail,
  ConsentEvent,
  ConsentMessage,
  ConsentSubject,
  PermissionView,
} from "./bindings";
import type { Backend } from "./types";
import { needed } from "../needs";
import { INTEGRATIONS } from "./fake-catalogue";

type ConsentCalls = Pick<
  Backend,
  | "consentMessage"
  | "saveConsentMail"
  | "revealSaved"
  | "watchConsent"
  | "stopWatching"
  | "beginAdminConsent"
  | "cloudShellScript"
>;

interface World {
  pace: number;
  find: (id: string) => ConnectionDetail;
  /** Runs when the page of an administrator has answered. */
  tested: (detail: ConnectionDetail) => CheckReport;
  /** Remembers how to end what waits under a number. */
  waits: (number: number, cancel: () => void) => void;
  /** How the page of an administrator goes on. */
  page: "works" | "waits" | "refused" | "returns";
}

export function fakeConsent({ pace, find, tested, waits, page }: World): ConsentCalls {
  return {
    async consentMessage(subject) {
      await pause(pace);
      return message(subject, find);
    },
    async saveConsentMail(subject) {
      await pause(pace);
      return `/home/alex/Downloads/${message(subject, find).subject}.eml`;
    },
    revealSaved: () => Promise.resolve(),
    async watchConsent(id) {
      await pause(pace);
      const now = Date.now();
      const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
      const watch = { beganAt: at(0), nextAt: at(30), endsAt: at(86_400), looks: 0 };
      const detail = find(id);
      detail.watch = watch;
      detail.row = { ...detail.row, awaitsConsent: true };
      return watch;
    },
    async stopWatching(id) {
      await pause(pace);
      const detail = find(id);
      detail.watch = null;
      detail.row = { ...detail.row, awaitsConsent: false };
    },
    async beginAdminConsent(number, id, onEvent) {
      await pause(pace / 2);
      const detail = find(id);
      void play(number, detail, onEvent);
      return `https://login.microsoftonline.com/${detail.tenantId}/v2.0/adminconsent?client_id=${detail.clientId}&scope=https://graph.microsoft.com/.default`;
    },
    async cloudShellScript(integration, need, method, _cloud, name) {
      await pause(pace);
      const view = INTEGRATIONS.find(({ id }) => id === integration);
      return script(name, view ? needed(view, method, need) : [], method === "oauth");
    },
  };

  async function play(
    number: number,
    detail: ConnectionDetail,
    onEvent: (event: ConsentEvent) => void,
  ): Promise<void> {
    let stop = false;
    waits(number, () => (stop = true));
    const deadline = new Date(Date.now() + 300_000).toISOString();
    onEvent({ kind: "waiting", deadline, redirectUri: "http://localhost:53412" });
    if (page === "waits") return;
    await pause(pace * 6);
    if (stop) return;
    if (page === "returns") {
      onEvent({ kind: "returnedWithoutAnswer" });
      return;
    }
    if (page === "refused") {
      const message = "Microsoft's page says that nobody has consented.";
      onEvent({
        kind: "failed",
        error: {
          code: "declined",
          message,
          next: null,
          actor: null,
          retry: null,
          page: null,
          detail: null,
        },
      });
      return;
    }
    onEvent({ kind: "checking" });
    await pause(pace);
    if (!stop) onEvent({ kind: "done", connection: detail.row, report: tested(detail) });
  }
}

function message(subject: ConsentSubject, find: World["find"]): ConsentMessage {
  const about =
    subject.kind === "form"
      ? subject.form
      : {
          integration: find(subject.id).row.integration,
          need: find(subject.id).need,
          clientId: find(subject.id).clientId,
          tenant: find(subject.id).tenantId,
          method: find(subject.id).row.method,
        };
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

function script(name: string, permissions: PermissionView[], delegated: boolean): string {
  const list = permissions
    .map((permission) => `  ${permission.name}=${delegated ? "Scope" : "Role"}`)
    .join("\n");
  return `#!/usr/bin/env bash\n# Makes the app registration "${name}".\nset -euo pipefail\n\nNAME='${name}'\nPERMISSIONS="\n${list}\n"\n\napp=$(az ad app list --display-name "$NAME" --query '[0].appId' --output tsv)\n# …\nprintf '{"appId":"%s","tenant":"%s"}\\n' "$app" "$(az account show --query tenantId --output tsv)"\n`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
