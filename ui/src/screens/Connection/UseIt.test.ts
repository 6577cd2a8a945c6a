import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import { example } from "../../backend/fake";
import { world } from "../../../test/world";
import UseIt from "./UseIt.svelte";

it("hands out nothing until a person switches it on, and then shows the lines", async () => {
  const letScriptsUse = vi.fn(() => Promise.resolve());
  world({}, { letScriptsUse });
  const onChange = vi.fn(() => Promise.resolve());
  const detail = { ...example(1), scriptsMayUse: false, uses: [] };
  const { rerender } = render(UseIt, { detail, onChange });
  const box = screen.getByRole<HTMLInputElement>("checkbox", { name: "Scripts may use this connection" });
  expect(box.checked).toBe(false);
  expect(screen.queryByRole("button", { name: "Copy bash line" })).toBeNull();
  expect(screen.getByText(/they act as/)).toBeTruthy();
  await fireEvent.click(box);
  expect(letScriptsUse).toHaveBeenCalledWith(detail.row.id, true);
  expect(onChange).toHaveBeenCalledOnce();
  await rerender({ detail: { ...detail, scriptsMayUse: true }, onChange });
  expect(screen.getByRole("button", { name: "Copy bash line" })).toBeTruthy();
  expect(screen.getByText("No script has used it yet.")).toBeTruthy();
});

it("says who got a token, also after the switch was turned off", () => {
  world();
  const uses = [{ at: "2026-11-24T10:00:00Z", program: "pwsh" }];
  render(UseIt, { detail: { ...example(0), scriptsMayUse: false, uses }, onChange: () => Promise.resolve() });
  expect(screen.getByRole("table", { name: "Used by" }).textContent).toContain("pwsh");
});
