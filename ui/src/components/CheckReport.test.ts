import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { createRawSnippet, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";

import { reportFor } from "../backend/fake";
import type { PermissionFinding } from "../backend";
import { world } from "../../test/world";
import { Check } from "../state/check.svelte";
import AgainNotice from "./AgainNotice.svelte";
import CheckRegion from "./CheckRegion.svelte";
import CheckReport from "./CheckReport.svelte";
import PermissionTable from "./PermissionTable.svelte";

const PORTAL = { cloud: "global", clientId: "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b" };

it("shows of a failure what to do, whose job it is and where, and folds what is in order", async () => {
  const openPortal = vi.fn(() => Promise.resolve());
  const onField = vi.fn();
  world({}, { openPortal });
  render(CheckReport, {
    name: "Audit",
    report: reportFor("teams", "wrong", false),
    portal: PORTAL,
    onField,
  });
  const findings = within(screen.getByRole("list", { name: "Findings" }));
  expect(findings.getAllByRole("listitem")).toHaveLength(1);
  expect(findings.getByText("you")).toBeTruthy();
  expect(findings.getByText("Fix it first, then test again.")).toBeTruthy();
  await fireEvent.click(findings.getByRole("button", { name: "Open Certificates & secrets" }));
  expect(openPortal).toHaveBeenCalledWith("global", "secrets", PORTAL.clientId);
  await fireEvent.click(findings.getByRole("button", { name: "Go to Client secret" }));
  expect(onField).toHaveBeenCalledWith("clientSecret");
  expect(screen.getByText("5 steps passed, 5 skipped")).toBeTruthy();
});

it("folds a success to one line that opens, and keeps open what leaves something to do", () => {
  world();
  render(CheckReport, { name: "Audit", report: reportFor("teams", "full", false), portal: PORTAL });
  const findings = within(screen.getByRole("list", { name: "Findings" })).getAllByRole("listitem");
  expect(findings).toHaveLength(1);
  expect(findings[0]?.textContent).toContain("Enter the date by hand");
  expect(screen.getByText(/steps passed/).closest("details")?.open).toBe(false);
});

it("folds a report of the past in which nothing needs anybody", () => {
  world();
  render(CheckReport, {
    name: "Audit",
    report: reportFor("teams", "full", false),
    portal: PORTAL,
    id: "018f-0000",
  });
  expect(screen.getByText(/steps passed/).closest("details")?.open).toBe(false);
});

it("puts what is wrong first, and says of each permission what there is to say", () => {
  const base = {
    kind: "application",
    purpose: "",
    requiredBy: ["teams"],
    coveredBy: null,
    servedBy: [] as string[],
    next: null,
  } as const;
  const of = (
    name: string,
    state: PermissionFinding["state"],
    more: Partial<PermissionFinding> = {},
  ): PermissionFinding => ({
    ...base,
    requiredBy: ["teams"],
    name,
    state,
    granted: null,
    inToken: null,
    ...more,
  });
  render(PermissionTable, {
    permissions: [
      of("Granted.One", "granted", { granted: true, inToken: true }),
      of("Excess.One", "excess", { requiredBy: [], next: "Remove it." }),
      of("Excess.Two", "excess", { requiredBy: [], next: "Remove it." }),
      of("Covered.One", "covered", { coveredBy: "Higher.One" }),
      of("Missing.One", "missing", { granted: false, inToken: false, next: "Add it." }),
      of("Late.One", "notYetInToken", { granted: true, inToken: false }),
      of("Other.One", "wrongKind"),
    ],
  });
  const rows = screen.getAllByRole("row").slice(1);
  const names = rows.map((row) =>
    row.querySelector(".name")?.textContent.replace(/[\s\u200b]/g, ""),
  );
  expect(names).toEqual(["Missing.One", "Other.One", "Late.One", "Covered.One", "Granted.One"]);
  const cells = (index: number): string[] =>
    [...(rows[index]?.querySelectorAll("td") ?? [])].map((cell) =>
      cell.textContent.replace(/\s+/g, " ").trim(),
    );
  expect(cells(0).slice(1)).toEqual([
    "Application",
    "Microsoft Teams",
    "No",
    "No",
    "Missing Add it.",
  ]);
  expect(cells(2).slice(3)).toEqual(["Yes", "No", "Not yet in the token"]);
  expect(cells(3).at(-1)).toBe("Covered by Higher.One");
  const beyond = screen.getByText("Not needed (2)").closest("details");
  expect(beyond?.textContent.match(/Remove it\./g), "the advice is said once").toHaveLength(1);
  expect(
    [...(beyond?.querySelectorAll("li") ?? [])].map((item) =>
      item.textContent.replace(/[\s\u200b]/g, ""),
    ),
  ).toEqual(["Excess.OneApplication", "Excess.TwoApplication"]);
  expect(screen.getByRole("button", { name: "Copy missing names" })).toBeTruthy();
});

it("offers the way also for a step that was skipped and leaves something to do", async () => {
  world();
  const onField = vi.fn();
  render(CheckReport, {
    name: "Audit",
    report: reportFor("teams", "full", false),
    portal: PORTAL,
    onField,
  });
  await fireEvent.click(screen.getByRole("button", { name: "Go to Secret expires on" }));
  expect(onField).toHaveBeenCalledWith("secretExpiresOn");
  expect(screen.getByRole("button", { name: "Open Certificates & secrets" })).toBeTruthy();
});

it("counts down to a test that follows by itself, in minutes when it takes long", () => {
  const check = new Check();
  const report = { ...reportFor("teams", "late", false), againAfterS: 600 };
  check.follow(report, () => Promise.resolve(report));
  render(CheckReport, { name: "Audit", report, portal: PORTAL, check });
  expect(screen.getByRole("timer").textContent).toBe("Testing again in 10:00.");
  check.discard();
});

it("keeps the focus near when the button that had it goes away", async () => {
  const check = new Check();
  const report = reportFor("teams", "late", false);
  check.follow(report, () => Promise.resolve(report));
  const body = createRawSnippet(() => ({
    render: () => "<div></div>",
    setup: (target) => {
      const shown = mount(AgainNotice, { target, props: { check } });
      return () => void unmount(shown);
    },
  }));
  render(CheckRegion, { check, children: body });
  const stop = screen.getByRole("button", { name: "Stop" });
  stop.focus();
  await fireEvent.click(stop);
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();
  });
  expect(document.activeElement).toBe(screen.getByRole("group", { name: "Test result" }));
});
