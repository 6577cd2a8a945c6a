// A new secret in the place of the old one, deleting and bringing back, in the pretend world.
import type { CheckReport, ConnectionDetail, Finding } from "./bindings";
import { failure, type FakeWorld } from "./fake";
import { statusOf } from "./fake-world";
import type { Backend } from "./types";

type KeepCalls = Pick<
  Backend,
  | "replaceSecret"
  | "replaceSecretAnyway"
  | "deleteConnection"
  | "undoDelete"
  | "suggestCopyName"
  | "duplicateConnection"
  | "renameConnection"
>;

interface Keeping {
  world: FakeWorld;
  find: (id: string) => ConnectionDetail;
  taken: (name: string) => boolean;
  run: (
    check: number,
    of: ConnectionDetail,
    secret: string,
    onFinding: (finding: Finding) => void,
  ) => Promise<CheckReport>;
}

/** What a test comes to, in the words of the program. */
function say(report: CheckReport): string {
  if (report.outcome === "works" || report.outcome === "worksWithGaps")
    return "Secret replaced and tested.";
  if (report.outcome === "inconclusive")
    return "The new secret could not be tested. The old one is kept.";
  return "The new secret does not work. The old one is kept.";
}

export function fakeKeep({ world, find, taken, run }: Keeping): KeepCalls {
  const tested = new Map<number, CheckReport>();
  const deleted = new Map<string, ConnectionDetail>();
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, world.pace));

  const numbered = (name: string): string => {
    const candidates = Array.from({ length: 99 }, (_, index) => `${name} ${String(index + 2)}`);
    return candidates.find((candidate) => !taken(candidate)) ?? name;
  };

  const replace = (
    detail: ConnectionDetail,
    expiresOn: string | null,
    report: CheckReport | null,
  ): void => {
    if (world.keychain) throw world.keychain;
    detail.report = report;
    detail.row.expiresOn = report?.secretExpiresOn ?? expiresOn;
    detail.row.status = report ? statusOf(report) : "neverTested";
    detail.row.lastCheckedAt = report?.startedAt ?? null;
  };

  return {
    async replaceSecret(check, id, form, onFinding) {
      const detail = find(id);
      const report = await run(check, detail, form.clientSecret, onFinding);
      tested.set(check, report);
      const replaced = report.outcome === "works" || report.outcome === "worksWithGaps";
      if (replaced) replace(detail, form.secretExpiresOn, report);
      return { replaced, say: say(report), report };
    },
    async replaceSecretAnyway(id, form, check) {
      await pause();
      const report = check === null ? null : (tested.get(check) ?? null);
      replace(find(id), form.secretExpiresOn, report?.outcome === "inconclusive" ? null : report);
      return "The new secret does not work. It has replaced the old one all the same.";
    },
    async deleteConnection(id) {
      await pause();
      if (world.keychain) throw world.keychain;
      const detail = find(id);
      world.connections.splice(world.connections.indexOf(detail), 1);
      deleted.set(id, detail);
    },
    suggestCopyName: (id) => Promise.resolve(numbered(find(id).row.name)),
    async duplicateConnection(id, name, description, tags) {
      await pause();
      if (world.keychain) throw world.keychain;
      if (taken(name)) throw failure("nameTaken", "Another connection has this name already.");
      const original = structuredClone(find(id));
      const row = {
        ...original.row,
        id: `copy-${String(world.connections.length)}`,
        name,
        tags,
        status: "neverTested" as const,
        lastCheckedAt: null,
      };
      world.connections.push({
        ...original,
        row,
        description,
        report: null,
        scriptsMayUse: false,
        uses: [],
      });
      return { ...row };
    },
    async renameConnection(id, name) {
      await pause();
      if (world.keychain) throw world.keychain;
      const { row } = find(id);
      if (row.name.toLowerCase() !== name.trim().toLowerCase() && taken(name)) {
        throw failure("nameTaken", "Another connection has this name already.");
      }
      row.name = name.trim();
      return { ...row };
    },
    async undoDelete(id) {
      await pause();
      const detail = deleted.get(id);
      if (!detail) throw failure("notFound", "This connection no longer exists.");
      deleted.delete(id);
      if (taken(detail.row.name)) detail.row.name = `${detail.row.name} 2`;
      world.connections.push(detail);
      return { ...detail.row };
    },
  };
}
