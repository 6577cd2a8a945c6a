// What a report may hold beside the usual: every state of a permission, and a service that asks to wait.
import type { CheckReport, Finding, NotTested, PermissionFinding } from "./bindings";

/** Lays every state over the permissions in turn, and adds one that is not needed. */
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
    servedBy: [],
    next: "Microsoft Teams does not need these. Remove them under API permissions, unless something else uses this application.",
  };
  return [
    ...permissions.map((permission, index) => ({
      ...permission,
      ...STATES[index % STATES.length],
    })),
    excess,
  ];
}

type Found = Pick<PermissionFinding, "state" | "granted" | "inToken" | "coveredBy" | "next">;

const STATES: Found[] = [
  { state: "granted", granted: true, inToken: true, coveredBy: null, next: null },
  {
    state: "missing",
    granted: false,
    inToken: false,
    coveredBy: null,
    next: "Add it under API permissions, then grant admin consent.",
  },
  {
    state: "notYetInToken",
    granted: true,
    inToken: false,
    coveredBy: null,
    next: "Wait a minute, then test again.",
  },
  {
    state: "wrongKind",
    granted: false,
    inToken: false,
    coveredBy: null,
    next: "It is registered as a delegated permission. Add it as an application permission.",
  },
  {
    state: "covered",
    granted: false,
    inToken: false,
    coveredBy: "Directory.ReadWrite.All",
    next: null,
  },
  { state: "unknown", granted: null, inToken: null, coveredBy: null, next: null },
];

/** The same test while the login asks to wait: nothing is proved either way. */
export function throttled(report: CheckReport, seconds: number): CheckReport {
  return {
    ...report,
    outcome: "inconclusive",
    headline: "Not tested: Microsoft asks to wait.",
    notTested: "throttled",
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
  const comesLater = ["identity", "permissions", "graphRead", "probe", "secretExpiry"].includes(
    finding.step,
  );
  if (!comesLater) return finding;
  const summary = "Skipped: no token was issued.";
  return {
    ...finding,
    state: "skipped",
    ms: 0,
    summary,
    evidence: null,
    next: null,
    actor: null,
    retry: null,
    link: null,
    field: null,
  };
}

/** A test that could not begin, because the keychain gave no secret. */
export function locked(report: CheckReport, because: string): CheckReport {
  const findings = report.findings.map((finding): Finding => {
    if (finding.step !== "keychain")
      return {
        ...finding,
        state: "skipped",
        ms: 0,
        summary: "Skipped: the keychain gave no secret.",
        evidence: null,
        next: null,
        actor: null,
        retry: null,
        link: null,
        field: null,
      };
    return {
      ...finding,
      state: "failed",
      summary: `${because}.`,
      next: "Unlock the keychain, then test again.",
      actor: "you",
      retry: "afterTheFix",
    };
  });
  const headline = `Not tested: ${because.charAt(0).toLowerCase()}${because.slice(1)}.`;
  return {
    ...report,
    findings,
    headline,
    outcome: "inconclusive",
    notTested: "keychainLocked",
    permissions: [],
    tenantName: null,
    appName: null,
  };
}

/** What stands beside the status of a connection after a test; nothing if it was one. */
export function notTested(report: CheckReport): NotTested | null {
  if (report.outcome !== "inconclusive") return null;
  const because = report.headline.replace("Not tested: ", "").replace(/\.$/, "");
  return { at: report.startedAt, reason: report.notTested ?? "other", because };
}
