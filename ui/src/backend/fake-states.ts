// What a report may hold beside the usual: every state of a permission, and a service that asks to wait.
import type { CheckReport, Finding, PermissionFinding } from "./bindings";

/** Lays every state over the permissions in turn, and adds one that is more than needed. */
export function everyState(permissions: PermissionFinding[]): PermissionFinding[] {
  const excess: PermissionFinding = {
    name: "Policy.ReadWrite.ConditionalAccess",
    kind: permissions[0]?.kind ?? "application",
    purpose: "Read and change the policies of Conditional Access",
    state: "excess",
    requiredBy: [],
    granted: true,
    inToken: true,
    coveredBy: null,
    next: "Remove it: this integration does not need it.",
  };
  return [...permissions.map((permission, index) => ({ ...permission, ...STATES[index % STATES.length] })), excess];
}

type Found = Pick<PermissionFinding, "state" | "granted" | "inToken" | "coveredBy" | "next">;

const STATES: Found[] = [
  { state: "granted", granted: true, inToken: true, coveredBy: null, next: null },
  { state: "missing", granted: false, inToken: false, coveredBy: null, next: "Add it under API permissions, then grant admin consent." },
  { state: "notYetInToken", granted: true, inToken: false, coveredBy: null, next: "Wait a minute, then test again." },
  { state: "wrongKind", granted: false, inToken: false, coveredBy: null, next: "It is registered as a delegated permission. Add it as an application permission." },
  { state: "covered", granted: false, inToken: false, coveredBy: "Directory.ReadWrite.All", next: null },
  { state: "unknown", granted: null, inToken: null, coveredBy: null, next: null },
];

/** The same test while the login asks to wait: nothing is proved either way. */
export function throttled(report: CheckReport, seconds: number): CheckReport {
  return {
    ...report,
    outcome: "inconclusive",
    headline: "Put off. Microsoft asks to wait; nothing is wrong with the connection.",
    findings: report.findings.map((finding) => put(finding, seconds)),
    permissions: [],
    tenantName: null,
    appName: null,
    secretExpiresOn: null,
    againAfterS: seconds,
  };
}

function put(finding: Finding, seconds: number): Finding {
  if (finding.step === "credential") {
    return {
      ...finding,
      state: "warning",
      summary: "Microsoft asks to wait.",
      evidence: `Retry-After: ${String(seconds)} s`,
      next: "Nothing has to be changed. Test again later.",
      actor: "you",
      retry: "later",
    };
  }
  const comesLater = ["identity", "permissions", "graphRead", "probe", "secretExpiry"].includes(finding.step);
  if (!comesLater) return finding;
  const summary = "Skipped, because no token was issued.";
  return { ...finding, state: "skipped", ms: 0, summary, evidence: null, next: null, actor: null, retry: null, link: null, field: null };
}
