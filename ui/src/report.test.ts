import { expect, it } from "vitest";

import { reportFor } from "./backend/fake";
import { reportText } from "./report";

it("puts the decisive line first and keeps the server's own words, codes and ids", () => {
  const text = reportText("Contoso audit", reportFor("teams", "wrong", false));
  expect(text.split("\n")[0]).toBe(
    "Contoso audit: Connection failed. The client secret was refused.",
  );
  expect(text).toContain("[Failed] Credential: The client secret was refused. (132 ms)");
  expect(text).toContain("  Who can fix this: you.");
  expect(text).toContain("  Fix it first, then test again.");
  expect(text).toContain("  Where: https://portal.azure.com/");
  expect(text).toContain("  Next: Paste the Value column, not the Secret ID.");
  expect(text).toContain("  Original error: AADSTS7000215: Invalid client secret provided.");
  expect(text).toContain("  Code: AADSTS7000215");
  expect(text).toContain("  Correlation ID: c0a8a6f2-54b1-4d80-9d2e-b9fd8a1b7c11");
  expect(text).toContain("  Trace ID: 0f1f2c5e-6f0f-4d64-a1b1-6a3f0d2e1a00");
});

it("does not give a time for what was skipped", () => {
  const text = reportText("Contoso audit", reportFor("teams", "wrong", false));
  expect(text).toContain("[Skipped] Identity: Skipped: no token was issued.\n");
});

it("lists every permission with its kind and state", () => {
  const report = reportFor("teams", "fine", false);
  const lines = reportText("Contoso audit", report).split("\n");
  const listed = lines.slice(lines.indexOf("Permissions") + 1);
  expect(listed.filter((line) => line.startsWith("  ") && !line.startsWith("    "))).toHaveLength(
    report.permissions.length,
  );
  expect(listed[0]).toBe("  Channel.Create (application): missing, for Microsoft Teams");
  expect(listed[1]).toBe("    Granted: no, in the token: no");
  expect(listed[2]).toBe("    Next: Have admin consent granted, then test again.");
  expect(listed.at(-2)).toBe("  User.Read.All (application): granted, for Microsoft Teams");
});

it("says by which permission another one is covered, and what is not known", () => {
  const text = reportText("Contoso audit", reportFor("teams", "mixed", false));
  expect(text).toMatch(
    /: covered by Directory\.ReadWrite\.All, for Microsoft Teams\n {4}Granted: no, in the token: no\n/,
  );
  expect(text).toMatch(
    /: not known, for Microsoft Teams\n {4}Granted: not known, in the token: not known\n/,
  );
  expect(text).toContain(
    "  Policy.ReadWrite.ConditionalAccess (application): not needed\n    Granted: yes, in the token: yes\n    Next: Microsoft Teams does not need these",
  );
});

it("names the tenant, the application and the day the secret expires, and when another test may tell more", () => {
  const report = { ...reportFor("teams", "late", false), secretExpiresOn: "2027-03-12" };
  const lines = reportText("Contoso audit", report).split("\n");
  expect(lines.slice(2, 6)).toEqual([
    "Tenant: Contoso",
    "Application: Contoso audit",
    "Secret expires on: 2027-03-12",
    "Another test may tell more after 60 s.",
  ]);
});
