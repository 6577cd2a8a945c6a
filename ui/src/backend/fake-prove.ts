// Testing many connections at once and keeping reports as files, in the pretend world.
import type { CheckReport, ConnectionDetail, Outcome, TestAllSummary } from "./bindings";
import { remember } from "./fake-checks";
import type { Context } from "./fake-context";
import { reportOf } from "./fake-report";
import { locked, notTested } from "./fake-states";
import type { Backend } from "./types";

export function fakeProve(context: Context) {
  const { world } = context;
  return {
    async testAll(run, ids, onEvent) {
      const summary = nothingTested();
      const chosen = world.connections.filter(({ row }) => ids === null || ids.includes(row.id));
      for (const [index, detail] of chosen.entries()) {
        onEvent({ kind: "started", id: detail.row.id });
        if (index === 2) onEvent({ kind: "waiting", seconds: 7 });
        await context.pause();
        context.throwIfCancelled(run);
        const report = tested(context, detail, index);
        count(summary, report);
        onEvent({ kind: "finished", row: { ...detail.row }, headline: report.headline });
      }
      return summary;
    },
    saveReport: (id) =>
      Promise.resolve(`/home/alex/Downloads/Graph Connect - ${id} - check report.json`),
    subscribe(onChange) {
      world.onSubscribe?.(onChange);
      return Promise.resolve();
    },
  } satisfies Partial<Backend>;
}

function tested({ world }: Context, detail: ConnectionDetail, index: number): CheckReport {
  const found = reportOf(detail, fate(index));
  const report = world.keychain ? locked(found, world.keychain.message.replace(/\.$/, "")) : found;
  // The window may hold the old row: it gets another one.
  detail.row = { ...detail.row, notTested: notTested(report) };
  if (report.outcome !== "inconclusive") remember(detail, report);
  return report;
}

/** Most work, some have gaps, and a few fail or are put off. */
function fate(index: number): string {
  if (index % 50 === 49) return "wrong";
  if (index % 50 === 30) return "busy";
  return index % 4 === 3 ? "fine" : "full";
}

function nothingTested(): TestAllSummary {
  return { tested: 0, healthy: 0, attention: 0, needsSignIn: 0, failing: 0, notTested: [] };
}

const COUNTED: Record<
  Exclude<Outcome, "inconclusive">,
  Exclude<keyof TestAllSummary, "tested" | "notTested">
> = {
  works: "healthy",
  worksWithGaps: "attention",
  needsSignIn: "needsSignIn",
  fails: "failing",
};

function count(summary: TestAllSummary, report: CheckReport): void {
  if (report.outcome !== "inconclusive") {
    summary.tested += 1;
    summary[COUNTED[report.outcome]] += 1;
    return;
  }
  const told = notTested(report);
  const group = summary.notTested.find(({ reason }) => reason === told?.reason);
  if (group) group.count += 1;
  else if (told) summary.notTested.push({ reason: told.reason, because: told.because, count: 1 });
}
