// Testing many connections at once and keeping reports as files, in the pretend world.
import type {
  AppError,
  Change,
  CheckReport,
  ConnectionDetail,
  Outcome,
  TestAllSummary,
} from "./bindings";
import { locked, notTested } from "./fake-states";
import { reportFor, statusOf } from "./fake-world";
import type { Backend } from "./types";

type ProveCalls = Pick<Backend, "testAll" | "saveReport" | "subscribe">;

interface World {
  pace: number;
  connections: ConnectionDetail[];
  /** What the keychain says when it gives no secret. */
  keychain: () => AppError | null;
  isCancelled: (run: number) => boolean;
  cancelled: () => unknown;
  /** Tells the window of a change, as soon as it has asked for that. */
  onSubscribe?: ((tell: (change: Change) => void) => void) | undefined;
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

/** Most work, some have gaps, and a few fail or are put off. */
function fate(index: number): string {
  if (index % 50 === 49) return "wrong";
  if (index % 50 === 30) return "busy";
  return index % 4 === 3 ? "fine" : "full";
}

export function fakeProve({
  pace,
  connections,
  keychain,
  isCancelled,
  cancelled,
  onSubscribe,
}: World): ProveCalls {
  return {
    async testAll(run, ids, onEvent) {
      const summary: TestAllSummary = {
        tested: 0,
        healthy: 0,
        attention: 0,
        needsSignIn: 0,
        failing: 0,
        notTested: [],
      };
      const chosen = connections.filter(({ row }) => ids === null || ids.includes(row.id));
      for (const [index, detail] of chosen.entries()) {
        onEvent({ kind: "started", id: detail.row.id });
        if (index === 2) onEvent({ kind: "waiting", seconds: 7 });
        await new Promise((resolve) => setTimeout(resolve, pace));
        if (isCancelled(run)) throw cancelled();
        const kind = detail.row.method === "oauth" ? "delegated" : "application";
        const refused = keychain();
        const tested = reportFor(detail.row.integration, fate(index), true, kind);
        const report = refused ? locked(tested, refused.message.replace(/\.$/, "")) : tested;
        count(summary, report);
        if (report.outcome === "inconclusive") {
          detail.row = { ...detail.row, notTested: notTested(report) };
        } else {
          detail.report = report;
          detail.row = {
            ...detail.row,
            status: statusOf(report),
            lastCheckedAt: report.startedAt,
            notTested: null,
          };
        }
        onEvent({ kind: "finished", row: { ...detail.row }, headline: report.headline });
      }
      return summary;
    },
    saveReport: (id) =>
      Promise.resolve(`/home/alex/Downloads/Graph Connect - ${id} - check report.json`),
    subscribe(onChange) {
      onSubscribe?.(onChange);
      return Promise.resolve();
    },
  };
}
