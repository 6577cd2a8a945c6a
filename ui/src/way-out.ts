// The ways out of a finding of a report: a new credential for the connection, or consent that an admin gives.
import type { CheckReport, Finding, MethodKind } from "./backend";

/** What a button beside a finding does. */
export interface WayOut {
  label: string;
  press: () => void;
}

/** What the button is called that puts a new credential in the place of the old one. */
export const RENEW: Record<MethodKind, string> = {
  appRegistration: "Replace secret",
  oauth: "Sign in again",
};

/** Whether consent that the person may not give is the way out of a finding. */
export function wantsConsent({ step, state, actor }: Finding): boolean {
  return step === "permissions" && state === "warning" && actor !== null && actor !== "you";
}

/** Whether a new credential is the way out of a finding: the old one is gone, wrong, ended, or ends soon. */
export function wantsNewCredential(
  finding: Finding,
  report: CheckReport,
  method: MethodKind,
): boolean {
  const { step, state } = finding;
  const needsPerson = report.outcome === "needsSignIn";
  if (step === "keychain") return state === "failed" && needsPerson;
  if (step === "credential")
    return state === "failed" && (needsPerson || finding.field === "clientSecret");
  if (method === "appRegistration") return step === "secretExpiry" && state === "warning";
  // Only the right person can bring the right token, and more permissions than were accepted.
  return (
    (step === "identity" && state === "failed") || (step === "permissions" && state === "warning")
  );
}
