// Testing many connections at once and keeping reports as files, in the pretend world.
import type { Change, ConnectionDetail, Outcome, TestAllSummary } from "./bindings";
import { reportFor, statusOf } from "./fake-world";
import type { Backend } from "./index";

type ProveCalls = Pick<Backend, "testAll" | "saveReport" | "subscribe">;

interface World {
  pace: number;
  connections: ConnectionDetail[];
  isCancelled: (run: number) => boolean;
  cancelled: () => unknown;
  /** Tells the window of a change, as soon as it has asked for that. */
  onSubscribe?: ((tell: (change: Change) => void) => void) | undefined;
}

const COUNTED: Record<Outcome, Exclude<keyof TestAllSummary, "tested">> = {
  works: "healthy",
  worksWithGaps: "attention",
  needsSignIn: "needsSignIn",
  fails: "failing",
  inconclusive: "putOff",
};

/** Most work, some have gaps, and a few fail or are put off. */
function fate(index: number): string {
  if (index % 50 === 49) return "wrong";
  if (index % 50 === 30) return "busy";
  return index % 4 === 3 ? "fine" : "full";
}

export function fakeProve({ pace, connections, isCancelled, cancelled, onSubscribe }: World): ProveCalls {
  return {
    async testAll(run, ids, onEvent) {
      const summary: TestAllSummary = { tested: 0, healthy: 0, attention: 0, needsSignIn: 0, failing: 0, putOff: 0 };
      const chosen = connections.filter(({ row }) => ids === null || ids.includes(row.id));
      for (const [index, detail] of chosen.entries()) {
        onEvent({ kind: "started", id: detail.row.id });
        if (index === 2) onEvent({ kind: "waiting", seconds: 7 });
        await new Promise((resolve) => setTimeout(resolve, pace));
        if (isCancelled(run)) throw cancelled();
        const kind = detail.row.method === "oauth" ? "delegated" : "application";
        const report = reportFor(detail.row.integration, fate(index), true, kind);
        summary.tested += 1;
        summary[COUNTED[report.outcome]] += 1;
        if (report.outcome !== "inconclusive") {
          detail.report = report;
          detail.row = { ...detail.row, status: statusOf(report), lastCheckedAt: report.startedAt };
        }
        onEvent({ kind: "finished", row: { ...detail.row }, headline: report.headline });
      }
      return summary;
    },
    saveReport: (id) => Promise.resolve(`/home/alex/Downloads/Graph Connect - ${id} - check report.json`),
    subscribe(onChange) {
      onSubscribe?.(onChange);
      return Promise.resolve();
    },
  };
}
