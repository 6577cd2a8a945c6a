import { needed } from "../../needs";
import type {
  CheckReport,
  ConnectionDetail,
  IntegrationView,
  PermissionFinding,
} from "../../backend";

/** The permissions a connection needs: as the last report found them, or as not known yet. */
export function permissionsOf(
  detail: ConnectionDetail,
  report: CheckReport | null,
  integrations: IntegrationView[],
): PermissionFinding[] {
  if (report && report.permissions.length > 0) return report.permissions;
  const kind = detail.row.method === "oauth" ? "delegated" : "application";
  const integration = integrations.find(({ id }) => id === detail.row.integration);
  const all = integration ? needed(integration, detail.row.method, detail.need) : [];
  return all.map(({ name, purpose, servedBy }) => ({
    name,
    purpose,
    kind,
    state: detail.granted.includes(name) ? "granted" : "unknown",
    requiredBy: [detail.row.integration],
    granted: null,
    inToken: null,
    coveredBy: null,
    servedBy,
    next: null,
  }));
}

/** Whether consent could help, as far as is known. What is registered in the wrong kind has to be registered first. */
export function lacksConsent(permissions: PermissionFinding[]): boolean {
  return permissions.some(
    ({ state, granted }) => state === "missing" || (state === "unknown" && granted !== true),
  );
}
