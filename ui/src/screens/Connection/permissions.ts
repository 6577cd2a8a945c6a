import type { CheckReport, ConnectionDetail, IntegrationView, PermissionFinding } from "../../backend";

/** The permissions a connection needs: as the last report found them, or as not known yet. */
export function permissionsOf(
  detail: ConnectionDetail,
  report: CheckReport | null,
  integrations: IntegrationView[],
): PermissionFinding[] {
  if (report && report.permissions.length > 0) return report.permissions;
  const kind = detail.row.method === "oauth" ? "delegated" : "application";
  const needed = integrations.find(({ id }) => id === detail.row.integration)?.[kind] ?? [];
  return needed.map(({ name, purpose }) => ({
    name,
    purpose,
    kind,
    state: detail.granted.includes(name) ? "granted" : "unknown",
  }));
}
