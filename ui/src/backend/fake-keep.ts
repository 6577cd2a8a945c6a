// A new secret in the place of the old one, deleting and bringing back, in the pretend world.
import type { AppError, CheckReport, ConnectionDetail } from "./bindings";
import { told } from "./fake-checks";
import { failure, type Context } from "./fake-context";
import { reportFor, statusOf } from "./fake-report";
import type { Backend } from "./types";

/** What a test comes to, in the words of the program. */
function say(report: CheckReport): string {
  if (report.outcome === "works" || report.outcome === "worksWithGaps")
    return "Secret replaced and tested.";
  if (report.outcome === "inconclusive")
    return "The new secret could not be tested. The old one is kept.";
  return "The new secret does not work. The old one is kept.";
}

export function fakeKeep(context: Context) {
  return { ...newSecrets(context), ...copies(context), ...deletions(context) };
}

function newSecrets(context: Context) {
  const tested = new Map<number, CheckReport>();

  const replace = (
    detail: ConnectionDetail,
    expiresOn: string | null,
    report: CheckReport | null,
  ): void => {
    if (context.world.keychain) throw context.world.keychain;
    detail.report = report;
    detail.row.expiresOn = report?.secretExpiresOn ?? expiresOn;
    detail.row.status = report ? statusOf(report) : "neverTested";
    detail.row.lastCheckedAt = report?.startedAt ?? null;
  };

  return {
    async replaceSecret(check, id, form, onFinding) {
      const detail = context.find(id);
      const { integration } = detail.row;
      const report = reportFor(integration, form.clientSecret, false, "application", detail.need);
      await told(context, check, report, onFinding);
      tested.set(check, report);
      const replaced = report.outcome === "works" || report.outcome === "worksWithGaps";
      if (replaced) replace(detail, form.secretExpiresOn, report);
      return { replaced, say: say(report), report };
    },
    async replaceSecretAnyway(id, form, check) {
      await context.pause();
      const report = check === null ? null : (tested.get(check) ?? null);
      const proved = report?.outcome === "inconclusive" ? null : report;
      replace(context.find(id), form.secretExpiresOn, proved);
      return "The new secret does not work. It has replaced the old one all the same.";
    },
  } satisfies Partial<Backend>;
}

function copies(context: Context) {
  return {
    async duplicateConnection(id, name, description, tags) {
      await context.pauseForKeychain();
      if (context.isTaken(name)) throw nameTaken();
      const original = structuredClone(context.find(id));
      const row = {
        ...original.row,
        id: `copy-${String(context.world.connections.length)}`,
        name,
        tags,
        status: "neverTested" as const,
        lastCheckedAt: null,
      };
      const copy = { ...original, row, description, report: null, scriptsMayUse: false, uses: [] };
      return { ...context.keep(copy) };
    },
    async renameConnection(id, name) {
      await context.pauseForKeychain();
      const { row } = context.find(id);
      const isSame = row.name.toLowerCase() === name.trim().toLowerCase();
      if (!isSame && context.isTaken(name)) throw nameTaken();
      row.name = name.trim();
      return { ...row };
    },
  } satisfies Partial<Backend>;
}

function deletions(context: Context) {
  const deleted = new Map<string, ConnectionDetail>();
  return {
    async deleteConnection(id) {
      await context.pauseForKeychain();
      const { connections } = context.world;
      const detail = context.find(id);
      connections.splice(connections.indexOf(detail), 1);
      deleted.set(id, detail);
    },
    async undoDelete(id) {
      await context.pause();
      const detail = deleted.get(id);
      if (!detail) throw failure("notFound", "This connection no longer exists.");
      deleted.delete(id);
      if (context.isTaken(detail.row.name)) detail.row.name = `${detail.row.name} 2`;
      return { ...context.keep(detail) };
    },
  } satisfies Partial<Backend>;
}

function nameTaken(): AppError {
  return failure("nameTaken", "Another connection has this name already.");
}
