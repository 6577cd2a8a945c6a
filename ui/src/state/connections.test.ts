import { describe, expect, it } from "vitest";

import { example } from "../backend/fake";
import type { ConnectionRow } from "../backend";
import { ConnectionsView, matching, sorted } from "./connections.svelte";

function row(change: Partial<ConnectionRow>): ConnectionRow {
  return { ...example(0).row, tags: [], ...change };
}

describe("search", () => {
  const rows = [
    row({ id: "a", name: "Contoso audit", integration: "entraId", status: "failing" }),
    row({
      id: "b",
      name: "Payroll",
      tenant: "fabrikam.com",
      tenantName: null,
      integration: "teams",
      method: "oauth",
      status: "healthy",
      tags: ["Nightly"],
    }),
  ];

  it.each([
    ["CONTOSO", ["a"]],
    ["microsoft entra", ["a"]],
    ["failing", ["a"]],
    ["oauth", ["b"]],
    ["nightly", ["b"]],
    ["payroll teams", ["b"]],
    ["payroll entra", []],
    ["  ", ["a", "b"]],
  ])("for %j finds %j", (query, found) => {
    expect(matching(rows, query).map(({ id }) => id)).toEqual(found);
  });
});

describe("sorting", () => {
  it("puts names with numbers in the order people count", () => {
    const names = ["Graph 10", "graph 2", "Entra"].map((name) => row({ id: name, name }));
    expect(sorted(names, "name", false).map(({ name }) => name)).toEqual([
      "Entra",
      "graph 2",
      "Graph 10",
    ]);
  });

  it("keeps connections without a date last, in either order", () => {
    const rows = [null, "2027-01-01", "2026-01-01"].map((expiresOn) =>
      row({ id: String(expiresOn), expiresOn }),
    );
    expect(sorted(rows, "expiresOn", false).map(({ expiresOn }) => expiresOn)).toEqual([
      "2026-01-01",
      "2027-01-01",
      null,
    ]);
    expect(sorted(rows, "expiresOn", true).map(({ expiresOn }) => expiresOn)).toEqual([
      "2027-01-01",
      "2026-01-01",
      null,
    ]);
  });

  it("sorts tenants by the name that is shown", () => {
    const rows = [
      row({ id: "guid", tenant: "0a0a0a0a-0000-4000-8000-000000000000", tenantName: "Zava" }),
      row({ id: "domain", tenant: "fabrikam.com", tenantName: null }),
      row({ id: "named", tenant: "zzz.example", tenantName: "Contoso" }),
    ];
    expect(sorted(rows, "tenant", false).map(({ id }) => id)).toEqual(["named", "domain", "guid"]);
  });

  it("begins with what fails when sorted by status", () => {
    const rows = (["healthy", "failing", "needsSignIn"] as const).map((status) =>
      row({ id: status, status }),
    );
    expect(sorted(rows, "status", false).map(({ status }) => status)).toEqual([
      "failing",
      "needsSignIn",
      "healthy",
    ]);
  });

  it("reverses the order when the same column is chosen again, and starts afresh with another", () => {
    const view = new ConnectionsView();
    view.sortBy("name");
    expect(view.sort).toEqual({ by: "name", descending: true });
    view.sortBy("status");
    expect(view.sort).toEqual({ by: "status", descending: false });
  });
});
