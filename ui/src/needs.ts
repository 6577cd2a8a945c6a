// How much a connection is meant to do, and which permissions that is.
import type { IntegrationView, MethodKind, Need, PermissionView } from "./backend";

export const NEED: Record<Need["kind"], string> = {
  readOnly: "Read only",
  readWrite: "Read and write",
  own: "My own list",
};

/** What an integration offers for a method. */
export function offerOf(
  integration: IntegrationView,
  method: MethodKind,
): IntegrationView["application"] {
  return method === "oauth" ? integration.delegated : integration.application;
}

/** The same choice for a method: a list of one's own keeps the names that exist there. */
export function fitting(integration: IntegrationView, method: MethodKind, need: Need): Need {
  if (need.kind !== "own") return need;
  const offered = new Set(offerOf(integration, method).permissions.map(({ name }) => name));
  return { kind: "own", names: need.names.filter((name) => offered.has(name)) };
}

/** The permissions that a connection needs, by what it is meant to do. */
export function needed(
  integration: IntegrationView,
  method: MethodKind,
  need: Need,
): PermissionView[] {
  const offer = offerOf(integration, method);
  const names = new Set(
    need.kind === "own" ? need.names : need.kind === "readOnly" ? offer.readOnly : offer.readWrite,
  );
  return offer.permissions.filter(
    ({ name, always }) => names.has(name) || (need.kind === "own" && always),
  );
}

/** Those that have to be asked for so that all of them are there or covered. */
export function withoutCovered<P extends { name: string; servedBy: string[] }>(wanted: P[]): P[] {
  const coveredAmong = (one: P, others: P[]): boolean =>
    others.some(({ name }) => one.servedBy.includes(name));
  // What covers is not always covered in the same methods, so only those that nothing covers take others away.
  const highest = wanted.filter((one) => !coveredAmong(one, wanted));
  return wanted.filter((one) => !coveredAmong(one, highest));
}
