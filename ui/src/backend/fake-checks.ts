// Test Connection and creating by App Registration, in the pretend world.
import type { CheckReport, ConnectionDetail, Finding } from "./bindings";
import { promised, type Context } from "./fake-context";
import { reportFor, reportOf, statusOf } from "./fake-report";
import { locked, notTested } from "./fake-states";
import { fromForm } from "./fake-world";
import type { Backend } from "./types";

export function fakeChecks(context: Context) {
  const { world } = context;
  return {
    testAppRegistration: (check, { integration, clientSecret, need }, onFinding) =>
      told(
        context,
        check,
        reportFor(integration, clientSecret, false, "application", need),
        onFinding,
      ),
    async createAppRegistration(form, check) {
      await context.pauseForKeychain();
      const { integration, clientSecret, need } = form;
      const made = fromForm(form, world.connections.length);
      if (check !== null)
        remember(made, reportFor(integration, clientSecret, false, "application", need));
      return { row: context.keep(made), notKept: null };
    },
    async checkConnection(check, id, onFinding) {
      const detail = context.find(id);
      const report = reportOf(detail, world.test ?? "fine");
      if (world.keychain) {
        const refused = locked(report, world.keychain.message.replace(/\.$/, ""));
        detail.row.notTested = notTested(refused);
        return refused;
      }
      await told(context, check, report, onFinding);
      detail.row.notTested = notTested(report);
      // What proves nothing either way leaves what is known of the connection.
      if (report.outcome !== "inconclusive") remember(detail, report);
      return report;
    },
    cancelCheck: (check) =>
      promised(() => {
        context.cancel(check);
      }),
  } satisfies Partial<Backend>;
}

/** Tells the findings of a report one by one, until the check is cancelled. */
export async function told(
  context: Context,
  check: number,
  report: CheckReport,
  onFinding: (finding: Finding) => void,
): Promise<CheckReport> {
  for (const finding of report.findings) {
    await context.pause();
    context.throwIfCancelled(check);
    onFinding(finding);
  }
  return report;
}

/** Keeps what a check proved with its connection. */
export function remember(detail: ConnectionDetail, report: CheckReport): void {
  detail.report = report;
  detail.row.status = statusOf(report);
  detail.row.lastCheckedAt = report.startedAt;
}
