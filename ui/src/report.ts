// A check's report as plain text, for tickets and mails. It holds what the window shows, and the window has no secret.
import type { CheckReport, Finding, OriginalError, PermissionFinding } from "./backend";
import {
  ACTOR,
  INTEGRATION,
  KIND,
  PERMISSION_STATE,
  RETRY,
  STEP,
  STEP_STATE,
  yesOrNo,
} from "./words";

/** Everything a report says, line by line, under the connection's name. */
export function reportText(name: string, report: CheckReport): string {
  return [
    `${name}: ${report.headline}`,
    `Tested ${report.startedAt}, ${String(report.tookMs)} ms`,
    ...facts(report),
    "",
    ...report.findings.flatMap(findingLines),
    ...permissionLines(report),
  ].join("\n");
}

/** The parts of a server's own error that it sent, with their names. */
export function originalParts(original: OriginalError): [name: string, value: string][] {
  const parts: [string, string | number | null][] = [
    ["HTTP status", original.httpStatus],
    ["Error", original.error],
    ["Code", original.aadsts === null ? null : `AADSTS${String(original.aadsts)}`],
    ["Trace ID", original.traceId],
    ["Correlation ID", original.correlationId],
    ["Time", original.timestamp],
  ];
  return parts.flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, String(value)]],
  );
}

/** What the test learned beside its steps. */
function facts({ tenantName, appName, secretExpiresOn, againAfterS }: CheckReport): string[] {
  return [
    ...(tenantName ? [`Tenant: ${tenantName}`] : []),
    ...(appName ? [`Application: ${appName}`] : []),
    ...(secretExpiresOn ? [`Secret expires on: ${secretExpiresOn}`] : []),
    ...(againAfterS === null ? [] : [`Another test may tell more after ${String(againAfterS)} s.`]),
  ];
}

function findingLines(finding: Finding): string[] {
  const { word } = STEP_STATE[finding.state];
  const took = finding.state === "skipped" ? "" : ` (${String(finding.ms)} ms)`;
  return [
    `[${word}] ${STEP[finding.step]}: ${finding.summary}${took}`,
    ...(finding.evidence ? [`  Evidence: ${finding.evidence}`] : []),
    ...(finding.next ? [`  Next: ${finding.next}`] : []),
    ...(finding.actor ? [`  Who can fix this: ${ACTOR[finding.actor]}.`] : []),
    ...(finding.retry ? [`  ${RETRY[finding.retry]}`] : []),
    ...(finding.link ? [`  Where: ${finding.link.url}`] : []),
    ...(finding.original ? originalLines(finding.original) : []),
  ];
}

function originalLines(original: OriginalError): string[] {
  return [
    `  Original error: ${original.text}`,
    ...originalParts(original).map(([name, value]) => `  ${name}: ${value}`),
  ];
}

function permissionLines(report: CheckReport): string[] {
  if (report.permissions.length === 0) return [];
  return ["", "Permissions", ...report.permissions.flatMap(permissionLine)];
}

function permissionLine(permission: PermissionFinding): string[] {
  const { name, kind, state, requiredBy, granted, inToken, coveredBy, next } = permission;
  const { word } = PERMISSION_STATE[state];
  const covered = coveredBy ? ` by ${coveredBy}` : "";
  const needed =
    requiredBy.length > 0 ? `, for ${requiredBy.map((id) => INTEGRATION[id]).join(", ")}` : "";
  return [
    `  ${name} (${KIND[kind].toLowerCase()}): ${word.toLowerCase()}${covered}${needed}`,
    `    Granted: ${yesOrNo(granted).toLowerCase()}, in the token: ${yesOrNo(inToken).toLowerCase()}`,
    ...(next ? [`    Next: ${next}`] : []),
  ];
}
